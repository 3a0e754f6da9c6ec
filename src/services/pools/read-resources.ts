import type { Pool } from '../../entities/pool.ts';
import { ResourceRecord } from '../../entities/resource-record.ts';
import { Resource, type ResourceKind, type ResourceState } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import { pagesOf, type Lists } from '../../kernel/lists.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { seesBooker } from './bookings/booking-access.ts';

export interface ResourceFilter {
  kind?: ResourceKind | null;
  /** Those in use if absent. */
  state?: ResourceState | null;
  /** Who owns it alone. */
  ownerMembershipId?: string | null;
  /** Who has it now. */
  custodianMembershipId?: string | null;
}

/**
 * The things of a pool, in the order in which they were added; by who has them only where the viewer may see who has booked
 * them.
 *
 * @throws Forbidden
 */
export async function listResources(
  db: Db,
  standing: Standing,
  { pool, isSteward, filter }: { pool: Pool; isSteward: boolean; filter: ResourceFilter },
  request: PageRequest,
): Promise<Page<Resource>> {
  authorize(standing, 'pool.read');
  const isOwn = filter.custodianMembershipId === standing.membership?.id;
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Resource,
    `where network_id = $1 and pool_id = $2 and state = $3 and ($4::text is null or kind = $4)
        and ($5::text is null or owner_membership_id = $5) and ($6::text is null or custodian_membership_id = $6)
        and ($7 or not exists (
              select 1 from booking_item i
                join booking b on b.network_id = i.network_id and b.id = i.booking_id and b.state = 'CHECKED_OUT'
               where i.network_id = $1 and i.resource_id = resource.id and b.membership_id = $6))
        and ($8::text is null or id > $8)
      order by id limit $9`,
    [
      pool.networkId,
      pool.id,
      filter.state ?? 'ACTIVE',
      filter.kind ?? null,
      filter.ownerMembershipId ?? null,
      filter.custodianMembershipId ?? null,
      seesBooker({ standing, pool, isSteward, isOwn }),
      after,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, ({ id }) => [id]);
}

const RECORDS: Lists<ResourceRecord> = {
  entity: ResourceRecord,
  table: 'resource_record',
  of: 'resource_id',
  by: 'id',
  isLatestFirst: true,
};

/** What happened to each of many things, newest first. */
export function recordsOf(
  db: Db,
  things: readonly Resource[],
  request: PageRequest,
): Promise<Page<ResourceRecord>[]> {
  return pagesOf(db, RECORDS, { owners: things, request });
}
