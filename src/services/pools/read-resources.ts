import type { Pool } from '../../entities/pool.ts';
import { ResourceRecord } from '../../entities/resource-record.ts';
import { Resource, type ResourceKind, type ResourceState } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import { pagesOf, type Lists } from '../../kernel/lists.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';

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
 * The things of a pool, in the order in which they were added.
 *
 * @throws Forbidden
 */
export async function listResources(
  db: Db,
  standing: Standing,
  { pool, filter }: { pool: Pool; filter: ResourceFilter },
  request: PageRequest,
): Promise<Page<Resource>> {
  authorize(standing, 'pool.read');
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Resource,
    `where network_id = $1 and pool_id = $2 and state = $3 and ($4::text is null or kind = $4)
        and ($5::text is null or owner_membership_id = $5) and ($6::text is null or custodian_membership_id = $6)
        and ($7::text is null or id > $7)
      order by id limit $8`,
    [
      pool.networkId,
      pool.id,
      filter.state ?? 'ACTIVE',
      filter.kind ?? null,
      filter.ownerMembershipId ?? null,
      filter.custodianMembershipId ?? null,
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
