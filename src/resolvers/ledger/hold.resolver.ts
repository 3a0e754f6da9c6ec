import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Hold } from '../../entities/hold.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  HoldCaptureInput,
  HoldCapturePayload,
  HoldConnection,
  HoldFilterInput,
  HoldPlaceInput,
  HoldPlacePayload,
  HoldReleaseInput,
  HoldReleasePayload,
  HoldType,
  HoldViewerCanType,
} from '../../schema/ledger/hold.ts';
import { TransferConnection, TransferType } from '../../schema/ledger/transfer.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import type { Verdict } from '../../services/access/may.ts';
import { seesEntries } from '../../services/ledger/account-access.ts';
import { holdVerdicts, isBacked, signsForHold, type HoldTies } from '../../services/ledger/hold-access.ts';
import {
  capturedHold,
  captureOwnHold,
  placedHold,
  placeOwnHold,
  releaseOwnHold,
} from '../../services/ledger/hold-operations.ts';
import { remainingMinor } from '../../services/ledger/holds.ts';
import { listCaptures, listHolds, sidesOf, type HoldSide } from '../../services/ledger/read-holds.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';
import { sideOf } from './transfer-details.resolver.ts';

@Resolver(() => HoldType)
export class HoldResolver {
  @FieldResolver(() => MoneyType, { description: 'What was reserved, above zero.' })
  amount(@Root() hold: Hold, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyOfHold(ctx, hold, hold.amountMinor);
  }

  @FieldResolver(() => MoneyType, { description: 'What has been paid from it.' })
  captured(@Root() hold: Hold, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyOfHold(ctx, hold, hold.capturedMinor);
  }

  @FieldResolver(() => MoneyType, { description: 'What is still reserved by it; zero once it has ended.' })
  remaining(@Root() hold: Hold, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyOfHold(ctx, hold, remainingMinor(hold));
  }

  @FieldResolver(() => AccountType, { description: 'The account that promises.' })
  account(@Root() hold: Hold, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(hold.networkId, hold.accountId);
  }

  @FieldResolver(() => AccountType, {
    nullable: true,
    description: 'Who alone can be paid from it; null for anybody.',
  })
  async payee(@Root() hold: Hold, @Ctx() ctx: Context): Promise<Account | null> {
    return hold.payeeAccountId ? ctx.loaders.account(hold.networkId, hold.payeeAccountId) : null;
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who placed it; null if the server did.',
  })
  async createdBy(@Root() hold: Hold, @Ctx() ctx: Context): Promise<Membership | null> {
    return hold.createdByPersonId ? ctx.loaders.memberOf(hold.networkId, hold.createdByPersonId) : null;
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'For whom a helper placed it; null if there was none.',
  })
  async actingFor(@Root() hold: Hold, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, actingForMembershipId } = hold;
    return actingForMembershipId ? ctx.loaders.membership(networkId, actingForMembershipId) : null;
  }

  @FieldResolver(() => TransferConnection, { description: 'The payments made from it, oldest first.' })
  transfers(
    @Root() hold: Hold,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Transfer>> {
    return listCaptures(ctx.db, hold, pageRequest(page));
  }

  @FieldResolver(() => HoldViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() hold: Hold,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof HoldViewerCanType, Verdict>> {
    const { networkId, accountId, payeeAccountId } = hold;
    const standing = await ctx.loaders.standing(networkId);
    const ties: HoldTies = {
      account: await sideOf(ctx, networkId, accountId),
      payee: payeeAccountId ? await sideOf(ctx, networkId, payeeAccountId) : null,
    };
    const backed = signsForHold(standing, ties) || (await isBacked(ctx, { standing, hold, ties }));
    return holdVerdicts(standing, hold, { ties, isBacked: backed, now: ctx.now });
  }

  @Mutation(() => HoldPlacePayload, {
    description:
      'Reserves an amount of an account, once for its key; for those who may sign for it. Codes: DECISION_REQUIRED, INSUFFICIENT_CREDIT, SAME_ACCOUNT, UNIT_MISMATCH, NOT_TRANSFERABLE, ACCOUNT_NOT_OPEN, INVALID_AMOUNT, TOO_MANY_DECIMALS, INVALID_RANGE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async holdPlace(
    @Input(() => HoldPlaceInput) input: HoldPlaceInput,
    @Ctx() ctx: Context,
  ): Promise<HoldPlacePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'holdPlace',
      input,
      work: (tx) => placeOwnHold(tx, input),
      again: (tx, id) => placedHold(tx, input.networkId, id),
    });
    return { hold: made, errors };
  }

  @Mutation(() => HoldCapturePayload, {
    description:
      'Pays from a hold, once for its key; for those who may sign for its account, or for the payee that it names as long as who placed it may sign for the account. Levies come on top and are not reserved. Codes: HOLD_BOUND, HOLD_NOT_OPEN, HOLD_NOT_BACKED, BEYOND_HOLD, REQUIRED, INVALID_CHOICE, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, PAYMENT_LIMIT_EXCEEDED, SAME_ACCOUNT, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, LEVY_ACCOUNT_NOT_OPEN, INVALID_AMOUNT, TOO_MANY_DECIMALS, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async holdCapture(
    @Input(() => HoldCaptureInput) input: HoldCaptureInput,
    @Ctx() ctx: Context,
  ): Promise<HoldCapturePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'holdCapture',
      input,
      work: async (tx) => withId(await captureOwnHold(tx, input)),
      again: async (tx, id) => withId(await capturedHold(tx, input.networkId, id)),
    });
    return { transfer: made?.transfer, hold: made?.hold, errors };
  }

  @Mutation(() => HoldReleasePayload, {
    description:
      'Gives back what is left of a hold; for those who may sign for its account, or for the payee that it names. Codes: HOLD_BOUND, HOLD_NOT_OPEN, NETWORK_ARCHIVED.',
  })
  holdRelease(
    @Input(() => HoldReleaseInput) input: HoldReleaseInput,
    @Ctx() ctx: Context,
  ): Promise<HoldReleasePayload> {
    return mutate(ctx, async (tx) => ({ hold: await releaseOwnHold(tx, input) }));
  }
}

