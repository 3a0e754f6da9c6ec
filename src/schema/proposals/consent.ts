import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { OBJECTION_STATES, type Objection, type ObjectionState } from '../../entities/objection.ts';
import { TAKEN_STANCES, type Stance, type TakenStance } from '../../entities/stance.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NetworkInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { ProposalType } from './proposal.ts';

export const StanceKindEnum = enumOf(
  'StanceKind',
  TAKEN_STANCES,
  'What can be said to a proposal that asks for consent; whoever objects raises an objection.',
  { CONSENT: 'One agrees to it.', ABSTAIN: 'One stands aside: neither agrees nor stops it.' },
);

export const ObjectionStateEnum = enumOf('ObjectionState', OBJECTION_STATES, 'Where an objection stands.', {
  RAISED: 'It is open: the proposal does not pass.',
  INTEGRATED: 'An amendment has met it, as who raised it says.',
  WITHDRAWN: 'Who raised it has taken it back.',
  INVALID: 'The facilitator has ruled that it is none, and said why.',
});

export const ObjectionResolutionEnum = enumOf(
  'ObjectionResolution',
  ['INTEGRATED', 'WITHDRAWN', 'INVALID'] as const,
  'How an objection is settled.',
  {
    INTEGRATED: 'An amendment has met it; for who raised it.',
    WITHDRAWN: 'It is taken back; for who raised it.',
    INVALID: 'It is none; for the facilitator, with a reason.',
  },
);

@ObjectType('Stance', {
  description: 'What an elector says to a proposal as it reads now. An amendment asks everybody anew.',
})
export class StanceType implements Pick<Stance, 'stance' | 'reason' | 'version' | 'takenAt'> {
  @Field(() => StanceKindEnum, { description: 'What the elector says.' })
  stance: TakenStance;

  @Field(() => String, { nullable: true, description: 'Why; null if nothing was said.' })
  reason: string | null;

  @Field(() => Int, { description: 'To which version of the proposal.' })
  version: number;

  @Field(() => DateTimeScalar, { description: 'When it was taken, or changed last.' })
  takenAt: Date;
}

export const StanceConnection = connectionOf<Stance>('Stance', () => StanceType);

@ObjectType('Objection', {
  implements: NodeType,
  description:
    'A reason for which a proposal must not pass as it is. As long as one is open, the proposal does not pass.',
})
export class ObjectionType
  extends NodeType
  implements Pick<Objection, 'id' | 'version' | 'reason' | 'state' | 'raisedAt' | 'resolution' | 'resolvedAt'>
{
  @Field(() => Int, {
    description: 'The version of the proposal against which it was raised. An amendment leaves it open.',
  })
  version: number;

  @Field(() => String, { description: 'The reason, in the words of who raised it.' })
  reason: string;

  @Field(() => ObjectionStateEnum, { description: 'Where it stands.' })
  state: ObjectionState;

  @Field(() => DateTimeScalar, { description: 'When it was raised.' })
  raisedAt: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Why it is settled; null if it is open, or nothing was said.',
  })
  resolution: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was settled; null while it is open.' })
  resolvedAt: Date | null;
}

export const ObjectionConnection = connectionOf<Objection>('Objection', () => ObjectionType);

@ObjectType('ObjectionViewerCan', { description: 'What the viewer may do with an objection.' })
export class ObjectionViewerCanType {
  @Field(() => PermissionType, { description: 'Say that an amendment has met it.' })
  integrate: PermissionType;

  @Field(() => PermissionType, { description: 'Take it back.' })
  withdraw: PermissionType;

  @Field(() => PermissionType, { description: 'Rule that it is none.' })
  rule: PermissionType;
}

@InputType({ description: 'What one says to a proposal.' })
export class StanceTakeInput extends NetworkInput {
  @Field(() => ID, { description: 'The open proposal, which is decided by consent.' })
  proposalId: string;

  @Field(() => Int, { description: 'The version that one has read: another one is refused.' })
  version: number;

  @Field(() => StanceKindEnum, { description: 'What one says.' })
  stance: TakenStance;

  @Field(() => String, { nullable: true, description: 'Why, up to 2,000 characters.' })
  reason?: string | null;
}

@ObjectType({ description: 'The proposal, or why nothing changed.' })
export class StanceTakePayload extends MutationPayload {
  @Field(() => ProposalType, { nullable: true, description: 'The proposal with the stance.' })
  proposal?: ProposalType;
}

@InputType({ description: 'An objection to raise.' })
export class ObjectionRaiseInput extends NetworkInput {
  @Field(() => ID, { description: 'The open proposal, which is decided by consent.' })
  proposalId: string;

  @Field(() => String, {
    description: 'The reason, 1 to 2,000 characters: only what is said can be answered.',
  })
  reason: string;
}

@ObjectType({ description: 'The objection, or why nothing changed.' })
export class ObjectionPayload extends MutationPayload {
  @Field(() => ObjectionType, { nullable: true, description: 'The objection as it is now.' })
  objection?: ObjectionType;
}

@ObjectType({ description: 'The open objection.' })
export class ObjectionRaisePayload extends ObjectionPayload {}

@InputType({ description: 'How an objection is settled.' })
export class ObjectionResolveInput extends NetworkInput {
  @Field(() => ID, { description: 'The open objection.' })
  objectionId: string;

  @Field(() => ObjectionResolutionEnum, { description: 'How it is settled.' })
  state: 'INTEGRATED' | 'WITHDRAWN' | 'INVALID';

  @Field(() => String, {
    nullable: true,
    description: 'Why, up to 2,000 characters; the facilitator must say so.',
  })
  reason?: string | null;
}

@ObjectType({ description: 'The settled objection.' })
export class ObjectionResolvePayload extends ObjectionPayload {}

@InputType({ description: 'Who facilitates.' })
export class ProposalFacilitatorSetInput extends NetworkInput {
  @Field(() => ID, { description: 'A draft or open proposal, which is decided by consent.' })
  proposalId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'An active member other than the author; nobody if absent or null.',
  })
  membershipId?: string | null;
}

@ObjectType({ description: 'The proposal with its facilitator, or why nothing changed.' })
export class ProposalFacilitatorSetPayload extends MutationPayload {
  @Field(() => ProposalType, { nullable: true, description: 'The proposal as it is now.' })
  proposal?: ProposalType;
}
