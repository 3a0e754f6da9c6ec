import { Field, ID, InputType, ObjectType } from 'type-graphql';
import {
  DISPUTE_OUTCOMES,
  DISPUTE_STATES,
  type Dispute,
  type DisputeOutcome,
  type DisputeState,
} from '../../entities/dispute.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';

export const DisputeStateEnum = enumOf('DisputeState', DISPUTE_STATES, 'Where a dispute stands.', {
  OPEN: 'Waits for a mediator, or for what the mediator says.',
  RESOLVED: 'Settled.',
  WITHDRAWN: 'Taken back by who opened it.',
});

export const DisputeOutcomeEnum = enumOf('DisputeOutcome', DISPUTE_OUTCOMES, 'How a dispute was settled.', {
  REVERSED: 'The transfer was reversed with its levies.',
  REFUNDED: 'The payee gave a part of it back.',
  DISMISSED: 'The transfer stays as it is.',
});

@ObjectType('Dispute', {
  implements: NodeType,
  description:
    'A disagreement about a posted transfer, which a mediator settles. By itself it moves nothing.',
})
export class DisputeType
  extends NodeType
  implements Pick<Dispute, 'id' | 'state' | 'reason' | 'outcome' | 'resolution' | 'openedAt' | 'closedAt'>
{
  @Field(() => DisputeStateEnum, { description: 'Where it stands.' })
  state: DisputeState;

  @Field(() => String, { description: 'What is wrong, in the words of who opened it.' })
  reason: string;

  @Field(() => DisputeOutcomeEnum, {
    nullable: true,
    description: 'How it was settled; null while it is not.',
  })
  outcome: DisputeOutcome | null;

  @Field(() => String, { nullable: true, description: 'What both sides were told; null while it is open.' })
  resolution: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was opened.' })
  openedAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was settled or taken back.' })
  closedAt: Date | null;
}

@ObjectType('DisputeViewerCan', { description: 'What the viewer may do with a dispute.' })
export class DisputeViewerCanType {
  @Field(() => PermissionType, { description: 'Name who settles it.' })
  mediate: PermissionType;

  @Field(() => PermissionType, { description: 'Settle it.' })
  resolve: PermissionType;

  @Field(() => PermissionType, { description: 'Take it back.' })
  withdraw: PermissionType;
}

export const DisputeConnection = connectionOf<Dispute>('Dispute', () => DisputeType);

@ObjectType({ description: 'The dispute, or why nothing changed.' })
export class DisputePayload extends MutationPayload {
  @Field(() => DisputeType, { nullable: true, description: 'The dispute as it is now.' })
  dispute?: DisputeType;
}

@InputType({ description: 'The transfer that is disputed.' })
export class TransferDisputeInput extends NetworkInput {
  @Field(() => ID, { description: 'The posted transfer.' })
  transferId: string;

  @Field(() => String, { description: 'What is wrong, 1 to 2,000 characters.' })
  reason: string;
}

@ObjectType({ description: 'The open dispute.' })
export class TransferDisputePayload extends DisputePayload {}

@InputType({ description: 'Who mediates.' })
export class DisputeMediatorSetInput extends NetworkInput {
  @Field(() => ID, { description: 'The open dispute.' })
  disputeId: string;

  @Field(() => ID, { description: 'The member, who neither signs for one of the sides nor helps who does.' })
  membershipId: string;
}

@ObjectType({ description: 'The dispute with its mediator.' })
export class DisputeMediatorSetPayload extends DisputePayload {}

@InputType({ description: 'How a dispute is settled.' })
export class DisputeResolveInput extends OnceInput {
  @Field(() => ID, { description: 'The open dispute; the viewer must be its mediator.' })
  disputeId: string;

  @Field(() => DisputeOutcomeEnum, { description: 'What happens with the transfer.' })
  outcome: DisputeOutcome;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'For a refund: what the payee gives back, above zero and less than the transfer.',
  })
  amount?: string | null;

  @Field(() => String, { description: 'What both sides are told, 1 to 2,000 characters.' })
  resolution: string;
}

@ObjectType({ description: 'The settled dispute.' })
export class DisputeResolvePayload extends DisputePayload {}

@InputType({ description: 'The dispute that is taken back.' })
export class DisputeWithdrawInput extends NetworkInput {
  @Field(() => ID, { description: 'The open dispute; the viewer must have opened it.' })
  disputeId: string;
}

@ObjectType({ description: 'The dispute that was taken back.' })
export class DisputeWithdrawPayload extends DisputePayload {}
