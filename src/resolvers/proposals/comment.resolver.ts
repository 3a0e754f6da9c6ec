import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Comment } from '../../entities/comment.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Proposal } from '../../entities/proposal.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  CommentConnection,
  CommentEditInput,
  CommentEditPayload,
  CommentHideInput,
  CommentHidePayload,
  CommentShowInput,
  CommentShowPayload,
  CommentType,
  CommentViewerCanType,
  ProposalCommentInput,
  ProposalCommentPayload,
} from '../../schema/proposals/comment.ts';
import { ProposalType } from '../../schema/proposals/proposal.ts';
import { authorize, type Verdict } from '../../services/access/may.ts';
import {
  editComment,
  hideComment,
  showComment,
  writeComment,
} from '../../services/proposals/discussion/comments.ts';
import {
  commentVerdicts,
  readsComment,
  type CommentDeed,
} from '../../services/proposals/discussion/read-comments.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => ProposalType)
export class ProposalCommentsResolver {
  @FieldResolver(() => CommentConnection, {
    description: 'What was said about it, oldest first: what begins threads.',
  })
  async comments(
    @Root() proposal: Proposal,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Comment>> {
    authorize(await ctx.loaders.standing(proposal.networkId), 'proposal.read');
    return ctx.loaders.comments(proposal, pageRequest(page));
  }

  @Mutation(() => ProposalCommentPayload, {
    description:
      'Says something about a proposal, or answers what somebody said. Codes: COMMENT_CONFLICT, TOO_MANY_COMMENTS, NETWORK_ARCHIVED.',
  })
  proposalComment(
    @Input(() => ProposalCommentInput) input: ProposalCommentInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalCommentPayload> {
    return mutate(ctx, async (tx) => ({ comment: await writeComment(tx, input) }));
  }
}

@Resolver(() => CommentType)
export class CommentResolver {
  @FieldResolver(() => ProposalType, { description: 'The proposal that it is about.' })
  proposal(@Root() { networkId, proposalId }: Comment, @Ctx() ctx: Context): Promise<Proposal> {
    return ctx.loaders.proposal(networkId, proposalId);
  }

  @FieldResolver(() => MembershipType, { description: 'Who wrote it.' })
  author(@Root() { networkId, membershipId }: Comment, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What it says; null if it is hidden, except for its author and moderators.',
  })
  async text(@Root() comment: Comment, @Ctx() ctx: Context): Promise<string | null> {
    const standing = await ctx.loaders.standing(comment.networkId);
    return readsComment(standing, comment) ? comment.text : null;
  }

  @FieldResolver(() => CommentConnection, { description: 'What was answered to it, oldest first.' })
  async replies(
    @Root() comment: Comment,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Comment>> {
    authorize(await ctx.loaders.standing(comment.networkId), 'proposal.read');
    return ctx.loaders.replies(comment, pageRequest(page));
  }

  @FieldResolver(() => MembershipType, { nullable: true, description: 'Who hid it; null if it is not.' })
  async hiddenBy(
    @Root() { networkId, hiddenByMembershipId }: Comment,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return hiddenByMembershipId ? ctx.loaders.membership(networkId, hiddenByMembershipId) : null;
  }

  @FieldResolver(() => CommentViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(@Root() comment: Comment, @Ctx() ctx: Context): Promise<Record<CommentDeed, Verdict>> {
    return commentVerdicts(await ctx.loaders.standing(comment.networkId), comment, ctx.now);
  }

  @Mutation(() => CommentEditPayload, {
    description: 'Changes the words of a comment; for its author. Codes: COMMENT_CONFLICT, NETWORK_ARCHIVED.',
  })
  commentEdit(
    @Input(() => CommentEditInput) input: CommentEditInput,
    @Ctx() ctx: Context,
  ): Promise<CommentEditPayload> {
    return mutate(ctx, async (tx) => ({ comment: await editComment(tx, input) }));
  }

  @Mutation(() => CommentHidePayload, {
    description: 'Hides a comment; for moderators. Codes: COMMENT_CONFLICT, NETWORK_ARCHIVED.',
  })
  commentHide(
    @Input(() => CommentHideInput) input: CommentHideInput,
    @Ctx() ctx: Context,
  ): Promise<CommentHidePayload> {
    return mutate(ctx, async (tx) => ({ comment: await hideComment(tx, input) }));
  }

  @Mutation(() => CommentShowPayload, {
    description:
      'Lets everybody read a hidden comment again; for moderators. Codes: COMMENT_CONFLICT, NETWORK_ARCHIVED.',
  })
  commentShow(
    @Input(() => CommentShowInput) input: CommentShowInput,
    @Ctx() ctx: Context,
  ): Promise<CommentShowPayload> {
    return mutate(ctx, async (tx) => ({ comment: await showComment(tx, input) }));
  }
}
