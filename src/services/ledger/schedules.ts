import { Account } from '../../entities/account.ts';
import { TransferOccurrence } from '../../entities/transfer-occurrence.ts';
import { TransferSchedule, type Frequency } from '../../entities/transfer-schedule.ts';
import type { Unit } from '../../entities/unit.ts';
import { dayAfter, dayAt, type Day } from '../../kernel/calendar.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { formatAmount } from '../../kernel/money.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, standingIn, type Standing } from '../access/standing.ts';
import { authorizePaying, payingSubject, tieTo } from './account-access.ts';
import { lockAccounts } from './lock-accounts.ts';
import { authorOf } from './posting.ts';
import { readableSchedule } from './read-schedules.ts';
import { amountsOf, countDays, dueDay, dueInstant, MAX_DATES, MAX_YEARS } from './schedule-dates.ts';
import { ScheduleConflict, ScheduleTooLong, TooManySchedules } from './schedule-errors.ts';
import { unitOfTrade } from './trade.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from './transfers.ts';

export interface ScheduleTransfer {
  networkId: string;
  payerAccountId: string;
  payeeAccountId: string;
  /** A decimal number above zero: what each date pays or, with instalments, what they pay together. */
  amount: string;
  description: string;
  startsOn: Day;
  frequency: Frequency;
  /** 1 if absent. */
  every?: number | null;
  /** One of these says where it ends. */
  count?: number | null;
  endsOn?: Day | null;
  instalments?: number | null;
}

const MAX_EVERY = 366;
const MAX_GOING_ON = 200;

/**
 * Plans a payment on many dates, the first today or later, each from 09:00 in the time zone of the network.
 *
 * @throws Forbidden unless one may sign for the payer, DecisionRequired, NotFound, SameAccount, UnitMismatch, NotTransferable, AccountNotOpen,
 *   ScheduleTooLong, TooManySchedules, InvalidInput
 * @emits TransferScheduled
 */
export async function scheduleTransfer(tx: Tx, command: ScheduleTransfer): Promise<TransferSchedule> {
  const standing = await heldStandingIn(tx, command.networkId);
  const { payer, payee, unit } = await scheduledAccounts(tx, standing, command);
  const author = authorOf(tx.actor);
  assert(author.personId, 'a person schedules');
  const amountMinor = positiveAmount(command.amount, unit, 'amount');
  const dates = datesOf(command, dayAt(tx.now, standing.network.timeZone));
  if (dates.isSplit && amountMinor < dates.dateCount) {
    throw new InvalidInput('INVALID_RANGE', 'instalments', { min: 1, max: String(amountMinor) });
  }
  const total = dates.isSplit ? amountMinor : amountMinor * BigInt(dates.dateCount);
  // All dates count together: nothing is paid bit by bit that is not paid at once.
  const side = { account: payer, tie: await tieTo(tx.db, standing, payer) };
  authorizePaying(standing, side, formatAmount(total, unit.scale));
  const schedule: TransferSchedule = {
    ...dates,
    networkId: unit.networkId,
    id: newId('schedule'),
    payerAccountId: payer.id,
    payeeAccountId: payee.id,
    amountMinor,
    description: boundedText(command.description, 'description', DESCRIPTION_BOUNDS),
    state: 'ACTIVE',
    stopReason: null,
    settledCount: 0,
    nextDueOn: dates.startsOn,
    nextDueAt: dueInstant(dates.startsOn, standing.network.timeZone),
    createdByPersonId: author.personId,
    actingForMembershipId: author.actingForMembershipId,
    createdAt: tx.now,
    endedAt: null,
  };
  await tx.db.insert(TransferSchedule, schedule);
  tx.emit({ networkId: schedule.networkId, kind: 'TransferScheduled', subjectId: schedule.id });
  return schedule;
}

async function scheduledAccounts(
  tx: Tx,
  standing: Standing,
  command: ScheduleTransfer,
): Promise<{ payer: Account; payee: Account; unit: Unit }> {
  const payerId = requireId('account', command.payerAccountId, 'payerAccountId');
  const payeeId = requireId('account', command.payeeAccountId, 'payeeAccountId');
  authorize(standing, 'account.list');
  const networkId = standing.network.id;
  // Locked, so that nobody schedules more than may go on meanwhile.
  const accounts = await lockAccounts(tx, networkId, [payerId, payeeId]);
  const [payer, payee] = [accounts.get(payerId), accounts.get(payeeId)];
  if (!payer || !payee) throw new NotFound('Account');
  authorize(standing, 'account.pay', payingSubject(payer, await tieTo(tx.db, standing, payer)));
  const unit = await unitOfTrade(tx.db, { payer, payee, otherPath: 'payeeAccountId' });
  const goingOn = await tx.db.all(TransferSchedule, {
    networkId,
    payerAccountId: payerId,
    state: ['ACTIVE', 'PAUSED'],
  });
  if (goingOn.length >= MAX_GOING_ON) throw new TooManySchedules(MAX_GOING_ON);
  return { payer, payee, unit };
}

