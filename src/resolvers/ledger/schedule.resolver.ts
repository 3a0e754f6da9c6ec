import { Arg, Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Account } from '../../entities/account.ts';
import type { Membership } from '../../entities/membership.ts';
import type { TransferOccurrence } from '../../entities/transfer-occurrence.ts';
import type { TransferSchedule } from '../../entities/transfer-schedule.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Day } from '../../kernel/calendar.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { DateScalar } from '../../schema/common/scalars.ts';
import { AccountType } from '../../schema/ledger/account.ts';
import {
  ScheduleViewerCanType,
  TransferOccurrenceConnection,
  TransferOccurrenceType,
  TransferScheduleConnection,
  TransferScheduleFilterInput,
  TransferScheduleType,
} from '../../schema/ledger/schedule.ts';
import { TransferType } from '../../schema/ledger/transfer.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import type { Verdict } from '../../services/access/may.ts';
import { seesEntries } from '../../services/ledger/account-access.ts';
import { listOccurrences, listSchedules, scheduleVerdicts } from '../../services/ledger/read-schedules.ts';
import { amountsOf, dueDay } from '../../services/ledger/schedule-dates.ts';
import type { Context } from '../context.ts';

@Resolver(() => TransferScheduleType)
export class TransferScheduleResolver {
  @FieldResolver(() => AccountType, { description: 'The account that gives.' })
  payer(@Root() schedule: TransferSchedule, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(schedule.networkId, schedule.payerAccountId);
  }

  @FieldResolver(() => AccountType, { description: 'The account that receives.' })
  payee(@Root() schedule: TransferSchedule, @Ctx() ctx: Context): Promise<Account> {
    return ctx.loaders.account(schedule.networkId, schedule.payeeAccountId);
  }

  @FieldResolver(() => MoneyType, { description: 'What all of its dates pay together.' })
  total(@Root() schedule: TransferSchedule, @Ctx() ctx: Context): Promise<MoneyType> {
    return moneyOfSchedule(ctx, schedule, sumOf(amountsOf(schedule)));
  }

  // Where it stood when it was cancelled or stopped is kept, and comes no more.
  @FieldResolver()
  nextDueOn(@Root() { endedAt, nextDueOn }: TransferSchedule): Day | null {
    return endedAt ? null : nextDueOn;
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What the next date pays; null behind the last one, and once the schedule has ended.',
  })
  nextAmount(@Root() schedule: TransferSchedule, @Ctx() ctx: Context): Promise<MoneyType> | null {
    const amountMinor = amountsOf(schedule)[schedule.settledCount];
    if (amountMinor === undefined || schedule.endedAt) return null;
    return moneyOfSchedule(ctx, schedule, amountMinor);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether one amount is split over the dates, instead of each paying the same.',
  })
  isInInstalments(@Root() { isSplit }: TransferSchedule): boolean {
    return isSplit;
  }

  @FieldResolver(() => DateScalar, { description: 'The last date.' })
  lastDueOn(@Root() schedule: TransferSchedule): Day {
    return dueDay(schedule, schedule.dateCount - 1);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'In whose name it pays: who planned it.',
  })
  createdBy(
    @Root() { networkId, createdByPersonId }: TransferSchedule,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return ctx.loaders.memberOf(networkId, createdByPersonId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'For whom a helper planned it; null if there was none.',
  })
  async actingFor(
    @Root() { networkId, actingForMembershipId }: TransferSchedule,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return actingForMembershipId ? ctx.loaders.membership(networkId, actingForMembershipId) : null;
  }

  @FieldResolver(() => TransferOccurrenceConnection, {
    description: 'Its dates that have come about, newest first.',
  })
  occurrences(
    @Root() schedule: TransferSchedule,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<TransferOccurrence>> {
    return listOccurrences(ctx.db, schedule, pageRequest(page));
  }

  @FieldResolver(() => ScheduleViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() schedule: TransferSchedule,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof ScheduleViewerCanType, Verdict>> {
    const payer = await ctx.loaders.account(schedule.networkId, schedule.payerAccountId);
    const tie = await ctx.loaders.tieTo(payer);
    return scheduleVerdicts(await ctx.loaders.standing(schedule.networkId), schedule, { payer, tie });
  }
}

const sumOf = (amounts: bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

async function moneyOfSchedule(
  ctx: Context,
  { networkId, payerAccountId }: TransferSchedule,
  minor: bigint,
): Promise<MoneyType> {
  const { unitId } = await ctx.loaders.account(networkId, payerAccountId);
  return moneyOf(minor, await ctx.loaders.unit(networkId, unitId));
}

@Resolver(() => TransferOccurrenceType)
export class TransferOccurrenceResolver {
  @FieldResolver(() => Int, { description: 'Its number among the dates, counted from 1.' })
  number(@Root() { number }: TransferOccurrence): number {
    return number + 1;
  }

  @FieldResolver(() => MoneyType, { description: 'What it pays.' })
  async amount(@Root() occurrence: TransferOccurrence, @Ctx() ctx: Context): Promise<MoneyType> {
    const schedule = await ctx.loaders.schedule(occurrence.networkId, occurrence.scheduleId);
    return moneyOfSchedule(ctx, schedule, occurrence.amountMinor);
  }

  @FieldResolver(() => TransferType, { nullable: true, description: 'The payment; null if there is none.' })
  async transfer(
    @Root() { networkId, transferId }: TransferOccurrence,
    @Ctx() ctx: Context,
  ): Promise<Transfer | null> {
    return transferId ? ctx.loaders.transfer(networkId, transferId) : null;
  }
}

@Resolver(() => AccountType)
export class AccountSchedulesResolver {
  @FieldResolver(() => TransferScheduleConnection, {
    nullable: true,
    description:
      'What it is to pay by schedules, newest first. Null if the viewer may not read its statement.',
  })
  async schedules(
    @Root() account: Account,
    @Arg('filter', () => TransferScheduleFilterInput, { nullable: true, description: 'Which schedules.' })
    filter: TransferScheduleFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<TransferSchedule> | null> {
    const standing = await ctx.loaders.standing(account.networkId);
    if (!seesEntries(standing, account, await ctx.loaders.tieTo(account))) return null;
    return listSchedules(ctx.db, account, filter ?? {}, pageRequest(page));
  }
}

@Resolver(() => TransferType)
export class TransferDueOnResolver {
  @FieldResolver(() => DateScalar, {
    nullable: true,
    description:
      'The day on which it fell due by a schedule, which may be earlier than when it was paid; null for others.',
  })
  dueOn(@Root() transfer: Transfer, @Ctx() ctx: Context): Promise<Day | null> {
    return ctx.loaders.dueOn(transfer);
  }
}
