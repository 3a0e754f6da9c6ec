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
 * also at the same time: what has ended stays as it is.
 *
 * @emits HoldExpired for each
 */
export async function expireHolds({ db, run }: Parts, now: Date): Promise<void> {
  for (;;) {
    const due = await db.rows<DueHold>(
      `select network_id, id, account_id from hold
        where state = 'OPEN' and expires_at <= $1 order by expires_at limit ${BATCH}`,
      [now],
    );
    for (const networkId of new Set(due.map((hold) => hold.networkId))) {
      const holds = due.filter((hold) => hold.networkId === networkId);
      await run({ kind: 'system', name: HOLD_EXPIRY.kind }, (tx) => expireTogether(tx, networkId, holds));
    }
    if (due.length < BATCH) return;
  }
}

async function expireTogether(tx: Tx, networkId: string, holds: readonly DueHold[]): Promise<void> {
  const accountIds = holds.map(({ accountId }) => accountId);
  await lockAccounts(tx, networkId, accountIds);
  for (const { id } of holds) await closeHold(tx, { networkId, holdId: id, state: 'EXPIRED' });
}
