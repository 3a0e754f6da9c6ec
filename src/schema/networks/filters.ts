import { Field, ID, InputType } from 'type-graphql';
import type { MembershipState } from '../../entities/membership.ts';
import { MembershipStateEnum } from './membership.ts';

@InputType({ description: 'Which networks.' })
export class NetworkFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name or short name, in any case.' })
  text?: string | null;
}

@InputType({ description: 'Which members.' })
export class MemberFilterInput {
  @Field(() => String, { nullable: true, description: 'Part of the name, in any case.' })
  text?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of a skill, in any case.' })
  skill?: string | null;

  @Field(() => [MembershipStateEnum], { nullable: true, description: 'States; only ACTIVE if absent.' })
  states?: MembershipState[] | null;

  @Field(() => ID, { nullable: true, description: 'Only members of this group.' })
  groupId?: string | null;
}

@InputType({ description: 'Which facts.' })
export class EventFilterInput {
  @Field(() => String, { nullable: true, description: 'Only this kind, such as `TransferPosted`.' })
  kind?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only facts about this thing.' })
  subjectId?: string | null;
}
