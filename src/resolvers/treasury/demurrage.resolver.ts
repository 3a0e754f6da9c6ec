import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { ChargeRun } from '../../entities/charge-run.ts';
import type { Unit } from '../../entities/unit.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import { UnitType } from '../../schema/ledger/unit.ts';
import {
  DemurragePreviewType,
  DemurrageQuoteConnection,
  DemurrageQuoteType,
  DemurrageRunInput,
  DemurrageRunPayload,
  DemurrageRunType,
} from '../../schema/treasury/demurrage.ts';
import { runCharges } from '../../services/treasury/charge-runs.ts';
import type { DemurrageQuote } from '../../services/treasury/demurrage-charges.ts';
import { pageOfQuotes, previewDemurrage, type Preview } from '../../services/treasury/previews.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering } from '../mutate.ts';

@Resolver(() => UnitType)
export class UnitDemurrageResolver {
  @FieldResolver(() => DemurragePreviewType, {
    nullable: true,
    description: 'What a run of demurrage would come to now; for coordinators and treasurers.',
  })
  async demurragePreview(
    @Root() unit: Unit,
    @Arg('period', () => String, {
      description: 'A month, quarter or year, such as `2026-03`, `2026-Q1` or `2026`.',
    })
    period: string,
    @Ctx() ctx: Context,
  ): Promise<Preview<DemurrageQuote>> {
    const standing = await ctx.loaders.standing(unit.networkId);
    return previewDemurrage(ctx.db, standing, { unit, period, now: ctx.now });
  }

  @Mutation(() => DemurrageRunPayload, {
    description:
      'Charges demurrage for a period that is over, each account once; for coordinators and treasurers. Codes: NOTHING_TO_CHARGE, NO_DEMURRAGE, PERIOD_NOT_OVER, INVALID_PERIOD, ACCOUNT_NOT_OPEN, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  demurrageRun(
    @Input(() => DemurrageRunInput) input: DemurrageRunInput,
    @Ctx() ctx: Context,
  ): Promise<DemurrageRunPayload> {
    return answering(async () => ({ run: await runCharges(ctx.run, 'DEMURRAGE', input) }));
  }
}

@Resolver(() => DemurragePreviewType)
export class DemurragePreviewResolver {
  @FieldResolver(() => MoneyType, { description: 'All of it together.' })
  total(@Root() { totalMinor, unit }: Preview<DemurrageQuote>): ReturnType<typeof moneyOf> {
    return moneyOf(totalMinor, unit);
  }

  @FieldResolver(() => DemurrageQuoteConnection, {
    description:
      'Who gives how much, and who is left out for now, in the order in which accounts were opened.',
  })
  quotes(
    @Root() preview: Preview<DemurrageQuote>,
    @Args(() => PageArgs) page: PageArgs,
  ): Page<DemurrageQuote> {
    return pageOfQuotes(preview, pageRequest(page), ({ account }) => account.id);
  }
}

@Resolver(() => DemurrageQuoteType)
export class DemurrageQuoteResolver {
  @FieldResolver(() => AccountType, { description: 'The account.' })
  account(@Root() { account }: DemurrageQuote): Account {
    return account;
  }

  @FieldResolver(() => MoneyType, { description: 'What it gives, or would if it were open.' })
  async amount(
    @Root() { account, amountMinor }: DemurrageQuote,
    @Ctx() ctx: Context,
  ): Promise<ReturnType<typeof moneyOf>> {
    return moneyOf(amountMinor, await ctx.loaders.unit(account.networkId, account.unitId));
  }
}

/** What members of a run's payload have in common. */
export async function runTotal(run: ChargeRun, ctx: Context): Promise<ReturnType<typeof moneyOf>> {
  return moneyOf(BigInt(run.totalMinor), await ctx.loaders.unit(run.networkId, run.unitId));
}

@Resolver(() => DemurrageRunType)
export class DemurrageRunResolver {
  @FieldResolver(() => UnitType, { description: 'The unit.' })
  unit(@Root() run: ChargeRun, @Ctx() ctx: Context): Promise<Unit> {
    return ctx.loaders.unit(run.networkId, run.unitId);
  }

  @FieldResolver(() => MoneyType, { description: 'What was charged in this run.' })
  total(@Root() run: ChargeRun, @Ctx() ctx: Context): Promise<ReturnType<typeof moneyOf>> {
    return runTotal(run, ctx);
  }

  @FieldResolver(() => Int, {
    description:
      'How many accounts owe and were left out: frozen ones, and those that have reserved too much.',
  })
  leftOutCount(@Root() run: ChargeRun): number {
    return run.leftOutCount;
  }

  @FieldResolver(() => [AccountType], { description: 'The accounts that were left out, at most 100.' })
  leftOut(@Root() run: ChargeRun, @Ctx() ctx: Context): Promise<Account[]> {
    return Promise.all(run.leftOutIds.map((id) => ctx.loaders.account(run.networkId, id)));
  }
}
