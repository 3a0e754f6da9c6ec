import { Account } from '../../entities/account.ts';
import type { DenialReason } from '../../entities/denial-reason.ts';
import { TransferOccurrence } from '../../entities/transfer-occurrence.ts';
import { TransferSchedule } from '../../entities/transfer-schedule.ts';
import { dayAfter, dayAt, type Day } from '../../kernel/calendar.ts';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { JobHandlers, RecurringJob } from '../../kernel/jobs.ts';
import type { RunUnit, Tx } from '../../kernel/unit-of-work.ts';
import { may } from '../access/may.ts';
import { heldStandingIn, type Standing } from '../access/standing.ts';
import { payingSubject, tieTo } from './account-access.ts';
import { authorOf, post } from './posting.ts';
import { refusalOf } from './refusals.ts';
import { amountsOf, dueInstant } from './schedule-dates.ts';
import { changeSchedule, nextDate, skipRetries } from './schedules.ts';
import { signerOf, type Arranged } from './signer.ts';

export const DUE_SCHEDULES: RecurringJob = { kind: 'dueSchedules', everyMs: MINUTE_MS };

const BATCH = 100;
/** On how many days after the first a payment that is refused is tried again. */
export const RETRY_DAYS = 3;

interface Parts {
  db: Db;
  run: RunUnit;
}

export function scheduleJobs(parts: Parts): JobHandlers {
  return { [DUE_SCHEDULES.kind]: (_: never, now: Date) => payDueSchedules(parts, now) };
}

/** A date of a schedule whose time has come, for the first time or again. */
interface DueDate extends Arranged {
  networkId: string;
  scheduleId: string;
  dueOn: Day;
}

/**
 * Pays what is due by schedules, the oldest dates first, each in a unit of work of its own that locks the schedule and
 * moves it on: so a date is paid once, however often this runs, also at the same time or after it broke off. A date that
 * fails for no reason of its own does not hinder the others.
 */
export async function payDueSchedules({ db, run }: Parts, now: Date): Promise<void> {
  const broken = new Map<string, unknown>();
  for (;;) {
    // A schedule that was paid may be due again: it is asked for until there is nothing left.
    const due = await dueDates(db, now, [...broken.keys()]);
    if (due.length === 0) break;
    for (const date of due) {
      // A schedule whose date failed waits as a whole: its dates are paid in order.
      if (broken.has(date.scheduleId)) continue;
      try {
        await run(signerOf(date), (tx) => payDate(tx, date, now));
      } catch (error) {
        broken.set(date.scheduleId, error);
      }
    }
  }
  const [first] = broken.values();
  if (first !== undefined) throw first;
}

function dueDates(db: Db, now: Date, besides: string[]): Promise<DueDate[]> {
  return db.rows<DueDate>(
    `select s.network_id, s.id as schedule_id, s.next_due_on as due_on, s.created_by_person_id,
            s.acting_for_membership_id
       from transfer_schedule s where s.state = 'ACTIVE' and s.next_due_at <= $1
        and not s.id = any($2)
     union all
     select s.network_id, s.id, o.due_on, s.created_by_person_id, s.acting_for_membership_id
       from transfer_occurrence o
       join transfer_schedule s on s.network_id = o.network_id and s.id = o.schedule_id
      where o.state = 'RETRYING' and o.retry_at <= $1 and s.state = 'ACTIVE' and not s.id = any($2)
      order by due_on, schedule_id limit ${BATCH}`,
    [now, besides],
  );
}

async function payDate(tx: Tx, { networkId, scheduleId, dueOn }: DueDate, now: Date): Promise<void> {
  const standing = await heldStandingIn(tx, networkId);
  const schedule = await tx.db.lock(TransferSchedule, { networkId, id: scheduleId });
  if (schedule?.state !== 'ACTIVE') return;
  const earlier = await tx.db.one(TransferOccurrence, { networkId, scheduleId, dueOn });
  if (!isDue(schedule, earlier, { dueOn, now })) return;
  const reason = await whyNot(tx, standing, schedule);
  if (reason) return stop(tx, schedule, reason);
  const { timeZone } = standing.network;
  const occurrence = await occurrenceOf(tx, { schedule, dueOn, earlier, timeZone });
  if (earlier) await tx.db.update(TransferOccurrence, { networkId, scheduleId, dueOn }, occurrence);
  else await tx.db.insert(TransferOccurrence, occurrence);
  if (occurrence.state === 'FAILED') {
    const data = { dueOn, code: occurrence.refusalCode ?? '' };
    tx.emit({ networkId, kind: 'ScheduledTransferFailed', subjectId: scheduleId, data });
  }
  await moveOn(tx, schedule, earlier ? {} : nextDate(schedule, timeZone));
}