type Dates = Pick<TransferSchedule, 'startsOn' | 'frequency' | 'every' | 'dateCount' | 'isSplit'>;

/** @throws ScheduleTooLong, InvalidInput */
function datesOf(command: ScheduleTransfer, today: Day): Dates {
  const { startsOn, frequency } = command;
  const every = requireRange(command.every ?? 1, 'every', MAX_EVERY);
  if (startsOn < today) throw new InvalidInput('INVALID_RANGE', 'startsOn', { min: today });
  const end = endOf(command);
  const horizon = dayAfter(today, { years: MAX_YEARS });
  const dateCount = countDays({ startsOn, frequency, every }, end, horizon);
  if (dateCount === null) throw new ScheduleTooLong({ maxDates: MAX_DATES, maxYears: MAX_YEARS });
  if (dateCount === 0) throw new InvalidInput('INVALID_RANGE', 'endsOn', { min: startsOn });
  return { startsOn, frequency, every, dateCount, isSplit: Boolean(command.instalments) };
}

function endOf(command: ScheduleTransfer): { count: number } | { endsOn: Day } {
  const count = command.count ?? null;
  const endsOn = command.endsOn ?? null;
  const instalments = command.instalments ?? null;
  const given = [count, endsOn, instalments].filter((end) => end !== null);
  if (given.length === 0) throw new InvalidInput('REQUIRED', 'count');
  if (given.length > 1) throw new InvalidInput('INVALID_CHOICE', endsOn === null ? 'instalments' : 'endsOn');
  if (endsOn !== null) return { endsOn };
  // More than there may be is too long, whatever the number.
  if (count !== null) return { count: requireRange(count, 'count') };
  return { count: requireRange(instalments ?? 0, 'instalments') };
}

function requireRange(value: number, path: string, max: number | null = null): number {
  if (value >= 1 && (max === null || value <= max)) return value;
  throw new InvalidInput('INVALID_RANGE', path, max === null ? { min: 1 } : { min: 1, max });
}

export interface NamedSchedule {
  networkId: string;
  transferScheduleId: string;
}

/**
 * Ends a schedule; what was paid stays paid.
 *
 * @throws Forbidden unless one may sign for the payer, NotFound, ScheduleConflict
 * @emits TransferScheduleCancelled
 */
export async function cancelSchedule(tx: Tx, command: NamedSchedule): Promise<TransferSchedule> {
  const { schedule } = await takeSchedule(tx, command);
  if (schedule.endedAt) throw new ScheduleConflict('HAS_ENDED');
  await skipRetries(tx, schedule);
  return changeSchedule(tx, schedule, { state: 'CANCELLED', endedAt: tx.now }, 'TransferScheduleCancelled');
}

/**
 * Lets a schedule rest until it is resumed. A date that waits to be tried again is skipped.
 *
 * @throws Forbidden unless one may sign for the payer, NotFound, ScheduleConflict
 * @emits TransferSchedulePaused
 */
export async function pauseSchedule(tx: Tx, command: NamedSchedule): Promise<TransferSchedule> {
  const { schedule } = await takeSchedule(tx, command);
  if (schedule.state !== 'ACTIVE') throw new ScheduleConflict('NOT_ACTIVE');
  await skipRetries(tx, schedule);
  return changeSchedule(tx, schedule, { state: 'PAUSED' }, 'TransferSchedulePaused');
}

/**
 * Lets a schedule go on. Dates that passed while it rested are skipped, or paid at once if that is wished.
 *
 * @throws Forbidden unless one may sign for the payer, NotFound, ScheduleConflict
 * @emits TransferScheduleResumed
 */
