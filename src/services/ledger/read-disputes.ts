import { Dispute, type DisputeState } from '../../entities/dispute.ts';
import type { Db } from '../../kernel/database.ts';
import { CURSOR_TEXT, afterKey, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize, may } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';

/**
 * Disputes of a network, newest first: all of them for who looks after them, those that one has opened or mediates for
 * others.
 *
 * @throws Forbidden
 */
export async function listDisputes(
  db: Db,
  standing: Standing,
  state: DisputeState | null,
  request: PageRequest,
): Promise<Page<Dispute>> {
  authorize(standing, 'dispute.read', { isOwn: true });
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Dispute,
    `where network_id = $1 and ($2::text is null or state = $2) and ($3::text is null or id < $3)
       and ($4 or $5 in (opened_by_membership_id, mediator_membership_id))
      order by id desc limit $6`,
    [
      standing.network.id,
      state,
      before,
      may(standing, 'dispute.read').allowed,
      standing.membership?.id ?? null,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** A dispute that the viewer may know of: who opened or mediates it, and who looks after disputes. */
export function readableDispute(standing: Standing, dispute: Dispute): Dispute | null {
  const own = standing.membership?.id;
  const isOwn =
    own !== undefined && [dispute.openedByMembershipId, dispute.mediatorMembershipId].includes(own);
  return may(standing, 'dispute.read', { isOwn }).allowed ? dispute : null;
}
