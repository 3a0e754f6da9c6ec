import { PoolSteward } from '../../entities/pool-steward.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Db } from '../../kernel/database.ts';
import type { NewEvent } from '../../kernel/events.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { MembershipStateConflict } from '../networks/errors.ts';
import { lockMembership } from '../networks/memberships.ts';
import { StewardConflict } from './errors.ts';
import { poolFor, poolSubject } from './pool-access.ts';

const MAX_STEWARDS = 50;

export interface StewardCommand {
  networkId: string;
  poolId: string;
  membershipId: string;
}

/**
 * Has a member look after a pool, beside those who do already and the coordinators.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, MembershipStateConflict, StewardConflict
 * @emits PoolStewardAdded
 */
export async function addSteward(tx: Tx, command: StewardCommand): Promise<Pool> {
  // Before anything is looked up: who is no member does not learn who is.
  authorize(await standingIn(tx, command.networkId), 'pool.read');
  const member = await lockMembership(tx, command.networkId, command.membershipId);
  const { pool, ...standing } = await poolFor(tx, command, 'exclusive');
  authorize(standing.standing, 'pool.manage', poolSubject(standing));
  if (member.state !== 'ACTIVE') throw new MembershipStateConflict(member.state);
  const { networkId, id: poolId } = pool;
  const stewards = await tx.db.all(PoolSteward, { networkId, poolId });
  if (stewards.some(({ membershipId }) => membershipId === member.id))
    throw new StewardConflict('ALREADY_STEWARD');
  if (stewards.length >= MAX_STEWARDS) throw new StewardConflict('TOO_MANY');
  await tx.db.insert(PoolSteward, { networkId, poolId, membershipId: member.id, addedAt: tx.now });
  tx.emit({ networkId, kind: 'PoolStewardAdded', subjectId: poolId, data: { membershipId: member.id } });
  return pool;
}

/**
 * Has a member look after a pool no longer. With the last steward gone, the coordinators do it.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, StewardConflict NO_STEWARD
 * @emits PoolStewardRemoved
 */
export async function removeSteward(tx: Tx, command: StewardCommand): Promise<Pool> {
  const { pool, ...standing } = await poolFor(tx, command, 'exclusive');
  authorize(standing.standing, 'pool.manage', poolSubject(standing));
  const membershipId = requireId('membership', command.membershipId, 'membershipId');
  const { networkId, id: poolId } = pool;
  if ((await tx.db.delete(PoolSteward, { networkId, poolId, membershipId })) === 0) {
    throw new StewardConflict('NO_STEWARD');
  }
  tx.emit({ networkId, kind: 'PoolStewardRemoved', subjectId: poolId, data: { membershipId } });
  return pool;
}

/**
 * With a membership ends what the member looks after: who comes back is asked anew.
 *
 * @emits PoolStewardRemoved for each pool
 */
export async function endStewardshipsOf(
  tx: Tx,
  { networkId, subjectId: membershipId }: NewEvent,
): Promise<void> {
  const match = { networkId, membershipId };
  const ended = await tx.db.all(PoolSteward, match, 'order by pool_id for update');
  await tx.db.delete(PoolSteward, match);
  for (const { poolId } of ended) {
    tx.emit({ networkId, kind: 'PoolStewardRemoved', subjectId: poolId, data: { membershipId } });
  }
}

/** Who looks after each of the pools: ids of active members, at most 50, in the order in which they began. */
export async function stewardsOf(db: Db, pools: readonly Pool[]): Promise<string[][]> {
  const rows = await db.rows<{ poolId: string; membershipId: string }>(
    `select steward.pool_id, steward.membership_id from pool_steward steward
       join membership on membership.network_id = steward.network_id and membership.id = steward.membership_id
      where (steward.network_id, steward.pool_id) in (select * from unnest($1::text[], $2::text[]))
        and membership.state = 'ACTIVE'
      order by steward.added_at, steward.membership_id`,
    [pools.map(({ networkId }) => networkId), pools.map(({ id }) => id)],
  );
  return pools.map(({ id }) =>
    rows.filter(({ poolId }) => poolId === id).map(({ membershipId }) => membershipId),
  );
}
