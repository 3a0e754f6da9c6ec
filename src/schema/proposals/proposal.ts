import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Elector } from '../../entities/elector.ts';
import type { ProposalVersion } from '../../entities/proposal-version.ts';
import type { ExecutionFailure, Proposal, ProposalOption } from '../../entities/proposal.ts';
import { ACTION_KINDS, type ActionKind, type ProposalAction } from '../../governance/actions.ts';
import { PROPOSAL_STATES, type ProposalState } from '../../governance/proposal.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';

export const ProposalStateEnum = enumOf('ProposalState', PROPOSAL_STATES, 'Where a proposal stands.', {
  DRAFT: 'It is being written; every member may read it.',
  OPEN: 'Members vote on it.',
  PASSED: 'It was decided, and waits to be carried out.',
  FAILED: 'It was voted on, and did not pass.',
  WITHDRAWN: 'Its author took it back.',
  VETOED: 'It was decided, and stopped before it was carried out.',
  EXECUTED: 'It was decided and carried out; what asks for nothing to be done comes here at once.',
  EXECUTION_FAILED: 'It was decided, and could not be carried out: nothing was changed.',
});

export const ActionKindEnum = enumOf('ActionKind', ACTION_KINDS, 'What a community can decide to do.', {
  membershipAdmit: 'Admit an applicant.',
  membershipSuspend: 'Suspend a member.',
  membershipReinstate: 'End a suspension.',
  membershipExpel: 'Expel a member.',
  roleAssign: 'Give a role to a member, or to whom the vote elects.',
  roleRevoke: 'Take a role back.',
  limitSet: 'Set the limits of an account.',
  unitPolicySet: 'Change the policy of a unit.',
  duesSet: 'Set the dues in a unit.',
  duesRetire: 'End a rule of dues.',
  transferPost: 'Pay from an account of the network.',
  conversionRateSet: 'Set a conversion rate.',
  conversionRateRetire: 'Take a conversion rate out of force.',
  bylawsAmend: 'Change the bylaws.',
  networkUpdate: 'Change what the network says of itself, or how one joins it.',
  poolRuleSet: 'Change by which rules the things of a pool are booked.',
  resourceAcquire: 'Buy a thing for a pool from an account of the network.',
  resourceRetire: 'Take a thing out of its pool.',
  sharesIssue: 'Make further shares of a thing that several own together.',
  statement: 'Say something, and do nothing.',
});

@ObjectType('ProposalAction', { description: 'Something that is done when a proposal passes.' })
export class ProposalActionType implements Pick<ProposalAction, 'kind' | 'sentence'> {
  @Field(() => ActionKindEnum, { description: 'What kind of action it is.' })
  kind: ActionKind;

  @Field(() => String, {
    description: 'What it does, in a sentence as it was made when it was proposed.',
  })
  sentence: string;
}

@ObjectType('ProposalOption', { description: 'What can be voted for.' })
export class ProposalOptionType implements Pick<ProposalOption, 'id' | 'name' | 'isWithdrawn'> {
  @Field(() => ID, { description: 'What ballots and results call it, such as `1`.' })
  id: string;

  @Field(() => String, { description: 'What it is called.' })
  name: string;

  @Field(() => Boolean, { description: 'Whether it can be voted for no more.' })
  isWithdrawn: boolean;
}

@ObjectType('Elector', { description: 'A member who may vote, as it was fixed when voting opened.' })
export class ElectorType {
  @Field(() => String, { description: 'How many votes the member has, a whole number.' })
  weight: bigint;
}

export const ElectorConnection = connectionOf<Elector>('Elector', () => ElectorType);

@ObjectType('ProposalVersion', { description: 'A proposal as it read at a time.' })
export class ProposalVersionType implements Pick<
  ProposalVersion,
  'version' | 'title' | 'text' | 'writtenAt'
> {
  @Field(() => Int, { description: 'Counts up from 1.' })
  version: number;

  @Field(() => String, { description: 'What it is called in lists and in the register.' })
  title: string;

  @Field(() => String, { description: 'Its text.' })
  text: string;

  @Field(() => [ProposalOptionType], { description: 'What can be voted for, at most 100.' })
  options: ProposalOption[];

  @Field(() => DateTimeScalar, { description: 'When it was written.' })
  writtenAt: Date;
}

