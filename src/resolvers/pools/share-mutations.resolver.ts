import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  ResourceCostSplitInput,
  ResourceCostSplitPayload,
  SharesAssignInput,
  SharesAssignPayload,
  SharesIssueInput,
  SharesIssuePayload,
  ShareOfferAcceptInput,
  ShareOfferAcceptPayload,
  ShareOfferEndInput,
  ShareOfferEndPayload,
  ShareOfferInput,
  ShareOfferPayload,
  ShareTransferInput,
  ShareTransferPayload,
} from '../../schema/pools/shares.ts';
import { repeatedTransfers } from '../../services/ledger/transfer-lines.ts';
import { assignShares, repeatedAssignment } from '../../services/pools/ownership/assign-shares.ts';
import { issueShares } from '../../services/pools/ownership/issue-shares.ts';
import {
  acceptOffer,
  endOffer,
  offerShares,
  repeatedOffer,
} from '../../services/pools/ownership/share-offers.ts';
import { splitCost } from '../../services/pools/ownership/split-cost.ts';
import { repeatedShareMove, transferShares } from '../../services/pools/ownership/transfer-shares.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';

const COMMON_CODES =
  'OWNERSHIP_CONFLICT, MEMBERSHIP_STATE, RESOURCE_NOT_ACTIVE, POOL_ARCHIVED, INVALID_RANGE, INVALID_CHOICE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED';
const PAYMENT_CODES =
  'INSUFFICIENT_CREDIT, CEILING_EXCEEDED, UNIT_MISMATCH, SAME_ACCOUNT, ACCOUNT_NOT_OPEN, NOT_TRANSFERABLE';

@Resolver()
export class ShareMutationsResolver {
  @Mutation(() => SharesAssignPayload, {
    description: `Gives a thing of the pool to members who own it together by shares, once for its key; for stewards and coordinators, unless the bylaws have others decide on shares. Codes: DECISION_REQUIRED, SHARES_DO_NOT_SUM, ${COMMON_CODES}.`,
  })
  async sharesAssign(
    @Input(() => SharesAssignInput) input: SharesAssignInput,
    @Ctx() ctx: Context,
  ): Promise<SharesAssignPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'sharesAssign',
      input,
      work: (tx) => assignShares(tx, input),
      again: (tx, id) => repeatedAssignment(tx, input.networkId, id),
    });
    return { resource: made, errors };
  }

  @Mutation(() => SharesIssuePayload, {
    description: `Makes further shares of a thing that several own together, for a member and perhaps for a price, once for its key; for stewards and coordinators who sign for the account that pays, unless the bylaws have others decide. Codes: DECISION_REQUIRED, TOO_MANY_CO_OWNERS, REQUIRED, INVALID_AMOUNT, TOO_MANY_DECIMALS, ${PAYMENT_CODES}, ${COMMON_CODES}.`,
  })
  async sharesIssue(
    @Input(() => SharesIssueInput) input: SharesIssueInput,
    @Ctx() ctx: Context,
  ): Promise<SharesIssuePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'sharesIssue',
      input,
      work: (tx) => issueShares(tx, input),
      again: (tx, id) => repeatedShareMove(tx, input.networkId, id),
    });
    return { move: made, errors };
  }

  @Mutation(() => ShareTransferPayload, {
    description: `Gives shares of a thing to another member, once for its key: one’s own, or as a steward or coordinator those of somebody who has left the network. Codes: DECISION_REQUIRED, INSUFFICIENT_SHARES, TOO_MANY_CO_OWNERS, ${COMMON_CODES}.`,
  })
  async shareTransfer(
    @Input(() => ShareTransferInput) input: ShareTransferInput,
    @Ctx() ctx: Context,
  ): Promise<ShareTransferPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'shareTransfer',
      input,
      work: (tx) => transferShares(tx, input),
      again: (tx, id) => repeatedShareMove(tx, input.networkId, id),
    });
    return { move: made, errors };
  }

  @Mutation(() => ShareOfferPayload, {
    description: `Offers own shares of a thing to another member for a price, once for its key; they move when that member accepts. Codes: INSUFFICIENT_SHARES, SHARE_OFFER_OPEN, INVALID_AMOUNT, TOO_MANY_DECIMALS, ACCOUNT_NOT_OPEN, ${COMMON_CODES}.`,
  })
  async shareOffer(
    @Input(() => ShareOfferInput) input: ShareOfferInput,
    @Ctx() ctx: Context,
  ): Promise<ShareOfferPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'shareOffer',
      input,
      work: (tx) => offerShares(tx, input),
      again: (tx, id) => repeatedOffer(tx, input.networkId, id),
    });
    return { shareOffer: made, errors };
  }

  @Mutation(() => ShareOfferAcceptPayload, {
    description: `Buys shares that were offered to oneself, once for its key: the price is paid, with levies as for other payments, and the shares move in the same moment. Codes: SHARE_OFFER_NOT_OPEN, INSUFFICIENT_SHARES, TOO_MANY_CO_OWNERS, PAYMENT_LIMIT_EXCEEDED, LEVY_ACCOUNT_NOT_OPEN, ${PAYMENT_CODES}, ${COMMON_CODES}.`,
  })
  async shareOfferAccept(
    @Input(() => ShareOfferAcceptInput) input: ShareOfferAcceptInput,
    @Ctx() ctx: Context,
  ): Promise<ShareOfferAcceptPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'shareOfferAccept',
      input,
      work: (tx) => acceptOffer(tx, input),
      again: (tx, id) => repeatedShareMove(tx, input.networkId, id),
    });
    return { move: made, errors };
  }

  @Mutation(() => ShareOfferEndPayload, {
    description:
      'Declines shares that were offered to oneself, or withdraws one’s own offer. Codes: SHARE_OFFER_NOT_OPEN, NETWORK_ARCHIVED.',
  })
  shareOfferEnd(
    @Input(() => ShareOfferEndInput) input: ShareOfferEndInput,
    @Ctx() ctx: Context,
  ): Promise<ShareOfferEndPayload> {
    return mutate(ctx, async (tx) => ({ shareOffer: await endOffer(tx, input) }));
  }

  @Mutation(() => ResourceCostSplitPayload, {
    description: `Has those who own a thing together pay what somebody has paid for it, each by their shares, all of them or none, once for its key; for stewards and coordinators. Codes: CO_OWNER_CANNOT_PAY, NOTHING_TO_SPLIT, CEILING_EXCEEDED, ACCOUNT_NOT_OPEN, NOT_TRANSFERABLE, INVALID_AMOUNT, TOO_MANY_DECIMALS, ${COMMON_CODES}.`,
  })
  async resourceCostSplit(
    @Input(() => ResourceCostSplitInput) input: ResourceCostSplitInput,
    @Ctx() ctx: Context,
  ): Promise<ResourceCostSplitPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'resourceCostSplit',
      input,
      work: (tx) => splitCost(tx, input),
      again: (tx, id) => repeatedTransfers(tx, input.networkId, id),
    });
    return { transfers: made?.transfers, errors };
  }
}
