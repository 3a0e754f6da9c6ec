import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { ChargeRun } from '../../entities/charge-run.ts';
import type { DuesCharge } from '../../entities/dues-charge.ts';
import type { DuesRule } from '../../entities/dues-rule.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Unit } from '../../entities/unit.ts';
import { dayAt } from '../../kernel/calendar.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import { TransferType } from '../../schema/ledger/transfer.ts';
import { UnitType } from '../../schema/ledger/unit.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  DuesChargeType,
  DuesPayInput,
  DuesPayPayload,
  DuesPreviewType,
  DuesQuoteConnection,
  DuesQuoteType,
  DuesRetireInput,
  DuesRetirePayload,
  DuesRuleConnection,
  DuesRuleType,
  DuesRuleViewerCanType,
  DuesRunInput,
  DuesRunPayload,
  DuesRunType,
  DuesSetInput,
  DuesSetPayload,
} from '../../schema/treasury/dues.ts';
import { may, type Verdict } from '../../services/access/may.ts';
import { readableTransfer } from '../../services/ledger/read-accounts.ts';
import { runCharges } from '../../services/treasury/charge-runs.ts';
import { paidDues, payDues } from '../../services/treasury/collection.ts';
import type { DuesQuote } from '../../services/treasury/dues-charges.ts';
import { listDuesRules, retireDues, setDues } from '../../services/treasury/dues-rules.ts';
import { pageOfQuotes, previewDues, type Preview } from '../../services/treasury/previews.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { accountForMembers } from '../ledger/unit-policy.resolver.ts';
import { answering, mutate, mutateOnce } from '../mutate.ts';
import { runTotal } from './demurrage.resolver.ts';

type Money = ReturnType<typeof moneyOf>;

@Resolver(() => UnitType)
export class UnitDuesResolver {
  @FieldResolver(() => DuesRuleConnection, {
    nullable: true,
    description: 'What members give for each period, newest rule first, ended ones too; for members.',
  })
  async dues(
    @Root() unit: Unit,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<DuesRule>> {
    return listDuesRules(ctx.db, await ctx.loaders.standing(unit.networkId), unit, pageRequest(page));
  }

  @FieldResolver(() => DuesPreviewType, {
    nullable: true,
    description: 'What a run of dues would charge now; for coordinators and treasurers.',
  })
  async duesPreview(
    @Root() unit: Unit,
    @Arg('period', () => String, {
      description: 'A month, quarter or year, such as `2026-03`, `2026-Q1` or `2026`.',
    })
    period: string,
    @Ctx() ctx: Context,
  ): Promise<Preview<DuesQuote>> {
    const standing = await ctx.loaders.standing(unit.networkId);
    return previewDues(ctx.db, standing, { unit, period, now: ctx.now });
  }

  @Mutation(() => DuesSetPayload, {
    description:
      'Sets what members give for each period, in place of the rule for the same unit and class; for coordinators. Codes: DECISION_REQUIRED, ACCOUNT_NOT_OPEN, UNIT_MISMATCH, INVALID_CHOICE, INVALID_RANGE, INVALID_PERIOD, INVALID_AMOUNT, TOO_MANY_DECIMALS, NETWORK_ARCHIVED.',
  })
  duesSet(@Input(() => DuesSetInput) input: DuesSetInput, @Ctx() ctx: Context): Promise<DuesSetPayload> {
    return mutate(ctx, async (tx) => ({ duesRule: await setDues(tx, input) }));
  }

  @Mutation(() => DuesRetirePayload, {
    description:
      'Ends a rule: no further period is charged by it; for coordinators. Codes: DECISION_REQUIRED, DUES_RULE_ENDED, NETWORK_ARCHIVED.',
  })
  duesRetire(
    @Input(() => DuesRetireInput) input: DuesRetireInput,
    @Ctx() ctx: Context,
  ): Promise<DuesRetirePayload> {
    return mutate(ctx, async (tx) => ({ duesRule: await retireDues(tx, input) }));
  }

  @Mutation(() => DuesRunPayload, {
    description:
      'Charges dues for a period that has begun, each member once, and tries again what is unpaid; for coordinators and treasurers. Codes: NOTHING_TO_CHARGE, NO_DUES, PERIOD_NOT_BEGUN, INVALID_PERIOD, ACCOUNT_NOT_OPEN, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  duesRun(@Input(() => DuesRunInput) input: DuesRunInput, @Ctx() ctx: Context): Promise<DuesRunPayload> {
    return answering(async () => ({ run: await runCharges(ctx.run, 'DUES', input) }));
  }

  @Mutation(() => DuesPayPayload, {
    description:
      'Pays the own unpaid dues, once for its key. Codes: DUES_PAID, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, ACCOUNT_NOT_OPEN, NO_ACCOUNT_IN_UNIT, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async duesPay(
    @Input(() => DuesPayInput) input: DuesPayInput,
    @Ctx() ctx: Context,
  ): Promise<DuesPayPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'duesPay',
      input,
      work: (tx) => payDues(tx, input),
      again: (tx, id) => paidDues(tx, input.networkId, id),
    });
    return made ? { charge: made, errors } : { errors };
  }
}

