import { NetworkEvent } from '../../entities/network-event.ts';
import { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import { CURSOR_TEXT, afterKey, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';

// A transfer that was posted at once is the record of its own posting: it says who did it and when. One that had waited has an
// event, whose id tells when that was.
// So have those of which an earlier version of the books did not say who made them.
const TELLS_ITSELF = `posted_at is not null and answered_at is null and not exists (
  select 1 from event e where e.network_id = transfer.network_id and e.id = 'evt' || substr(transfer.id, 4))`;

export interface EventFilter {
  kind?: string | null;
  subjectId?: string | null;
}

/**
 * What was done in a network, newest first.
 *
 * @throws Forbidden
 */
export async function listEvents(
  db: Db,
  standing: Standing,
  filter: EventFilter,
  request: PageRequest,
): Promise<Page<NetworkEvent>> {
  authorize(standing, 'audit.read');
  const [id] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.rows<NetworkEvent>(
    `(select network_id, id, kind, subject_id, actor_person_id, acting_for_membership_id, actor_system, data, at from event
       where network_id = $1 and ($2::text is null or kind = $2) and ($3::text is null or subject_id = $3)
         and ($4::text is null or id < $4)
       order by id desc limit $5)
     union all
     (select network_id, 'evt' || substr(id, 4), 'TransferPosted', id, created_by_person_id, acting_for_membership_id,
             actor_system, '{}', posted_at
        from transfer
       where network_id = $1 and coalesce($2, 'TransferPosted') = 'TransferPosted' and ($3::text is null or id = $3)
         and ($4::text is null or id < 'trf' || substr($4, 4)) and ${TELLS_ITSELF}
       order by transfer.id desc limit $5)
     order by id desc limit $5`,
    [standing.network.id, filter.kind ?? null, filter.subjectId ?? null, id, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** The event with an id in one of some networks, whoever may know of it. */
export async function eventIn(
  db: Db,
  networkIds: readonly string[],
  id: string,
): Promise<NetworkEvent | null> {
  const [event] = await db.select(NetworkEvent, 'where network_id = any($1) and id = $2', [networkIds, id]);
  if (event) return event;
  const [transfer] = await db.select(Transfer, `where network_id = any($1) and id = $2 and ${TELLS_ITSELF}`, [
    networkIds,
    `trf${id.slice(3)}`,
  ]);
  return transfer ? eventOf(transfer, id) : null;
}

function eventOf(transfer: Transfer, id: string): NetworkEvent {
  const { networkId, createdByPersonId, actingForMembershipId, actorSystem, postedAt } = transfer;
  return {
    networkId,
    id,
    kind: 'TransferPosted',
    subjectId: transfer.id,
    actorPersonId: createdByPersonId,
    actingForMembershipId,
    actorSystem,
    data: {},
    at: postedAt!,
  };
}
