import { Field, ID, InputType } from 'type-graphql';

@InputType({ description: 'Which accounts.' })
export class AccountFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only accounts in this unit.' })
  unitId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only accounts of this member.' })
  membershipId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only accounts of this group.' })
  groupId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True for common property of the network alone.' })
  isCommon?: boolean | null;
}
