import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Unit } from '../../entities/unit.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { DecimalScalar } from '../../schema/common/scalars.ts';
import { BalanceDistributionType } from '../../schema/ledger/unit-figures.ts';
import { UnitType } from '../../schema/ledger/unit.ts';
import {
  distributionOf,
  seesFigures,
  type Distribution,
  type Turnover,
} from '../../services/ledger/unit-figures.ts';
import type { Context } from '../context.ts';

const Days = (name: string, description: string) =>
  Arg(name, () => Int, { defaultValue: 30, description: `${description}, 1 to 366.` }) as ParameterDecorator;

/** How a unit does as a whole, for the members of its network. */
@Resolver(() => UnitType)
export class UnitFiguresResolver {
  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'The sum of all positive balances; as much is owed by others. For members.',
  })
  async supply(@Root() unit: Unit, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return (await isSeen(ctx, unit)) ? moneyOf(await ctx.loaders.supply(unit), unit) : null;
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'What was traded in the last days: payments, requests and recorded transfers, without those that were reversed. For members. Codes: INVALID_RANGE.',
  })
  async volume(
    @Root() unit: Unit,
    @Days('days', 'In how many days') days: number,
    @Ctx() ctx: Context,
  ): Promise<MoneyType | null> {
    const turnover = await turnoverSeen(ctx, unit, days);
    return turnover && moneyOf(turnover.volumeMinor, unit);
  }

  @FieldResolver(() => DecimalScalar, {
    nullable: true,
    description:
      'Volume ÷ supply, with four decimals: how often each unit of value changed hands. Null without supply. For members. Codes: INVALID_RANGE.',
  })
  async velocity(
    @Root() unit: Unit,
    @Days('days', 'In how many days') days: number,
    @Ctx() ctx: Context,
  ): Promise<string | null> {
    return (await turnoverSeen(ctx, unit, days))?.velocity ?? null;
  }

  @FieldResolver(() => DecimalScalar, {
    nullable: true,
    description:
      'How many days of mean volume it would take to clear all credit in use (the supply), with one decimal; about 100 is normal, more is slow. Null without volume. For members. Codes: INVALID_RANGE.',
  })
  async clearingDays(
    @Root() unit: Unit,
    @Days('days', 'Over how many days the mean is taken') days: number,
    @Ctx() ctx: Context,
  ): Promise<string | null> {
    return (await turnoverSeen(ctx, unit, days))?.clearingDays ?? null;
  }

  @FieldResolver(() => BalanceDistributionType, {
    nullable: true,
    description:
      'How the balances lie. For members; with fewer than twenty accounts only for those who may see all their balances. Codes: INVALID_RANGE.',
  })
  async distribution(
    @Root() unit: Unit,
    @Days('idleDays', 'After how many days without a movement an account counts as idle') idleDays: number,
    @Ctx() ctx: Context,
  ): Promise<(Distribution & { unit: Unit }) | null> {
    const standing = await ctx.loaders.standing(unit.networkId);
    if (!seesFigures(standing)) return null;
    const distribution = await distributionOf(ctx.db, standing, { unit, idleDays, now: ctx.now });
    return distribution && { ...distribution, unit };
  }
}

async function isSeen(ctx: Context, { networkId }: Unit): Promise<boolean> {
  return seesFigures(await ctx.loaders.standing(networkId));
}

async function turnoverSeen(ctx: Context, unit: Unit, days: number): Promise<Turnover | null> {
  return (await isSeen(ctx, unit)) ? ctx.loaders.turnover(unit, days) : null;
}

@Resolver(() => BalanceDistributionType)
export class BalanceDistributionResolver {
  @FieldResolver(() => [MoneyType], {
    description:
      'At most eleven balances that exist: the lowest, those at each tenth of the accounts, and the highest. None without accounts.',
  })
  deciles(@Root() { deciles, unit }: Distribution & { unit: Unit }): MoneyType[] {
    return deciles.map((minor) => moneyOf(minor, unit));
  }

  @FieldResolver()
  accounts(@Root() { accounts }: Distribution): number {
    return Number(accounts);
  }

  @FieldResolver()
  atFloor(@Root() { atFloor }: Distribution): number {
    return Number(atFloor);
  }

  @FieldResolver()
  atCeiling(@Root() { atCeiling }: Distribution): number {
    return Number(atCeiling);
  }

  @FieldResolver()
  idle(@Root() { idle }: Distribution): number {
    return Number(idle);
  }
}
