import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Comment } from '../../entities/comment.ts';
import { connectionOf } from '../common/connection.ts';
import { NetworkInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';

@ObjectType('Comment', {
  implements: NodeType,
  description: 'What a member says about a proposal, or to what another one said.',
})
export class CommentType
  extends NodeType
  implements Pick<Comment, 'id' | 'writtenAt' | 'editedAt' | 'hiddenAt' | 'hiddenReason'>
{
  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  writtenAt: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its author changed it last; null if never.',
  })
  editedAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it is hidden; null if everybody reads it.',
  })
  hiddenAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it is hidden; null if it is not.' })
  hiddenReason: string | null;
}

export const CommentConnection = connectionOf<Comment>('Comment', () => CommentType);

@ObjectType('CommentViewerCan', { description: 'What the viewer may do with a comment.' })
export class CommentViewerCanType {
  @Field(() => PermissionType, { description: 'Change its words, within an hour of writing them.' })
  edit: PermissionType;

  @Field(() => PermissionType, { description: 'Answer it.' })
  reply: PermissionType;

  @Field(() => PermissionType, { description: 'Hide it.' })
  hide: PermissionType;

  @Field(() => PermissionType, { description: 'Let everybody read it again.' })
  show: PermissionType;
}

@ObjectType({ description: 'The comment, or why nothing changed.' })
export class CommentPayload extends MutationPayload {
  @Field(() => CommentType, { nullable: true, description: 'The comment as it is now.' })
  comment?: CommentType;
}

@InputType({ description: 'A comment to write.' })
export class ProposalCommentInput extends NetworkInput {
  @Field(() => ID, { description: 'The proposal, in whatever state it is.' })
  proposalId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The comment that it answers; absent to begin a thread. Threads are 3 deep at most.',
  })
  parentId?: string | null;

  @Field(() => String, { description: 'What one says, 1 to 5,000 characters.' })
  text: string;
}

@ObjectType({ description: 'The new comment.' })
export class ProposalCommentPayload extends CommentPayload {}

@InputType({ description: 'Better words for a comment.' })
export class CommentEditInput extends NetworkInput {
  @Field(() => ID, { description: 'A comment of the viewer, written within the last hour.' })
  commentId: string;

  @Field(() => String, { description: 'What it says from now on, 1 to 5,000 characters.' })
  text: string;
}

@ObjectType({ description: 'The changed comment.' })
export class CommentEditPayload extends CommentPayload {}

@InputType({ description: 'A comment to hide.' })
export class CommentHideInput extends NetworkInput {
  @Field(() => ID, { description: 'The comment.' })
  commentId: string;

  @Field(() => String, { description: 'Why, 1 to 1,000 characters; every member reads it.' })
  reason: string;
}

@ObjectType({ description: 'The hidden comment.' })
export class CommentHidePayload extends CommentPayload {}

@InputType({ description: 'A hidden comment to show again.' })
export class CommentShowInput extends NetworkInput {
  @Field(() => ID, { description: 'The hidden comment.' })
  commentId: string;
}

@ObjectType({ description: 'The comment that everybody reads again.' })
export class CommentShowPayload extends CommentPayload {}
