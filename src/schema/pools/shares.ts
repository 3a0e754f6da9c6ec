import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ResourceShare } from '../../entities/resource-share.ts';
import type { ShareMove } from '../../entities/share-move.ts';
import { SHARE_OFFER_STATES, type ShareOffer, type ShareOfferState } from '../../entities/share-offer.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { TransferType } from '../ledger/transfer.ts';
import { ResourceType } from './resource.ts';

@ObjectType('ResourceShare', {
  description: 'How much of a thing belongs to one of those who own it together.',
})
export class ResourceShareType implements Pick<ResourceShare, 'shareCount'> {
  @Field(() => Int, { description: 'How many of all shares of the thing.' })
  shareCount: number;
}

export const ResourceShareConnection = connectionOf<ResourceShare>('ResourceShare', () => ResourceShareType);

@ObjectType('ShareMove', {
  description:
    'Shares that went from one member to another, were issued (from nobody) or went back to the pool (to nobody).',
})
export class ShareMoveType implements Pick<ShareMove, 'id' | 'shareCount' | 'at'> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => Int, { description: 'How many shares.' })
  shareCount: number;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at: Date;
}

export const ShareMoveConnection = connectionOf<ShareMove>('ShareMove', () => ShareMoveType);

export const ShareOfferStateEnum = enumOf(
  'ShareOfferState',
  SHARE_OFFER_STATES,
  'Where an offer of shares stands.',
  {
    OPEN: 'It waits for the member to whom it was made.',
    ACCEPTED: 'It was paid, and the shares have moved.',
    DECLINED: 'The member said no.',
    WITHDRAWN: 'Who made it took it back.',
  },
);

@ObjectType('ShareOffer', {
  implements: NodeType,
  description: 'Shares that a co-owner offers to one other member for a price; for those two.',
})
export class ShareOfferType
  extends NodeType
  implements Pick<ShareOffer, 'id' | 'shareCount' | 'state' | 'createdAt' | 'endedAt'>
{
  @Field(() => Int, { description: 'How many shares.' })
  shareCount: number;

  @Field(() => ShareOfferStateEnum, { description: 'Where it stands.' })
  state: ShareOfferState;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was answered or withdrawn.' })
  endedAt: Date | null;
}

export const ShareOfferConnection = connectionOf<ShareOffer>('ShareOffer', () => ShareOfferType);

@ObjectType('CostPart', { description: 'What one co-owner would pay of a cost.' })
export class CostPartType {
  @Field(() => Int, { description: 'How many of all shares of the thing they have.' })
  shareCount: number;

  @Field(() => Boolean, {
    description:
      'Whether it is paid; false for the part of who has paid the cost, or has left the network, which nobody else pays either.',
  })
  isPaid: boolean;
}

export const CostPartConnection = connectionOf<object>('CostPart', () => CostPartType);

@InputType({ description: 'The shares of one co-owner.' })
export class AssignedShareInput {
  @Field(() => ID, { description: 'The member.' })
  membershipId: string;

  @Field(() => Int, { description: 'How many shares, 1 to 1,000,000.' })
  shareCount: number;
}

@InputType({ description: 'Who owns a thing of the pool from now on.' })
export class SharesAssignInput extends OnceInput {
  @Field(() => ID, { description: 'The thing; it belongs to the pool.' })
  resourceId: string;

  @Field(() => Int, { description: 'The whole, to which the shares sum: 1 to 1,000,000.' })
  shareCount: number;

  @Field(() => [AssignedShareInput], { description: 'The shares of 1 to 100 members.' })
  shares: AssignedShareInput[];
}

@ObjectType({ description: 'The thing, or why it was not divided.' })
export class SharesAssignPayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing.' })
  resource?: ResourceType;
}

