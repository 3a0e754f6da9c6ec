import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Entry } from '../../entities/entry.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { DateTimeScalar } from '../../schema/common/scalars.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  AccountStatsType,
  EntryFilterInput,
  SeriesPointType,
  SeriesStepEnum,
  type SeriesStepName,
} from '../../schema/ledger/statement.ts';
import { EntryConnection } from '../../schema/ledger/transfer.ts';
import { seesEntries } from '../../services/ledger/account-access.ts';
import type { Movement } from '../../services/ledger/positions.ts';
import {
  hiddenFrom,
  listEntries,
  seriesOf,
  statsOf,
  type AccountStats,
  type SeriesPoint,
} from '../../services/ledger/statements.ts';
import type { Context } from '../context.ts';

/** A figure together with the account whose it is, so that its amounts find their unit. */
type In<T> = T & { account: Account };

/** What the statement of an account tells, for those who may read it. */
@Resolver(() => AccountType)
export class AccountStatementResolver {
  @FieldResolver(() => EntryConnection, {
    nullable: true,
    description:
      'The statement, newest first. A page looks at 10,000 entries at most: with a filter that few pass it may be short and still lead on. Null if the viewer may not read it.',
  })
  async entries(
    @Root() account: Account,
    @Arg('filter', () => EntryFilterInput, { nullable: true, description: 'Which entries.' })
    filter: EntryFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Entry> | null> {
    if (!(await isReadable(ctx, account))) return null;
    const standing = await ctx.loaders.standing(account.networkId);
    return listEntries(ctx.db, account, { ...filter, hides: hiddenFrom(standing) }, pageRequest(page));
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'The balance at an instant, with what was posted at it. Null if the viewer may not read the statement.',
  })
  async balanceAt(
    @Root() account: Account,
    @Arg('at', () => DateTimeScalar, { description: 'The instant.' }) at: Date,
    @Ctx() ctx: Context,
  ): Promise<MoneyType | null> {
    if (!(await isReadable(ctx, account))) return null;
    const { balanceMinor } = await ctx.loaders.position(account, at);
    return moneyIn(ctx, account, balanceMinor);
  }

  @FieldResolver(() => [SeriesPointType], {
    nullable: true,
    description:
      'How the balance developed, in at most 400 steps of the network’s calendar; the first and the last are as short as the interval cuts them. Null if the viewer may not read the statement. Codes: INVALID_RANGE.',
  })
  async series(
    @Root() account: Account,
    @Arg('from', () => DateTimeScalar, { description: 'Where it begins.' }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'Where it ends; what is posted then is not in it.' })
    to: Date,
    @Arg('step', () => SeriesStepEnum, { description: 'How long a step is.' }) step: SeriesStepName,
    @Ctx() ctx: Context,
  ): Promise<In<SeriesPoint>[] | null> {
    if (!(await isReadable(ctx, account))) return null;
    const { timeZone } = await ctx.loaders.network(account.networkId);
    const points = await seriesOf(ctx.db, account, { from, to, step, timeZone });
    return points.map((point) => ({ ...point, account }));
  }

  @FieldResolver(() => AccountStatsType, {
    nullable: true,
    description:
      'What moved in an interval; it costs the same for an hour and for ten years. Null if the viewer may not read the statement. Codes: INVALID_RANGE.',
  })
  async stats(
    @Root() account: Account,
    @Arg('from', () => DateTimeScalar, { description: 'Where it begins.' }) from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'Where it ends; what is posted then is not in it.' })
    to: Date,
    @Ctx() ctx: Context,
  ): Promise<In<AccountStats> | null> {
    if (!(await isReadable(ctx, account))) return null;
    return { ...(await statsOf(ctx.db, account, { from, to })), account };
  }
}

@Resolver(() => SeriesPointType)
export class SeriesPointResolver {
  @FieldResolver(() => MoneyType, { description: 'The balance at its end.' })
  balance(@Root() { account, balanceMinor }: In<SeriesPoint>, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyIn(ctx, account, balanceMinor);
  }

  @FieldResolver(() => MoneyType, {
    description: 'What came in, less what was returned of it; below zero if more was returned.',
  })
  in(@Root() { account, inMinor }: In<Movement>, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyIn(ctx, account, inMinor);
  }

  @FieldResolver(() => MoneyType, {
    description: 'What went out, levies too, less what came back of it; below zero if more came back.',
  })
  out(@Root() { account, outMinor }: In<Movement>, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyIn(ctx, account, outMinor);
  }
}

@Resolver(() => AccountStatsType)
export class AccountStatsResolver {
  @FieldResolver(() => MoneyType, {
    description: 'What came in, less what was returned of it; below zero if more was returned.',
  })
  grossIn(@Root() { account, inMinor }: In<Movement>, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyIn(ctx, account, inMinor);
  }

  @FieldResolver(() => MoneyType, {
    description: 'What went out, levies too, less what came back of it; below zero if more came back.',
  })
  grossOut(@Root() { account, outMinor }: In<Movement>, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyIn(ctx, account, outMinor);
  }

  @FieldResolver()
  count(@Root() { count }: AccountStats): number {
    return Number(count);
  }

  @FieldResolver()
  partners(@Root() { partners }: AccountStats): number | null {
    return partners === null ? null : Number(partners);
  }
}

async function isReadable(ctx: Context, account: Account): Promise<boolean> {
  const standing = await ctx.loaders.standing(account.networkId);
  return seesEntries(standing, account, await ctx.loaders.tieTo(account));
}

async function moneyIn(ctx: Context, { networkId, unitId }: Account, minor: bigint): Promise<MoneyType> {
  return moneyOf(minor, await ctx.loaders.unit(networkId, unitId));
}
