import { ResourceRate } from '../../entities/resource-rate.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';

/** What members of some classes pay for each of the things in place of the fee for all, by class. */
export async function ratesOf(db: Db, resources: readonly Resource[]): Promise<ResourceRate[][]> {
  const rows = await db.select(
    ResourceRate,
    `where (network_id, resource_id) in (select * from unnest($1::text[], $2::text[])) order by member_class`,
    [resources.map(({ networkId }) => networkId), resources.map(({ id }) => id)],
  );
  return resources.map(({ id }) => rows.filter(({ resourceId }) => resourceId === id));
}