// A capture is remembered by its transfer.
function withId<T extends { transfer: Transfer }>(capture: T): T & { id: string } {
  return { ...capture, id: capture.transfer.id };
}

async function moneyOfHold(ctx: Context, { networkId, accountId }: Hold, minor: bigint): Promise<MoneyType> {
  const { unitId } = await ctx.loaders.account(networkId, accountId);
  return moneyOf(minor, await ctx.loaders.unit(networkId, unitId));
}

@Resolver(() => AccountType)
export class AccountHoldsResolver {
  @FieldResolver(() => HoldConnection, {
    nullable: true,
    description: 'What it has reserved, newest first. Null if the viewer may not read its statement.',
  })
  holds(
    @Root() account: Account,
    @Arg('filter', () => HoldFilterInput, { nullable: true, description: 'Which holds.' })
    filter: HoldFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Hold> | null> {
    return holdsOf(ctx, account, { side: 'ACCOUNT', filter, page });
  }

  @FieldResolver(() => HoldConnection, {
    nullable: true,
    description:
      'What others have reserved for it alone, newest first. Null if the viewer may not read its statement.',
  })
  incomingHolds(
    @Root() account: Account,
    @Arg('filter', () => HoldFilterInput, { nullable: true, description: 'Which holds.' })
    filter: HoldFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Hold> | null> {
    return holdsOf(ctx, account, { side: 'PAYEE', filter, page });
  }
}

async function holdsOf(
  ctx: Context,
  account: Account,
  { side, filter, page }: { side: HoldSide; filter: HoldFilterInput | null; page: PageArgs },
): Promise<Page<Hold> | null> {
  const standing = await ctx.loaders.standing(account.networkId);
  if (!seesEntries(standing, account, await ctx.loaders.tieTo(account))) return null;
  return listHolds(ctx.db, account, { side, filter: filter ?? {} }, pageRequest(page));
}

@Resolver(() => TransferType)
export class TransferHoldResolver {
  @FieldResolver(() => HoldType, {
    nullable: true,
    description: 'The hold from which it was paid; null if there was none, or the viewer may not see it.',
  })
  async hold(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Hold | null> {
    const { networkId, holdId } = transfer;
    if (!holdId) return null;
    const hold = await ctx.loaders.hold(networkId, holdId);
    const standing = await ctx.loaders.standing(networkId);
    for (const id of sidesOf(hold)) {
      const account = await ctx.loaders.account(networkId, id);
      if (seesEntries(standing, account, await ctx.loaders.tieTo(account))) return hold;
    }
    return null;
  }
}
