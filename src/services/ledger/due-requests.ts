import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import type { RunUnit } from '../../kernel/unit-of-work.ts';
import { settleDue, type DueTransfer } from './requests.ts';

const BATCH = 200;
// In an archived network nothing changes any more.
const IN_USE = 'network_id in (select id from network where archived_at is null)';

/**
 * Settles the requests whose time has come, each in a transaction of its own, so that one does not hinder the others.
 *
 * @returns how many there were
 */
export async function settleDueRequests(deps: { db: Db; run: RunUnit; clock: Clock }): Promise<number> {
  const now = deps.clock.now();
  let settled = 0;
  for (;;) {
    const due = await deps.db.rows<DueTransfer>(
      `select network_id, id from transfer where state = 'PENDING' and expires_at <= $1 and ${IN_USE}
       union
       select network_id, id from transfer where state = 'PENDING' and accepts_at <= $1 and ${IN_USE}
       order by id limit $2`,
      [now, BATCH],
    );
    for (const one of due) {
      await deps.run({ kind: 'system', name: 'requests' }, (tx) => settleDue(tx, one));
    }
    settled += due.length;
    if (due.length < BATCH) return settled;
  }
}
