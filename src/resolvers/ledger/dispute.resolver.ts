import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Dispute, DisputeState } from '../../entities/dispute.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import {
  DisputeConnection,
  DisputeMediatorSetInput,
  DisputeMediatorSetPayload,
  DisputeResolveInput,
  DisputeResolvePayload,
  DisputeStateEnum,
  DisputeType,
  DisputeViewerCanType,
  DisputeWithdrawInput,
  DisputeWithdrawPayload,
  TransferDisputeInput,
  TransferDisputePayload,
} from '../../schema/ledger/dispute.ts';
import { TransferType } from '../../schema/ledger/transfer.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import type { Verdict } from '../../services/access/may.ts';
import { disputeVerdicts, seesDispute } from '../../services/ledger/dispute-access.ts';
import { isParty, nameMediator, openDispute, withdrawDispute } from '../../services/ledger/disputes.ts';
import { resolveDispute, settledDispute } from '../../services/ledger/mediation.ts';
import { listDisputes } from '../../services/ledger/read-disputes.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';
import { sideOf } from './transfer-details.resolver.ts';

@Resolver(() => DisputeType)
export class DisputeResolver {
  @FieldResolver(() => TransferType, { description: 'The transfer that it is about.' })
  transfer(@Root() dispute: Dispute, @Ctx() ctx: Context): Promise<Transfer> {
    return ctx.loaders.transfer(dispute.networkId, dispute.transferId);
  }

  @FieldResolver(() => MembershipType, { description: 'Who opened it.' })
  openedBy(@Root() dispute: Dispute, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(dispute.networkId, dispute.openedByMembershipId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who settles it; null for nobody yet.',
  })
  async mediator(@Root() dispute: Dispute, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, mediatorMembershipId } = dispute;
    return mediatorMembershipId ? ctx.loaders.membership(networkId, mediatorMembershipId) : null;
  }

  @FieldResolver(() => TransferType, {
    nullable: true,
    description: 'The reversal or refund that came of it; null for none.',
  })
  async settledBy(@Root() dispute: Dispute, @Ctx() ctx: Context): Promise<Transfer | null> {
    const { networkId, settledByTransferId } = dispute;
    return settledByTransferId ? ctx.loaders.transfer(networkId, settledByTransferId) : null;
  }

  @FieldResolver(() => DisputeViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() dispute: Dispute,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof DisputeViewerCanType, Verdict>> {
    const standing = await ctx.loaders.standing(dispute.networkId);
    const { membership } = standing;
    return disputeVerdicts(
      standing,
      dispute,
      membership !== null && (await isParty(ctx, dispute, membership)),
    );
  }

  @Mutation(() => TransferDisputePayload, {
    description:
      'Disputes a posted transfer; for both sides. Nothing moves. Codes: DISPUTE_CONFLICT, NETWORK_ARCHIVED.',
  })
  transferDispute(
    @Input(() => TransferDisputeInput) input: TransferDisputeInput,
    @Ctx() ctx: Context,
  ): Promise<TransferDisputePayload> {
    return mutate(ctx, async (tx) => ({ dispute: await openDispute(tx, input) }));
  }

  @Mutation(() => DisputeMediatorSetPayload, {
    description:
      'Names who settles a dispute: neither side, nor who helps one of them; for coordinators. Codes: DISPUTE_CONFLICT, MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  disputeMediatorSet(
    @Input(() => DisputeMediatorSetInput) input: DisputeMediatorSetInput,
    @Ctx() ctx: Context,
  ): Promise<DisputeMediatorSetPayload> {
    return mutate(ctx, async (tx) => ({ dispute: await nameMediator(tx, input) }));
  }

  @Mutation(() => DisputeResolvePayload, {
    description:
      'Settles a dispute, once for its key; for its mediator. Codes: DISPUTE_CONFLICT, NOT_REVERSIBLE, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, ACCOUNT_NOT_OPEN, LEVY_ACCOUNT_NOT_OPEN, INVALID_AMOUNT, TOO_MANY_DECIMALS, INVALID_CHOICE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async disputeResolve(
    @Input(() => DisputeResolveInput) input: DisputeResolveInput,
    @Ctx() ctx: Context,
  ): Promise<DisputeResolvePayload> {
    const { made: dispute, errors } = await mutateOnce(ctx, {
      operation: 'disputeResolve',
      input,
      work: (tx) => resolveDispute(tx, input),
      again: (tx, id) => settledDispute(tx, input.networkId, id),
    });
    return { dispute, errors };
  }

  @Mutation(() => DisputeWithdrawPayload, {
    description: 'Takes a dispute back; for who opened it. Codes: DISPUTE_CONFLICT, NETWORK_ARCHIVED.',
  })
  disputeWithdraw(
    @Input(() => DisputeWithdrawInput) input: DisputeWithdrawInput,
    @Ctx() ctx: Context,
  ): Promise<DisputeWithdrawPayload> {
    return mutate(ctx, async (tx) => ({ dispute: await withdrawDispute(tx, input) }));
  }
}

@Resolver(() => TransferType)
export class TransferDisputeResolver {
  @FieldResolver(() => DisputeType, {
    nullable: true,
    description:
      'The last dispute about it, open or not; null if there was none, or the viewer is neither side nor looks after it.',
  })
  async dispute(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Dispute | null> {
    const dispute = await ctx.loaders.dispute(transfer);
    if (!dispute) return null;
    // Transfers of common property and of groups are open to the members; what is said about them is not.
    const { networkId, payerAccountId, payeeAccountId } = transfer;
    const [standing, payer, payee] = await Promise.all([
      ctx.loaders.standing(networkId),
      sideOf(ctx, networkId, payerAccountId),
      sideOf(ctx, networkId, payeeAccountId),
    ]);
    return seesDispute(standing, dispute, { payer, payee }) ? dispute : null;
  }
}

@Resolver(() => NetworkType)
export class NetworkDisputesResolver {
  @FieldResolver(() => DisputeConnection, {
    nullable: true,
    description:
      'Disputes, newest first: all for coordinators and auditors, for others those about accounts of theirs and those that they mediate.',
  })
  async disputes(
    @Root() network: Network,
    @Arg('state', () => DisputeStateEnum, { nullable: true, description: 'Only those in this state.' })
    state: DisputeState | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Dispute>> {
    return listDisputes(ctx.db, await ctx.loaders.standing(network.id), state, pageRequest(page));
  }
}