@InputType({
  description:
    'Makes further shares of a thing that several own together, for a member and perhaps for a price.',
})
export class SharesIssueActionInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ID, { description: 'Who receives the shares.' })
  membershipId: string;

  @Field(() => Int, { description: 'How many, 1 to 1,000,000 together with those that there are.' })
  shareCount: number;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What each share costs; they are given if absent.',
  })
  pricePerShare?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The account that pays, of a member or a group; needed with a price. Who asks for the shares signs for it.',
  })
  payerAccountId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The common account that receives the price; that of the pool if absent.',
  })
  payeeAccountId?: string | null;
}

@InputType({ description: 'Which shares are made for whom.' })
export class SharesIssueInput extends SharesIssueActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, {
    description:
      'Chosen by the client, 1 to 128 printable characters. The same key with the same content executes once.',
  })
  idempotencyKey: string;
}

@ObjectType({ description: 'The new shares, or why there are none.' })
export class SharesIssuePayload extends MutationPayload {
  @Field(() => ShareMoveType, { nullable: true, description: 'The shares on their way to who has them now.' })
  move?: ShareMoveType;
}

@InputType({ description: 'Which shares go to whom.' })
export abstract class SharesToInput extends OnceInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ID, { description: 'Another member, who receives them.' })
  toMembershipId: string;

  @Field(() => Int, { description: 'How many, at most as many as one has.' })
  shareCount: number;
}

@InputType({ description: 'Which shares are given to whom.' })
export class ShareTransferInput extends SharesToInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'Whose they are, if that is somebody who has left the network; for stewards and coordinators. The viewer’s own if absent.',
  })
  fromMembershipId?: string | null;
}

@ObjectType({ description: 'What was given, or why nothing was.' })
export class ShareTransferPayload extends MutationPayload {
  @Field(() => ShareMoveType, { nullable: true, description: 'The shares on their way.' })
  move?: ShareMoveType;
}

@InputType({ description: 'Which shares are offered to whom for how much.' })
export class ShareOfferInput extends SharesToInput {
  @Field(() => DecimalScalar, { description: 'The price of all of them, above zero.' })
  price: string;

  @Field(() => ID, {
    description: 'The account that is paid, for which the viewer signs; it says the unit of the price.',
  })
  payeeAccountId: string;
}

@ObjectType({ description: 'The offer, or why there is none.' })
export class ShareOfferPayload extends MutationPayload {
  @Field(() => ShareOfferType, { nullable: true, description: 'The open offer.' })
  shareOffer?: ShareOfferType;
}

@InputType({ description: 'Which offer is accepted, and who pays.' })
export class ShareOfferAcceptInput extends OnceInput {
  @Field(() => ID, { description: 'The offer.' })
  shareOfferId: string;

  @Field(() => ID, { description: 'The account that pays, for which the viewer signs.' })
  payerAccountId: string;
}

@ObjectType({ description: 'What was bought, or why nothing was.' })
export class ShareOfferAcceptPayload extends MutationPayload {
  @Field(() => ShareMoveType, { nullable: true, description: 'The shares on their way.' })
  move?: ShareMoveType;
}

@InputType({ description: 'Which offer ends.' })
export class ShareOfferEndInput extends NetworkInput {
  @Field(() => ID, { description: 'The offer.' })
  shareOfferId: string;
}

@ObjectType({ description: 'The offer, or why it did not end.' })
export class ShareOfferEndPayload extends MutationPayload {
  @Field(() => ShareOfferType, { nullable: true, description: 'The offer as it is now.' })
  shareOffer?: ShareOfferType;
}

@InputType({ description: 'A cost that somebody has paid for a thing.' })
export class ResourceCostSplitInput extends OnceInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => DecimalScalar, {
    description: 'What was paid in all, above zero, in the unit of the account.',
  })
  amount: string;

  @Field(() => ID, { description: 'The account of who has paid it; not one for which the viewer signs.' })
  payeeAccountId: string;

  @Field(() => String, { description: 'What for, 1 to 500 characters.' })
  description: string;
}

@ObjectType({ description: 'What the co-owners have paid, or why nobody did.' })
export class ResourceCostSplitPayload extends MutationPayload {
  @Field(() => [TransferType], { nullable: true, description: 'A transfer for each part, at most 100.' })
  transfers?: TransferType[];
}
