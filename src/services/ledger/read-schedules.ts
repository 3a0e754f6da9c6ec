import { Account } from '../../entities/account.ts';
import { TransferOccurrence } from '../../entities/transfer-occurrence.ts';
import { TransferSchedule, type ScheduleState } from '../../entities/transfer-schedule.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Day } from '../../kernel/calendar.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import {
  afterKey,
  CURSOR_INTEGER,
  CURSOR_TEXT,
  pageOf,
  type Page,
  type PageRequest,
} from '../../kernel/page.ts';
import { may, type Verdict } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { payingSubject, seesEntries, tieTo, type Tie } from './account-access.ts';

/** What an account is to pay, newest schedule first. */
export async function listSchedules(
  db: Db,
  account: Account,
  { state }: { state?: ScheduleState | null },
  request: PageRequest,
): Promise<Page<TransferSchedule>> {
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    TransferSchedule,
    `where network_id = $1 and payer_account_id = $2 and ($3::text is null or state = $3)
        and ($4::text is null or id < $4)
      order by id desc limit $5`,
    [account.networkId, account.id, state ?? null, before, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** The dates of a schedule that have come about, newest first. */
export async function listOccurrences(
  db: Db,
  { networkId, id }: TransferSchedule,
  request: PageRequest,
): Promise<Page<TransferOccurrence>> {
  const [before] = afterKey(request, [CURSOR_INTEGER]);
  const rows = await db.select(
    TransferOccurrence,
    `where network_id = $1 and schedule_id = $2 and ($3::integer is null or number < $3)
      order by number desc limit $4`,
    [networkId, id, before, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.number]);
}

/** A schedule of whose payer the viewer may read the statement, or null. */
export async function readableSchedule(
  db: Db,
  standing: Standing,
  schedule: TransferSchedule | undefined,
): Promise<TransferSchedule | null> {
  if (!schedule) return null;
  const payer = await db.one(Account, { networkId: schedule.networkId, id: schedule.payerAccountId });
  assert(payer, 'a schedule has a payer');
  return seesEntries(standing, payer, await tieTo(db, standing, payer)) ? schedule : null;
}

/** The days on which transfers fell due by a schedule; null for the others. */
export async function dueDaysOf(db: Db, transfers: readonly Transfer[]): Promise<(Day | null)[]> {
  const rows = await db.rows<{ transferId: string; dueOn: Day }>(
    `select transfer_id, due_on from transfer_occurrence
      where (network_id, transfer_id) in (select * from unnest($1::text[], $2::text[]))`,
    [transfers.map(({ networkId }) => networkId), transfers.map(({ id }) => id)],
  );
  const days = new Map(rows.map(({ transferId, dueOn }) => [transferId, dueOn]));
  return transfers.map(({ id }) => days.get(id) ?? null);
}

const NOT_IN_THIS_STATE: Verdict = { allowed: false, reason: 'NOT_IN_THIS_STATE' };

/** What the viewer may do with a schedule as it stands. */
export function scheduleVerdicts(
  standing: Standing,
  { state }: TransferSchedule,
  { payer, tie }: { payer: Account; tie: Tie },
): Record<'cancel' | 'pause' | 'resume', Verdict> {
  const pay = may(standing, 'account.pay', payingSubject(payer, tie));
  const inStates = (...states: ScheduleState[]) =>
    pay.allowed && !states.includes(state) ? NOT_IN_THIS_STATE : pay;
  return { cancel: inStates('ACTIVE', 'PAUSED'), pause: inStates('ACTIVE'), resume: inStates('PAUSED') };
}