export async function resumeSchedule(
  tx: Tx,
  command: NamedSchedule & { catchesUp?: boolean | null },
): Promise<TransferSchedule> {
  const { standing, schedule } = await takeSchedule(tx, command);
  if (schedule.state !== 'PAUSED') throw new ScheduleConflict('NOT_PAUSED');
  const next = command.catchesUp ? {} : await skipPassed(tx, schedule, standing.network.timeZone);
  const isOver = (next.settledCount ?? schedule.settledCount) === schedule.dateCount;
  return changeSchedule(
    tx,
    schedule,
    { ...next, ...(isOver ? { state: 'ENDED', endedAt: tx.now } : { state: 'ACTIVE' }) },
    'TransferScheduleResumed',
  );
}

/** The schedule, locked, if the actor may sign for its payer. */
async function takeSchedule(
  tx: Tx,
  { networkId, transferScheduleId }: NamedSchedule,
): Promise<{ standing: Standing; schedule: TransferSchedule }> {
  const standing = await heldStandingIn(tx, networkId);
  authorize(standing, 'account.list');
  const id = requireId('schedule', transferScheduleId, 'transferScheduleId');
  const found = await tx.db.lock(TransferSchedule, { networkId: standing.network.id, id });
  const schedule = await readableSchedule(tx.db, standing, found);
  if (!schedule) throw new NotFound('TransferSchedule');
  const payer = await tx.db.one(Account, { networkId: schedule.networkId, id: schedule.payerAccountId });
  assert(payer, 'a schedule has a payer');
  authorize(standing, 'account.pay', payingSubject(payer, await tieTo(tx.db, standing, payer)));
  return { standing, schedule };
}

/** Changes a schedule that is locked. */
export async function changeSchedule(
  tx: Tx,
  schedule: TransferSchedule,
  change: Partial<TransferSchedule>,
  fact?: string,
  data?: Record<string, string>,
): Promise<TransferSchedule> {
  const { networkId, id } = schedule;
  await tx.db.update(TransferSchedule, { networkId, id }, change);
  if (fact) tx.emit({ networkId, kind: fact, subjectId: id, ...(data && { data }) });
  return { ...schedule, ...change };
}

/** Gives up the dates of a schedule that wait to be tried again. */
export async function skipRetries(tx: Tx, { networkId, id }: TransferSchedule): Promise<void> {
  await tx.db.update(
    TransferOccurrence,
    { networkId, scheduleId: id, state: 'RETRYING' },
    { state: 'SKIPPED', retryAt: null, settledAt: tx.now },
  );
}

/** Where a schedule stands when one more of its dates has come about. */
export function nextDate(
  schedule: TransferSchedule,
  timeZone: string,
): Pick<TransferSchedule, 'settledCount' | 'nextDueOn' | 'nextDueAt'> {
  const settledCount = schedule.settledCount + 1;
  if (settledCount === schedule.dateCount) return { settledCount, nextDueOn: null, nextDueAt: null };
  const nextDueOn = dueDay(schedule, settledCount);
  return { settledCount, nextDueOn, nextDueAt: dueInstant(nextDueOn, timeZone) };
}

async function skipPassed(
  tx: Tx,
  schedule: TransferSchedule,
  timeZone: string,
): Promise<Partial<TransferSchedule>> {
  const skipped: TransferOccurrence[] = [];
  const amounts = amountsOf(schedule);
  let at = schedule;
  while (at.nextDueOn && at.nextDueAt && at.nextDueAt <= tx.now) {
    skipped.push({
      networkId: schedule.networkId,
      scheduleId: schedule.id,
      dueOn: at.nextDueOn,
      number: at.settledCount,
      amountMinor: amounts[at.settledCount]!,
      state: 'SKIPPED',
      tries: 0,
      refusalCode: null,
      transferId: null,
      retryAt: null,
      settledAt: tx.now,
    });
    at = { ...at, ...nextDate(at, timeZone) };
  }
  if (skipped.length > 0) await tx.db.insert(TransferOccurrence, skipped);
  const { settledCount, nextDueOn, nextDueAt } = at;
  return { settledCount, nextDueOn, nextDueAt };
}

/**
 * What an earlier request with the same key has planned, for who is a member still.
 *
 * @throws Forbidden
 */
export async function plannedSchedule(tx: Tx, networkId: string, id: string): Promise<TransferSchedule> {
  authorize(await standingIn(tx, networkId), 'account.pay', { isOwn: true });
  const schedule = await tx.db.one(TransferSchedule, { networkId, id });
  assert(schedule, 'what a key stands for is there');
  return schedule;
}
