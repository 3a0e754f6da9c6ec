import { Field, ID, InputType, Int } from 'type-graphql';
import type { Role } from '../../entities/role-assignment.ts';
import { OneOf } from '../common/one-of.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { LimitSetActionInput } from '../ledger/account-mutations.ts';
import { ConversionRateRetireActionInput, ConversionRateSetActionInput } from '../ledger/conversion.ts';
import { UnitPolicySetActionInput } from '../ledger/unit-policy.ts';
import { BylawsAmendActionInput } from '../networks/bylaws.ts';
import { RoleEnum } from '../networks/membership.ts';
import { MembershipAdmitActionInput, RoleRevokeActionInput } from '../networks/membership-mutations.ts';
import { NetworkUpdateActionInput } from '../networks/network-mutations.ts';
import { PoolRuleSetActionInput } from '../pools/pool-mutations.ts';
import { ResourceAcquireActionInput, ResourceRetireActionInput } from '../pools/resource-mutations.ts';
import { SharesIssueActionInput } from '../pools/shares.ts';
import { DuesRetireActionInput, DuesSetActionInput } from '../treasury/dues.ts';

@InputType({ description: 'Suspends a member.' })
export class MembershipSuspendActionInput {
  @Field(() => ID, { description: 'The membership.' })
  membershipId: string;

  @Field(() => String, { description: 'Why, 1 to 1,000 characters.' })
  reason: string;
}

@InputType({ description: 'Ends a suspension.' })
export class MembershipReinstateActionInput {
  @Field(() => ID, { description: 'The membership.' })
  membershipId: string;

  @Field(() => String, { nullable: true, description: 'Why, up to 1,000 characters.' })
  reason?: string | null;
}

@InputType({
  description:
    'Ends a membership. The accounts close as the policy of their unit has it, or must be at zero with nothing reserved.',
})
export class MembershipExpelActionInput extends MembershipSuspendActionInput {}

@InputType({
  description:
    'Gives an office to a member, or to those whom the vote elects: one of the two. Not HELPER: helpers are named with `roleAssign` by coordinators.',
})
export class RoleAssignActionInput {
  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => ID, { nullable: true, description: 'The member who gets it.' })
  membershipId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many the vote elects, 1 to 100: the candidates of the proposal who win get the role.',
  })
  seats?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Beginning of the term; when it is carried out if that is later, or if absent.',
  })
  startsAt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'End of the term; until revoked if absent.' })
  endsAt?: Date | null;
}

@InputType({ description: 'Pays from an account of the network.' })
export class TransferPostActionInput {
  @Field(() => ID, { description: 'The account of the network that pays.' })
  payerAccountId: string;

  @Field(() => ID, { description: 'The account that receives.' })
  payeeAccountId: string;

  @Field(() => DecimalScalar, { description: 'Above zero, with no more decimals than the unit has.' })
  amount: string;

  @Field(() => String, { description: 'What for, 1 to 500 characters.' })
  description: string;
}

@InputType({ description: 'Says something in the name of the network; nothing changes by it.' })
export class StatementActionInput {
  @Field(() => String, { description: 'What is said, 1 to 5,000 characters.' })
  text: string;
}

@OneOf()
@InputType({ description: 'What is to be done, if it is decided: exactly one of these.' })
export class ProposalActionInput {
  @Field(() => MembershipAdmitActionInput, { nullable: true, description: 'Admits an applicant.' })
  membershipAdmit?: MembershipAdmitActionInput | null;

  @Field(() => MembershipSuspendActionInput, { nullable: true, description: 'Suspends a member.' })
  membershipSuspend?: MembershipSuspendActionInput | null;

  @Field(() => MembershipReinstateActionInput, { nullable: true, description: 'Ends a suspension.' })
  membershipReinstate?: MembershipReinstateActionInput | null;

  @Field(() => MembershipExpelActionInput, { nullable: true, description: 'Ends a membership.' })
  membershipExpel?: MembershipExpelActionInput | null;

  @Field(() => RoleAssignActionInput, { nullable: true, description: 'Gives a role.' })
  roleAssign?: RoleAssignActionInput | null;

  @Field(() => RoleRevokeActionInput, { nullable: true, description: 'Takes a role back.' })
  roleRevoke?: RoleRevokeActionInput | null;

  @Field(() => LimitSetActionInput, { nullable: true, description: 'Sets the limits of an account.' })
  limitSet?: LimitSetActionInput | null;

  @Field(() => UnitPolicySetActionInput, { nullable: true, description: 'Changes the policy of a unit.' })
  unitPolicySet?: UnitPolicySetActionInput | null;

  @Field(() => DuesSetActionInput, { nullable: true, description: 'Sets what members give for each period.' })
  duesSet?: DuesSetActionInput | null;

  @Field(() => DuesRetireActionInput, { nullable: true, description: 'Ends a rule of dues.' })
  duesRetire?: DuesRetireActionInput | null;

  @Field(() => TransferPostActionInput, {
    nullable: true,
    description: 'Pays from an account of the network.',
  })
  transferPost?: TransferPostActionInput | null;

  @Field(() => ConversionRateSetActionInput, { nullable: true, description: 'Sets a conversion rate.' })
  conversionRateSet?: ConversionRateSetActionInput | null;

  @Field(() => ConversionRateRetireActionInput, { nullable: true, description: 'Ends a conversion rate.' })
  conversionRateRetire?: ConversionRateRetireActionInput | null;

  @Field(() => BylawsAmendActionInput, { nullable: true, description: 'Changes the bylaws.' })
  bylawsAmend?: BylawsAmendActionInput | null;

  @Field(() => NetworkUpdateActionInput, {
    nullable: true,
    description: 'Changes the settings of the network.',
  })
  networkUpdate?: NetworkUpdateActionInput | null;

  @Field(() => PoolRuleSetActionInput, {
    nullable: true,
    description: 'Changes by which rules the things of a pool are booked.',
  })
  poolRuleSet?: PoolRuleSetActionInput | null;

  @Field(() => ResourceAcquireActionInput, { nullable: true, description: 'Buys a thing for a pool.' })
  resourceAcquire?: ResourceAcquireActionInput | null;

  @Field(() => ResourceRetireActionInput, { nullable: true, description: 'Takes a thing out of its pool.' })
  resourceRetire?: ResourceRetireActionInput | null;

  @Field(() => SharesIssueActionInput, {
    nullable: true,
    description: 'Makes further shares of a thing that several own together.',
  })
  sharesIssue?: SharesIssueActionInput | null;

  @Field(() => StatementActionInput, { nullable: true, description: 'Says something, and does nothing.' })
  statement?: StatementActionInput | null;
}
