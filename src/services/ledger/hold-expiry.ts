import { MINUTE_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import type { JobHandlers, RecurringJob } from '../../kernel/jobs.ts';
import type { RunUnit, Tx } from '../../kernel/unit-of-work.ts';
import { closeHold } from './holds.ts';
import { lockAccounts } from './lock-accounts.ts';

export const HOLD_EXPIRY: RecurringJob = { kind: 'holdExpiry', everyMs: MINUTE_MS };

// So few that no account waits long for them.
const BATCH = 50;

interface DueHold {
  networkId: string;
  id: string;
  accountId: string;
}

interface Parts {
  db: Db;
  run: RunUnit;
}

export function holdJobs(parts: Parts): JobHandlers {
  return { [HOLD_EXPIRY.kind]: (_: never, now: Date) => expireHolds(parts, now) };
}

/**
 * Gives back what is left of the holds whose time is over, in short units of work of one network each. Safe to run twice,
 * also at the same time: what has ended stays as it is. A hold that fails does not hinder the others.
 *
 * Those of archived networks end too: what is left of them only becomes free again on the account that promised it, and
 * nothing moves to anybody else.
 *
 * @throws what went wrong with the first that failed, once all others have ended, so that the job is tried again
 * @emits HoldExpired for each
 */
export async function expireHolds({ db, run }: Parts, now: Date): Promise<void> {
  const faults: unknown[] = [];
  let reachedId = '';
  for (;;) {
    const due = await db.rows<DueHold>(
      `select network_id, id, account_id from hold
        where state = 'OPEN' and expires_at <= $1 and id > $2 order by id limit ${BATCH}`,
      [now, reachedId],
    );
    for (const networkId of new Set(due.map((hold) => hold.networkId))) {
      const holds = due.filter((hold) => hold.networkId === networkId);
      faults.push(...(await faultsOfExpiry(run, networkId, holds)));
    }
    const last = due.at(-1);
    if (!last || due.length < BATCH) break;
    reachedId = last.id;
  }
  if (faults.length > 0) throw faults[0];
}

/** Ends holds of one network, each by itself if together they fail; returns what went wrong. */
async function faultsOfExpiry(
  run: RunUnit,
  networkId: string,
  holds: readonly DueHold[],
): Promise<unknown[]> {
  try {
    await run({ kind: 'system', name: HOLD_EXPIRY.kind }, (tx) => expireTogether(tx, networkId, holds));
    return [];
  } catch (error) {
    if (holds.length === 1) return [error];
    const faults: unknown[] = [];
    for (const hold of holds) faults.push(...(await faultsOfExpiry(run, networkId, [hold])));
    return faults;
  }
}

async function expireTogether(tx: Tx, networkId: string, holds: readonly DueHold[]): Promise<void> {
  const accountIds = holds.map(({ accountId }) => accountId);
  await lockAccounts(tx, networkId, accountIds);
  for (const { id } of holds) await closeHold(tx, { networkId, holdId: id, state: 'EXPIRED' });
}
