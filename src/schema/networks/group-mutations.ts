import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { GroupJoinMode } from '../../entities/group.ts';
import { MutationPayload } from '../common/payload.ts';
import { TranslationInput } from '../common/translation.ts';
import { GroupJoinModeEnum, GroupType } from './group.ts';

@ObjectType({ description: 'The group, or why nothing changed.' })
export class GroupPayload extends MutationPayload {
  @Field(() => GroupType, { nullable: true, description: 'The group as it is now.' })
  group?: GroupType;
}

@InputType({ description: 'The group to make.' })
export class GroupCreateInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => String, { description: 'Its name, 1 to 120 characters, in the network’s own language.' })
  name: string;

  @Field(() => [TranslationInput], {
    nullable: true,
    description: 'What it is for, up to 5,000 characters a language.',
  })
  purpose?: TranslationInput[] | null;

  @Field(() => GroupJoinModeEnum, {
    nullable: true,
    description: 'How one becomes a member of it; OPEN if absent.',
  })
  joinMode?: GroupJoinMode | null;
}

@ObjectType({ description: 'The new group.' })
export class GroupCreatePayload extends GroupPayload {}

@InputType({ description: 'What changes. Absent fields stay, null empties.' })
export class GroupUpdateInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The group.' })
  groupId: string;

  @Field(() => [TranslationInput], { nullable: true, description: 'Its name in all its languages.' })
  name?: TranslationInput[];

  @Field(() => [TranslationInput], { nullable: true, description: 'What it is for, in all its languages.' })
  purpose?: TranslationInput[] | null;

  @Field(() => GroupJoinModeEnum, { nullable: true, description: 'How one becomes a member of it.' })
  joinMode?: GroupJoinMode;

  @Field(() => Boolean, { nullable: true, description: 'True to put it out of use, false to use it again.' })
  isArchived?: boolean;
}

@ObjectType({ description: 'The changed group.' })
export class GroupUpdatePayload extends GroupPayload {}

@InputType({ description: 'Who joins which group.' })
export class GroupJoinInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The group.' })
  groupId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Another member, for those who coordinate; oneself if absent.',
  })
  membershipId?: string | null;
}

@ObjectType({ description: 'The group that was joined.' })
export class GroupJoinPayload extends GroupPayload {}

@InputType({ description: 'Who leaves which group.' })
export class GroupLeaveInput extends GroupJoinInput {}

@ObjectType({ description: 'The group that was left.' })
export class GroupLeavePayload extends GroupPayload {}

@InputType({ description: 'Who coordinates which group.' })
export class GroupCoordinatorSetInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The group.' })
  groupId: string;

  @Field(() => ID, { description: 'A member of the group.' })
  membershipId: string;

  @Field(() => Boolean, { description: 'Whether the member coordinates from now on.' })
  isCoordinator: boolean;
}

@ObjectType({ description: 'The group with its coordinators.' })
export class GroupCoordinatorSetPayload extends GroupPayload {}
