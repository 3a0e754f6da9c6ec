import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Entry } from '../../entities/entry.ts';
import {
  TRANSFER_KINDS,
  TRANSFER_STATES,
  type Transfer,
  type TransferKind,
  type TransferState,
} from '../../entities/transfer.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';

export const TransferKindEnum = enumOf('TransferKind', TRANSFER_KINDS, 'Who started a transfer.', {
  PAYMENT: 'The payer.',
  REQUEST: 'The payee, who asked for it.',
  RECORDED: 'A coordinator, for both sides.',
  REVERSAL: 'Somebody who undoes an earlier transfer.',
  DEMURRAGE: 'The network: what a balance above the exempt one loses in a period.',
  DUES: 'The network: what members owe it for a period.',
  CLOSING: 'The network, when an account closes.',
  CONVERSION: 'A holder of accounts in two units, at the rate that the network has decided.',
  REFUND: 'A mediator, who has settled a dispute.',
  FEE: 'A member, by using what the community shares.',
  SHARES:
    'The network: what members who own a thing together pay for it or receive from it, by their shares.',
});

export const TransferStateEnum = enumOf('TransferState', TRANSFER_STATES, 'Where a transfer stands.', {
  PENDING: 'Waits for somebody; it counts in no balance.',
  POSTED: 'Counts in both balances.',
  REJECTED: 'The other side said no.',
  CANCELLED: 'Who started it took it back.',
  EXPIRED: 'Nobody answered in time.',
  REVERSED: 'A later, linked transfer undoes it.',
});

@ObjectType('Transfer', {
  implements: NodeType,
  description: 'Moves an amount of one unit between two accounts of one network.',
})
export class TransferType
  extends NodeType
  implements
    Pick<
      Transfer,
      | 'id'
      | 'kind'
      | 'state'
      | 'description'
      | 'createdAt'
      | 'postedAt'
      | 'expiresAt'
      | 'acceptsAt'
      | 'answeredAt'
    >
{
  @Field(() => TransferKindEnum, { description: 'Who started it.' })
  kind: TransferKind;

  @Field(() => TransferStateEnum, { description: 'Where it stands.' })
  state: TransferState;

  @Field(() => String, { description: 'What it was for.' })
  description: string;

  @Field(() => Boolean, {
    description: 'Whether it was posted past a limit, in a unit that only warns.',
  })
  isBeyondLimit: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was started.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when it counts in the balances.' })
  postedAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when a request can be answered; null for other transfers.',
  })
  expiresAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When a rule of the payer accepts a request that nobody answers; null if none does.',
  })
  acceptsAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When a request was accepted, rejected, cancelled or expired.',
  })
  answeredAt: Date | null;
}

export const TransferConnection = connectionOf<Transfer>('Transfer', () => TransferType);

@ObjectType('Entry', { description: 'One side of a transfer in one account. Entries never change.' })
export class EntryType implements Pick<Entry, 'postedAt' | 'isLevy'> {
  @Field(() => DateTimeScalar, { description: 'Since when it counts.' })
  postedAt: Date;

  @Field(() => Boolean, {
    description: 'Whether it is a part of a levy on the transfer, not of its amount.',
  })
  isLevy: boolean;

  @Field(() => Int, { description: 'Its number in the account, counted from 1 without gaps.' })
  number: number;
}

export const EntryConnection = connectionOf<Entry>('Entry', () => EntryType);

@InputType({ description: 'Who pays whom how much.' })
export class TransferCreateInput extends OnceInput {
  @Field(() => ID, { description: 'The account that gives; the viewer must be allowed to sign for it.' })
  payerAccountId: string;

  @Field(() => ID, { description: 'The account that receives, in the same unit.' })
  payeeAccountId: string;

  @Field(() => DecimalScalar, { description: 'Above zero, with no more decimals than the unit has.' })
  amount: string;

  @Field(() => String, { description: 'What it is for, 1 to 500 characters.' })
  description: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True for a coordinator who writes down what two others have agreed; false if absent.',
  })
  isRecorded?: boolean | null;
}

@ObjectType({ description: 'The transfer, or why there is none.' })
export class TransferCreatePayload extends MutationPayload {
  @Field(() => TransferType, { nullable: true, description: 'The posted transfer.' })
  transfer?: TransferType;
}
