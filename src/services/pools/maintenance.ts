import { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';

/** The plans that are in force for each of the things, oldest first. */
export async function plansOf(
  db: Db,
  resources: readonly Pick<Resource, 'networkId' | 'id'>[],
): Promise<MaintenancePlan[][]> {
  const rows = await db.select(
    MaintenancePlan,
    `where (network_id, resource_id) in (select * from unnest($1::text[], $2::text[])) and ended_at is null order by id`,
    [resources.map(({ networkId }) => networkId), resources.map(({ id }) => id)],
  );
  return resources.map(({ id }) => rows.filter(({ resourceId }) => resourceId === id));
}