async function stop(tx: Tx, schedule: TransferSchedule, reason: DenialReason): Promise<void> {
  await skipRetries(tx, schedule);
  const end = { state: 'STOPPED', stopReason: reason, endedAt: tx.now } as const;
  await changeSchedule(tx, schedule, end, 'TransferScheduleStopped', { reason });
}

function isDue(
  { nextDueOn, nextDueAt }: TransferSchedule,
  earlier: TransferOccurrence | undefined,
  { dueOn, now }: { dueOn: Day; now: Date },
): boolean {
  if (earlier) return earlier.state === 'RETRYING' && earlier.retryAt !== null && earlier.retryAt <= now;
  return nextDueOn === dueOn && nextDueAt !== null && nextDueAt <= now;
}

/** Why a schedule cannot go on at all; null if it can. */
async function whyNot(
  tx: Tx,
  standing: Standing,
  { networkId, payerAccountId, payeeAccountId }: TransferSchedule,
): Promise<DenialReason | null> {
  const accounts = await tx.db.all(Account, { networkId, id: [payerAccountId, payeeAccountId] });
  const payer = accounts.find(({ id }) => id === payerAccountId);
  assert(payer, 'a schedule has a payer');
  const tie = await tieTo(tx.db, standing, payer);
  const { reason } = may(standing, 'account.pay', payingSubject(payer, tie));
  return reason ?? (accounts.some(({ state }) => state === 'CLOSED') ? 'NOT_IN_THIS_STATE' : null);
}

interface Result {
  transferId: string | null;
  refusalCode: string | null;
}

async function tryToPay(tx: Tx, schedule: TransferSchedule, amountMinor: bigint): Promise<Result> {
  const { networkId, payerAccountId, payeeAccountId, description } = schedule;
  const posting = {
    kind: 'PAYMENT' as const,
    payerAccountId,
    payeeAccountId,
    amountMinor,
    description,
    causeId: schedule.id,
    id: newId('transfer'),
    author: authorOf(tx.actor),
    key: null,
  };
  const [outcome] = await post(tx.db, networkId, { postings: [posting], now: tx.now, isAtomic: true });
  assert(outcome, 'one posting has one outcome');
  if (outcome.verdict === 'POSTED') return { transferId: posting.id, refusalCode: null };
  return { transferId: null, refusalCode: refusalOf(outcome, { payeeAccountId, scale: 0 }).code };
}

interface DateInHand {
  schedule: TransferSchedule;
  dueOn: Day;
  /** What came of it when it was tried before. */
  earlier: TransferOccurrence | undefined;
  timeZone: string;
}

/** Tries to pay a date, and says what came of it. */
async function occurrenceOf(
  tx: Tx,
  { schedule, dueOn, earlier, timeZone }: DateInHand,
): Promise<TransferOccurrence> {
  const number = earlier?.number ?? schedule.settledCount;
  const amountMinor = amountsOf(schedule)[number];
  assert(amountMinor, 'a date has its amount');
  const { transferId, refusalCode } = await tryToPay(tx, schedule, amountMinor);
  const tries = (earlier?.tries ?? 0) + 1;
  const isRetried = transferId === null && tries <= RETRY_DAYS;
  const tomorrow = dayAfter(dayAt(tx.now, timeZone), { days: 1 });
  return {
    networkId: schedule.networkId,
    scheduleId: schedule.id,
    dueOn,
    number,
    amountMinor,
    tries,
    state: transferId ? 'DONE' : isRetried ? 'RETRYING' : 'FAILED',
    refusalCode,
    transferId,
    retryAt: isRetried ? dueInstant(tomorrow, timeZone) : null,
    settledAt: isRetried ? null : tx.now,
  };
}

/** Moves a schedule to its next date, and ends it behind the last one when nothing is left to be tried again. */
async function moveOn(
  tx: Tx,
  schedule: TransferSchedule,
  next: Partial<ReturnType<typeof nextDate>>,
): Promise<void> {
  const { networkId, id } = schedule;
  const isLast = (next.settledCount ?? schedule.settledCount) === schedule.dateCount;
  const isOver =
    isLast && !(await tx.db.exists(TransferOccurrence, { networkId, scheduleId: id, state: 'RETRYING' }));
  if (isOver) {
    await changeSchedule(tx, schedule, { ...next, state: 'ENDED', endedAt: tx.now }, 'TransferScheduleEnded');
  } else if (next.settledCount !== undefined) {
    await changeSchedule(tx, schedule, next);
  }
}