@Resolver(() => DuesRuleType)
export class DuesRuleResolver {
  @FieldResolver(() => MoneyType, { description: 'How much each period.' })
  async amount(@Root() rule: DuesRule, @Ctx() ctx: Context): Promise<Money> {
    return moneyOf(rule.amountMinor, await ctx.loaders.unit(rule.networkId, rule.unitId));
  }

  @FieldResolver(() => AccountType, { nullable: true, description: 'Where it goes.' })
  account(@Root() rule: DuesRule, @Ctx() ctx: Context): Promise<Account | null> {
    return accountForMembers(ctx, rule);
  }

  @FieldResolver(() => DuesRuleViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() { networkId, endsOn }: DuesRule,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof DuesRuleViewerCanType, Verdict>> {
    const standing = await ctx.loaders.standing(networkId);
    const retire = may(standing, 'dues.set');
    const hasEnded = endsOn !== null && endsOn <= dayAt(ctx.now, standing.network.timeZone);
    return { retire: retire.allowed && hasEnded ? NOT_IN_THIS_STATE : retire };
  }
}

const NOT_IN_THIS_STATE: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };

@Resolver(() => DuesChargeType)
export class DuesChargeResolver {
  @FieldResolver(() => MembershipType, { description: 'Who owes it.' })
  membership(@Root() charge: DuesCharge, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(charge.networkId, charge.membershipId);
  }

  @FieldResolver(() => MoneyType, { description: 'How much.' })
  async amount(@Root() charge: DuesCharge, @Ctx() ctx: Context): Promise<Money> {
    return moneyOf(charge.amountMinor, await ctx.loaders.unit(charge.networkId, charge.unitId));
  }

  @FieldResolver(() => TransferType, {
    nullable: true,
    description: 'The transfer that paid it. Null if it is unpaid, or if the viewer may not see that.',
  })
  async transfer(@Root() charge: DuesCharge, @Ctx() ctx: Context): Promise<Transfer | null> {
    const { networkId, transferId } = charge;
    if (!transferId) return null;
    const transfer = await ctx.loaders.transfer(networkId, transferId);
    return readableTransfer(ctx.db, await ctx.loaders.standing(networkId), transfer);
  }
}

@Resolver(() => DuesPreviewType)
export class DuesPreviewResolver {
  @FieldResolver(() => MoneyType, { description: 'All of it together.' })
  total(@Root() { totalMinor, unit }: Preview<DuesQuote>): Money {
    return moneyOf(totalMinor, unit);
  }

  @FieldResolver(() => DuesQuoteConnection, {
    description: 'Who is charged how much, in the order in which they joined.',
  })
  quotes(@Root() preview: Preview<DuesQuote>, @Args(() => PageArgs) page: PageArgs): Page<DuesQuote> {
    return pageOfQuotes(preview, pageRequest(page), ({ member }) => member.id);
  }
}

@Resolver(() => DuesQuoteType)
export class DuesQuoteResolver {
  @FieldResolver(() => MembershipType, { description: 'Who is charged.' })
  membership(@Root() { member }: DuesQuote): Membership {
    return member;
  }

  @FieldResolver(() => MoneyType, { description: 'How much.' })
  async amount(@Root() { member, amountMinor, unitId }: DuesQuote, @Ctx() ctx: Context): Promise<Money> {
    return moneyOf(amountMinor, await ctx.loaders.unit(member.networkId, unitId));
  }

  @FieldResolver()
  isRepeated(@Root() { charge }: DuesQuote): boolean {
    return charge !== null;
  }
}

@Resolver(() => DuesRunType)
export class DuesRunResolver {
  @FieldResolver(() => UnitType, { description: 'The unit.' })
  unit(@Root() run: ChargeRun, @Ctx() ctx: Context): Promise<Unit> {
    return ctx.loaders.unit(run.networkId, run.unitId);
  }

  @FieldResolver(() => MoneyType, { description: 'What was paid in this run.' })
  total(@Root() run: ChargeRun, @Ctx() ctx: Context): Promise<Money> {
    return runTotal(run, ctx);
  }

  @FieldResolver(() => Int, { description: 'How many members have no room to pay, and owe.' })
  unpaidCount(@Root() run: ChargeRun): number {
    return run.leftOutCount;
  }

  @FieldResolver(() => [MembershipType], { description: 'The members who owe, at most 100.' })
  unpaid(@Root() run: ChargeRun, @Ctx() ctx: Context): Promise<Membership[]> {
    return Promise.all(run.leftOutIds.map((id) => ctx.loaders.membership(run.networkId, id)));
  }
}