export const ProposalVersionConnection = connectionOf<ProposalVersion>(
  'ProposalVersion',
  () => ProposalVersionType,
);

@ObjectType('ExecutionFailure', { description: 'Why what was decided could not be carried out.' })
export class ExecutionFailureType implements Pick<ExecutionFailure, 'code' | 'message'> {
  @Field(() => String, { description: 'Code of the refusal, as docs/errors.md lists them.' })
  code: string;

  @Field(() => String, { description: 'A sentence in English, for lack of a better one.' })
  message: string;
}

@ObjectType('ProposalExecution', { description: 'What becomes of what was decided.' })
export class ProposalExecutionType {
  @Field(() => DateTimeScalar, { description: 'When it is carried out, or should have been.' })
  dueAt: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was carried out; null if it was not.',
  })
  executedAt: Date | null;

  @Field(() => ExecutionFailureType, {
    nullable: true,
    description: 'Why it could not be carried out when it was tried last; null if it could.',
  })
  failure: ExecutionFailure | null;

  @Field(() => ProposalActionType, {
    nullable: true,
    description: 'The action that was refused; null if none was.',
  })
  refusedAction: ProposalAction | null;
}

@ObjectType('Proposal', {
  implements: NodeType,
  description: 'A motion with what it would do, how it is voted on, and what became of it.',
})
export class ProposalType
  extends NodeType
  implements
    Pick<
      Proposal,
      | 'id'
      | 'version'
      | 'title'
      | 'text'
      | 'topic'
      | 'state'
      | 'options'
      | 'createdAt'
      | 'openedAt'
      | 'closesAt'
      | 'closedAt'
      | 'vetoReason'
    >
{
  @Field(() => Int, { description: 'Counts up from 1 with each amendment.' })
  version: number;

  @Field(() => String, { description: 'What it is called in lists and in the register.' })
  title: string;

  @Field(() => String, { description: 'Its text.' })
  text: string;

  @Field(() => String, { nullable: true, description: 'What it is about; null if nobody has said.' })
  topic: string | null;

  @Field(() => ProposalStateEnum, { description: 'Where it stands.' })
  state: ProposalState;

  @Field(() => [ProposalOptionType], {
    description: 'What can be voted for, at most 100; none where one says yes or no.',
  })
  options: ProposalOption[];

  @Field(() => DateTimeScalar, { description: 'When it was drafted.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When voting opened; null before.' })
  openedAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When voting ends: ballots are accepted before this instant. Null before it is opened.',
  })
  closesAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the votes were counted; null before.',
  })
  closedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was stopped; null if it was not.' })
  vetoReason: string | null;
}

export const ProposalConnection = connectionOf<Proposal>('Proposal', () => ProposalType);

@ObjectType('ProposalViewerCan', { description: 'What the viewer may do with a proposal.' })
export class ProposalViewerCanType {
  @Field(() => PermissionType, { description: 'Write it anew.' })
  amend: PermissionType;

  @Field(() => PermissionType, { description: 'Let members vote on it.' })
  open: PermissionType;

  @Field(() => PermissionType, { description: 'Take it back.' })
  withdraw: PermissionType;

  @Field(() => PermissionType, {
    description: 'Vote on it, or change a ballot in an open vote, if one stands in its electorate.',
  })
  castBallot: PermissionType;

  @Field(() => PermissionType, {
    description: 'Close the vote: before its time once all have voted, if its rule allows that.',
  })
  close: PermissionType;

  @Field(() => PermissionType, { description: 'Try again to carry it out.' })
  retry: PermissionType;

  @Field(() => PermissionType, { description: 'Stop it before it is carried out.' })
  veto: PermissionType;

  @Field(() => PermissionType, { description: 'Say who rules on objections.' })
  facilitate: PermissionType;

  @Field(() => PermissionType, {
    description: 'Consent to it, stand aside or object, if one stands in its electorate.',
  })
  takeStance: PermissionType;

  @Field(() => PermissionType, { description: 'Say something about it.' })
  comment: PermissionType;
}
