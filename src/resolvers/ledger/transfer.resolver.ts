import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Entry } from '../../entities/entry.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  EntryType,
  TransferCreateInput,
  TransferCreatePayload,
  TransferType,
} from '../../schema/ledger/transfer.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { seesDemurrage, seesEntries } from '../../services/ledger/account-access.ts';
import { giverOfDemurrage } from '../../services/ledger/transfer-access.ts';
import { createTransfer } from '../../services/ledger/transfers.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering } from '../mutate.ts';

@Resolver(() => TransferType)
export class TransferResolver {
  @FieldResolver(() => MoneyType, { description: 'What moves, above zero.' })
  async amount(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyOf(transfer.amountMinor, await ctx.loaders.unit(transfer.networkId, transfer.unitId));
  }

  @FieldResolver(() => AccountType, { description: 'The account that gives.' })
  payer(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(transfer.networkId, transfer.payerAccountId);
  }

  @FieldResolver(() => AccountType, { description: 'The account that receives.' })
  payee(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(transfer.networkId, transfer.payeeAccountId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who started it; null if the server did.',
  })
  async createdBy(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, createdByPersonId } = transfer;
    if (!createdByPersonId) return null;
    return ctx.loaders.memberOf(networkId, createdByPersonId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'For whom a helper started it; null if there was none.',
  })
  async actingFor(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, actingForMembershipId } = transfer;
    return actingForMembershipId ? ctx.loaders.membership(networkId, actingForMembershipId) : null;
  }

  @Mutation(() => TransferCreatePayload, {
    description:
      'Pays from one account to another, once for its key. Codes: DECISION_REQUIRED, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, PAYMENT_LIMIT_EXCEEDED, SAME_ACCOUNT, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, LEVY_ACCOUNT_NOT_OPEN, INVALID_AMOUNT, TOO_MANY_DECIMALS, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED, OVERLOADED.',
  })
  async transferCreate(
    @Input(() => TransferCreateInput) input: TransferCreateInput,
    @Ctx() ctx: Context,
  ): Promise<TransferCreatePayload> {
    return answering(async () => ({ transfer: await createTransfer(ctx.app.ledger, ctx.actor, input) }));
  }
}

@Resolver(() => EntryType)
export class EntryResolver {
  @FieldResolver(() => MoneyType, {
    description: 'What it adds to the balance; negative for what was given away.',
  })
  async amount(@Root() entry: Entry, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyInAccount(ctx, entry, entry.amountMinor);
  }

  @FieldResolver(() => MoneyType, { description: 'The balance with it.' })
  async balanceAfter(@Root() entry: Entry, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyInAccount(ctx, entry, entry.balanceAfterMinor);
  }

  @FieldResolver(() => TransferType, {
    nullable: true,
    description:
      'The transfer that it belongs to; null if the viewer may not see it, such as a levy on what others trade, or their demurrage.',
  })
  transfer(@Root() entry: Entry, @Ctx() ctx: Context): Promise<Transfer | null> {
    return visibleTransfer(ctx, entry);
  }

  @FieldResolver(() => AccountType, {
    nullable: true,
    description: 'The account on the other side; null if the viewer may not see the transfer.',
  })
  async counterparty(@Root() entry: Entry, @Ctx() ctx: Context): Promise<Account | null> {
    const transfer = await visibleTransfer(ctx, entry);
    if (!transfer) return null;
    const { networkId, payerAccountId, payeeAccountId } = transfer;
    const other = entry.accountId === payerAccountId ? payeeAccountId : payerAccountId;
    return ctx.loaders.account(networkId, other);
  }

  @FieldResolver()
  number(@Root() entry: Entry): number {
    return Number(entry.seq);
  }
}

/** What is open to the members in an account of the network is not who trades with whom, nor who has how much. */
async function visibleTransfer(
  ctx: Context,
  { networkId, accountId, transferId }: Entry,
): Promise<Transfer | null> {
  const transfer = await ctx.loaders.transfer(networkId, transferId);
  const standing = await ctx.loaders.standing(networkId);
  const undone = transfer.reversesId ? await ctx.loaders.transfer(networkId, transfer.reversesId) : null;
  const giverId = giverOfDemurrage(transfer, undone);
  if (giverId !== null) {
    const giver = await ctx.loaders.account(networkId, giverId);
    return seesDemurrage(standing, giver, await ctx.loaders.tieTo(giver)) ? transfer : null;
  }
  const sides = [transfer.payerAccountId, transfer.payeeAccountId];
  if (sides.includes(accountId)) return transfer;
  for (const id of sides) {
    const account = await ctx.loaders.account(networkId, id);
    if (seesEntries(standing, account, await ctx.loaders.tieTo(account))) return transfer;
  }
  return null;
}

async function moneyInAccount(
  ctx: Context,
  { networkId, accountId }: Entry,
  minor: bigint,
): Promise<MoneyType> {
  const account = await ctx.loaders.account(networkId, accountId);
  return moneyOf(minor, await ctx.loaders.unit(networkId, account.unitId));
}
