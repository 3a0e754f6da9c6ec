import DataLoader from 'dataloader';
import type { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import type { MaintenanceRecord } from '../../entities/maintenance-record.ts';
import { PoolSteward } from '../../entities/pool-steward.ts';
import type { Pool } from '../../entities/pool.ts';
import type { ResourceRate } from '../../entities/resource-rate.ts';
import type { ResourceRecord } from '../../entities/resource-record.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { Standing } from '../../services/access/standing.ts';
import type { Occupancy } from '../../services/pools/free-quantity.ts';
import { maintenanceOf, plansOf } from '../../services/pools/maintenance.ts';
import { occupanciesOf, type AskedThing } from '../../services/pools/occupancies.ts';
import { recordsOf } from '../../services/pools/read-resources.ts';
import { ratesOf } from '../../services/pools/read-rates.ts';
import { stewardsOf } from '../../services/pools/stewards.ts';
import { pages } from './together.ts';

/** What lists of pools and of things ask for in each row, read for all rows at once. */
export interface PoolLoaders {
  /** Whether the actor, or the member for whom they act, looks after a pool. */
  isSteward: (pool: Pick<Pool, 'networkId' | 'id'>) => Promise<boolean>;
  /** Who looks after a pool: ids of memberships. */
  stewards: (pool: Pool) => Promise<string[]>;
  /** What is taken of a thing up to an instant. */
  occupancies: (resource: Resource, until: Date) => Promise<Occupancy[]>;
  /** What members of some classes pay for a thing. */
  rates: (resource: Resource) => Promise<ResourceRate[]>;
  /** The maintenance plans of a thing that are in force. */
  maintenancePlans: (resource: Resource) => Promise<MaintenancePlan[]>;
  /** What was done to look after a thing. */
  maintenanceRecords: (resource: Resource, asked: PageRequest) => Promise<Page<MaintenanceRecord>>;
  /** What happened to a thing. */
  records: (resource: Resource, asked: PageRequest) => Promise<Page<ResourceRecord>>;
}

const byId = { cacheKeyFn: ({ id }: { id: string }) => id };

/** @param standing how the actor stands in a network */
export function makePoolLoaders(
  db: Db,
  standing: (networkId: string) => Promise<Standing>,
  now: Date,
): PoolLoaders {
  const ownPools = new DataLoader<Pick<Pool, 'networkId' | 'id'>, boolean, string>(async (pools) => {
    const standings = await Promise.all(pools.map(({ networkId }) => standing(networkId)));
    const own = standings.map(({ membership }) => (membership?.state === 'ACTIVE' ? membership.id : null));
    const rows = await db.select(
      PoolSteward,
      'where (network_id, pool_id, membership_id) in (select * from unnest($1::text[], $2::text[], $3::text[]))',
      [pools.map(({ networkId }) => networkId), pools.map(({ id }) => id), own],
    );
    const stewarded = new Set(rows.map(({ poolId }) => poolId));
    return pools.map(({ id }) => stewarded.has(id));
  }, byId);
  const stewards = new DataLoader<Pool, string[], string>((pools) => stewardsOf(db, pools), byId);
  const taken = new DataLoader<AskedThing, Occupancy[], string>((things) => occupanciesOf(db, things, now), {
    cacheKeyFn: ({ id, until }) => `${id} ${until?.toISOString()}`,
  });
  const rates = new DataLoader<Resource, ResourceRate[], string>((things) => ratesOf(db, things), byId);
  const plans = new DataLoader<Resource, MaintenancePlan[], string>((things) => plansOf(db, things), byId);
  return {
    isSteward: (pool) => ownPools.load(pool),
    stewards: (pool) => stewards.load(pool),
    occupancies: ({ networkId, id }, until) => taken.load({ networkId, id, until }),
    rates: (resource) => rates.load(resource),
    maintenancePlans: (resource) => plans.load(resource),
    maintenanceRecords: pages((things, asked) => maintenanceOf(db, things, asked)),
    records: pages((things, asked) => recordsOf(db, things, asked)),
  };
}
