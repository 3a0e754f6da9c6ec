import { Pool } from '../../entities/pool.ts';
import { PoolSteward } from '../../entities/pool-steward.ts';
import { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, type Subject } from '../access/may.ts';
import { standingIn, type Standing } from '../access/standing.ts';
import { PoolArchived, ResourceNotActive } from './errors.ts';

// Rows are locked in one order everywhere: network, person, membership, group, pool, resources by id, booking, accounts.

/** A pool, and how the actor stands to it. */
export interface PoolStanding {
  standing: Standing;
  pool: Pool;
  /** Whether the actor, or the member for whom they act, looks after the pool. */
  isSteward: boolean;
}

/** A thing, its pool, and how the actor stands to both. */
export interface ResourceStanding extends PoolStanding {
  resource: Resource;
}

export type RowHold = 'none' | 'shared' | 'exclusive';

const LOCKS: Record<RowHold, string> = { none: '', shared: 'for share', exclusive: 'for no key update' };

/**
 * A pool of the network that is in use, held as it is until the transaction ends.
 *
 * @throws Forbidden for who is no member, NotFound, PoolArchived, InvalidInput INVALID_ID
 */
export async function poolFor(
  tx: Tx,
  command: { networkId: string; poolId: string },
  hold: RowHold = 'shared',
): Promise<PoolStanding> {
  return poolOf(tx, await readerIn(tx, command.networkId), { poolId: command.poolId, hold });
}

/** The same, held shared, of a pool that may be out of use: what is owed outlasts it. */
export async function anyPoolFor(
  tx: Tx,
  command: { networkId: string; poolId: string },
): Promise<PoolStanding> {
  const { poolId } = command;
  return anyPoolOf(tx, await readerIn(tx, command.networkId), { poolId, hold: 'shared' });
}

/** Before anything is looked up: who is no member does not learn what exists. */
async function readerIn(tx: Tx, networkId: string): Promise<Standing> {
  const standing = await standingIn(tx, networkId);
  authorize(standing, 'pool.read');
  return standing;
}

interface HeldPool {
  poolId: string;
  hold: RowHold;
}

async function poolOf(tx: Tx, standing: Standing, held: HeldPool): Promise<PoolStanding> {
  const found = await anyPoolOf(tx, standing, held);
  if (found.pool.archivedAt) throw new PoolArchived();
  return found;
}

async function anyPoolOf(tx: Tx, standing: Standing, { poolId, hold }: HeldPool): Promise<PoolStanding> {
  const match = { networkId: standing.network.id, id: requireId('pool', poolId, 'poolId') };
  const [pool] = await tx.db.all(Pool, match, LOCKS[hold]);
  if (!pool) throw new NotFound('Pool');
  return { standing, pool, isSteward: await isStewardOf(tx.db, standing, pool.id) };
}

/**
 * A thing that is in use, in a pool that is, held until the transaction ends; the pool is held shared.
 *
 * @throws Forbidden for who is no member, NotFound, PoolArchived, ResourceNotActive, InvalidInput INVALID_ID
 */
export async function resourceFor(
  tx: Tx,
  command: { networkId: string; resourceId: string },
  hold: RowHold = 'exclusive',
): Promise<ResourceStanding> {
  const found = await anyResourceFor(tx, command, hold);
  if (found.resource.state !== 'ACTIVE') throw new ResourceNotActive(found.resource.state);
  return found;
}

/** The same in whatever state the thing is. */
export async function anyResourceFor(
  tx: Tx,
  command: { networkId: string; resourceId: string },
  hold: RowHold = 'exclusive',
): Promise<ResourceStanding> {
  const standing = await readerIn(tx, command.networkId);
  const networkId = standing.network.id;
  const match = { networkId, id: requireId('resource', command.resourceId, 'resourceId') };
  const known = await tx.db.one(Resource, match);
  if (!known) throw new NotFound('Resource');
  const poolStanding = await poolOf(tx, standing, { poolId: known.poolId, hold: 'shared' });
  const [resource] = await tx.db.all(Resource, match, LOCKS[hold]);
  assert(resource, 'a thing is never deleted');
  return { ...poolStanding, resource };
}

/** Whether the standing's member looks after a pool. */
export async function isStewardOf(
  db: Db,
  { network, membership }: Standing,
  poolId: string,
): Promise<boolean> {
  if (membership?.state !== 'ACTIVE') return false;
  return db.exists(PoolSteward, { networkId: network.id, poolId, membershipId: membership.id });
}

/** What permissions over a pool depend on: stewards hold them beside the offices. */
export function poolSubject({ isSteward }: Pick<PoolStanding, 'isSteward'>): Subject {
  return { isOwn: isSteward };
}
