import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import type { RunUnit } from '../../kernel/unit-of-work.ts';
import { settleDue, type DueTransfer } from './requests.ts';

const BATCH = 200;
// In an archived network nothing changes any more.
const IN_USE = 'network_id in (select id from network where archived_at is null)';

/**
 * Settles the requests whose time has come, each in a transaction of its own and once in the order of their ids: one that
 * fails does not hinder the others.
 *
 * @returns how many were settled
 * @throws what went wrong with the first that failed, once all others are settled, so that the job is tried again
 */
export async function settleDueRequests(deps: { db: Db; run: RunUnit; clock: Clock }): Promise<number> {
  const now = deps.clock.now();
  const faults: unknown[] = [];
  let [settled, reachedId] = [0, ''];
  for (;;) {
    const due = await deps.db.rows<DueTransfer>(
      `select network_id, id from transfer where state = 'PENDING' and expires_at <= $1 and id > $3 and ${IN_USE}
       union
       select network_id, id from transfer where state = 'PENDING' and accepts_at <= $1 and id > $3 and ${IN_USE}
       order by id limit $2`,
      [now, BATCH, reachedId],
    );
    for (const one of due) {
      try {
        await deps.run({ kind: 'system', name: 'requests' }, (tx) => settleDue(tx, one));
        settled++;
      } catch (error) {
        faults.push(error);
      }
    }
    const last = due.at(-1);
    if (!last || due.length < BATCH) break;
    reachedId = last.id;
  }
  if (faults.length > 0) throw faults[0];
  return settled;
}
