import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Entry } from '../../entities/entry.ts';
import type { Network } from '../../entities/network.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { NodeType } from '../../schema/common/node.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  TransferFilterInput,
  TransferLeviesType,
  TransferSealType,
  TransferViewerCanType,
} from '../../schema/ledger/transfer-details.ts';
import { EntryType, TransferConnection, TransferType } from '../../schema/ledger/transfer.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import type { Verdict } from '../../services/access/may.ts';
import { seesEntries } from '../../services/ledger/account-access.ts';
import { listTransfers } from '../../services/ledger/list-transfers.ts';
import { transferVerdicts, type Side, type TransferAction } from '../../services/ledger/transfer-access.ts';
import type { Context } from '../context.ts';
import { findNode, type Found } from '../node.resolver.ts';

@Resolver(() => TransferType)
export class TransferDetailsResolver {
  @FieldResolver(() => [EntryType], {
    description:
      'Its entries in the accounts whose statements the viewer may read, at most 5; none until it is posted.',
  })
  async entries(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Entry[]> {
    const entries = await ctx.loaders.entriesOf(transfer);
    const isReadable = await Promise.all(entries.map((entry) => readsAccountOf(ctx, entry)));
    return entries.filter((_, index) => isReadable[index]);
  }

  @FieldResolver(() => TransferLeviesType, {
    nullable: true,
    description: 'What it gives to the community beside its amount; null if nothing.',
  })
  levies(@Root() transfer: Transfer): Transfer | null {
    return transfer.levyAccountId ? transfer : null;
  }

  @FieldResolver(() => TransferType, { nullable: true, description: 'The later transfer that undoes it.' })
  async reversal(
    @Root() { networkId, reversedById }: Transfer,
    @Ctx() ctx: Context,
  ): Promise<Transfer | null> {
    return reversedById ? ctx.loaders.transfer(networkId, reversedById) : null;
  }

  @FieldResolver(() => TransferType, { nullable: true, description: 'The earlier transfer that it undoes.' })
  async reverses(@Root() { networkId, reversesId }: Transfer, @Ctx() ctx: Context): Promise<Transfer | null> {
    return reversesId ? ctx.loaders.transfer(networkId, reversesId) : null;
  }

  @FieldResolver(() => NodeType, {
    nullable: true,
    description: 'What it came from, such as a dispute; null if nothing, or the viewer may not know of it.',
  })
  async cause(@Root() { causeId }: Transfer, @Ctx() ctx: Context): Promise<Found> {
    return causeId ? findNode(ctx, causeId) : null;
  }

  @FieldResolver(() => TransferSealType, {
    nullable: true,
    description: 'What seals it; null until it is posted.',
  })
  async seal(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<TransferSealType | null> {
    if (!transfer.postedAt) return null;
    const seal = await ctx.loaders.seal(transfer);
    return seal && { number: String(seal.number), hash: seal.hash };
  }

  @FieldResolver(() => TransferViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() transfer: Transfer,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof TransferViewerCanType, Verdict>> {
    return viewersVerdicts(ctx, transfer);
  }
}

/** What the viewer may do with a transfer. Of a conversion both halves are undone, so that takes both. */
export async function viewersVerdicts(
  ctx: Context,
  transfer: Transfer,
): Promise<Record<TransferAction, Verdict>> {
  const verdicts = await verdictsOf(ctx, transfer);
  const { networkId, id, kind, causeId } = transfer;
  if (kind !== 'CONVERSION' || !causeId || !verdicts.reverse.allowed) return verdicts;
  const { fromTransferId, toTransferId } = await ctx.loaders.conversion(networkId, causeId);
  const partner = await ctx.loaders.transfer(
    networkId,
    id === fromTransferId ? toTransferId : fromTransferId,
  );
  return { ...verdicts, reverse: (await verdictsOf(ctx, partner)).reverse };
}

async function verdictsOf(ctx: Context, transfer: Transfer): Promise<Record<TransferAction, Verdict>> {
  const { networkId, payerAccountId, payeeAccountId } = transfer;
  const [standing, payer, payee] = await Promise.all([
    ctx.loaders.standing(networkId),
    sideOf(ctx, networkId, payerAccountId),
    sideOf(ctx, networkId, payeeAccountId),
  ]);
  return transferVerdicts(standing, transfer, { payer, payee });
}

/** An account of a transfer, with what the viewer is to it. */
export async function sideOf(ctx: Context, networkId: string, accountId: string): Promise<Side> {
  const account = await ctx.loaders.account(networkId, accountId);
  return { account, tie: await ctx.loaders.tieTo(account) };
}

async function readsAccountOf(ctx: Context, { networkId, accountId }: Entry): Promise<boolean> {
  const { account, tie } = await sideOf(ctx, networkId, accountId);
  return seesEntries(await ctx.loaders.standing(networkId), account, tie);
}

@Resolver(() => TransferLeviesType)
export class TransferLeviesResolver {
  @FieldResolver(() => MoneyType, { description: 'What the payer gave beside the amount.' })
  async fromPayer(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyOf(transfer.payerLevyMinor, await ctx.loaders.unit(transfer.networkId, transfer.unitId));
  }

  @FieldResolver(() => MoneyType, { description: 'What the payee gave of the amount.' })
  async fromPayee(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyOf(transfer.payeeLevyMinor, await ctx.loaders.unit(transfer.networkId, transfer.unitId));
  }

  @FieldResolver(() => AccountType, { description: 'The account that received both.' })
  account(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(transfer.networkId, transfer.levyAccountId ?? '');
  }
}

@Resolver(() => NetworkType)
export class NetworkTransfersResolver {
  @FieldResolver(() => TransferConnection, {
    nullable: true,
    description:
      'Transfers of accounts whose statements the viewer may read, newest first; all of them for auditors. A page looks at some 10,000 transfers at most: with a filter that few pass it may be short and still lead on.',
  })
  async transfers(
    @Root() network: Network,
    @Arg('filter', () => TransferFilterInput, { nullable: true, description: 'Which transfers.' })
    filter: TransferFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Transfer>> {
    return listTransfers(ctx.db, await ctx.loaders.standing(network.id), filter ?? {}, pageRequest(page));
  }
}
