import { SignedAction } from '../../../entities/signed-action.ts';
import { HOUR_MS } from '../../../kernel/clock.ts';
import type { Db } from '../../../kernel/database.ts';
import type { JobHandlers, RecurringJob } from '../../../kernel/jobs.ts';
import type { RunUnit, Tx } from '../../../kernel/unit-of-work.ts';
import { endAction } from './end-action.ts';

export const ACTION_EXPIRY: RecurringJob = { kind: 'actionExpiry', everyMs: HOUR_MS };

const BATCH = 50;

interface Parts {
  db: Db;
  run: RunUnit;
}

export function actionJobs(parts: Parts): JobHandlers {
  return { [ACTION_EXPIRY.kind]: (_: never, now: Date) => expireActions(parts, now) };
}

/**
 * Ends the actions that have not been signed in time, each in a unit of work of its own. Safe to run twice, also at the same
 * time: what has ended stays as it is.
 *
 * @emits ActionExpired for each
 */
export async function expireActions({ db, run }: Parts, now: Date): Promise<void> {
  let reachedId = '';
  for (;;) {
    const due = await db.rows<{ networkId: string; id: string }>(
      `select network_id, id from signed_action
        where state in ('PENDING', 'FAILED') and expires_at <= $1 and id > $2 order by id limit ${BATCH}`,
      [now, reachedId],
    );
    for (const named of due) {
      await run({ kind: 'system', name: ACTION_EXPIRY.kind }, (tx) => expireAction(tx, named));
    }
    const last = due.at(-1);
    if (!last || due.length < BATCH) break;
    reachedId = last.id;
  }
}

async function expireAction(tx: Tx, { networkId, id }: { networkId: string; id: string }): Promise<void> {
  const action = await tx.db.lock(SignedAction, { networkId, id, state: ['PENDING', 'FAILED'] });
  if (!action || action.expiresAt > tx.now) return;
  await endAction(tx, action, { state: 'EXPIRED' });
  tx.emit({ networkId, kind: 'ActionExpired', subjectId: id });
}
