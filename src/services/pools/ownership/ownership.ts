import { Pool } from '../../../entities/pool.ts';
import { ResourceShare } from '../../../entities/resource-share.ts';
import { Resource } from '../../../entities/resource.ts';
import { ShareMove } from '../../../entities/share-move.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn, type Standing } from '../../access/standing.ts';
import { authorOf } from '../../ledger/posting.ts';
import { PoolArchived, ResourceNotActive } from '../errors.ts';
import { recordOf } from '../records.ts';
import { OwnershipConflict, ResourceBooked } from './errors.ts';

const NOTE_BOUNDS = { max: 500 };

export interface LendResource {
  networkId: string;
  resourceId: string;
  /** In the future; for as long as nothing else is said if absent. */
  until?: Date | null;
}

/**
 * Says until when the owner of a thing lends it to the pool: longer than before, or shorter where no booking is in the way.
 *
 * @throws Forbidden unless it is one's own, NotFound, PoolArchived, ResourceNotActive, OwnershipConflict, ResourceBooked, InvalidInput
 * @emits ResourceLent
 */
export async function lendResource(tx: Tx, command: LendResource): Promise<Resource> {
  const until = command.until ?? null;
  const owned = await ownThing(tx, command);
  requireInUse(owned);
  const { resource } = owned;
  if (resource.ownerKind !== 'MEMBER') throw new OwnershipConflict(resource.ownerKind);
  if (until !== null) {
    if (until <= tx.now) throw new InvalidInput('INVALID_RANGE', 'until');
    await requireFree(tx.db, resource, { from: until, isOutInTheWay: false });
  }
  return changeOwnership(tx, owned, { set: { lentUntil: until }, kind: 'ResourceLent', note: '' });
}

export interface GiveResource {
  networkId: string;
  resourceId: string;
  note?: string | null;
}

/**
 * Gives a thing to its pool for good: the member whose it is, or the one co-owner who holds all shares. Who has it now stays
 * as it is.
 *
 * @throws Forbidden unless it is one's own, NotFound, PoolArchived, ResourceNotActive, InvalidInput
 * @emits ResourceGiven
 */
export async function giveResource(tx: Tx, command: GiveResource): Promise<Resource> {
  const owned = await ownThing(tx, command);
  requireInUse(owned);
  const { standing, resource } = owned;
  const { networkId, id: resourceId, shareCount } = resource;
  if (resource.ownerKind === 'CO_OWNERS') {
    assert(standing.membership && shareCount, 'who holds all shares is a member');
    await tx.db.delete(ResourceShare, { networkId, resourceId });
    await tx.db.insert(ShareMove, {
      networkId,
      id: newId('shareMove'),
      resourceId,
      fromMembershipId: standing.membership.id,
      toMembershipId: null,
      shareCount,
      transferId: null,
      byPersonId: authorOf(tx.actor).personId,
      at: tx.now,
    });
  }
  const set = { ownerKind: 'POOL', ownerMembershipId: null, lentUntil: null, shareCount: null } as const;
  const note = optionalText(command.note, 'note', NOTE_BOUNDS) ?? '';
  return changeOwnership(tx, owned, { set, kind: 'ResourceGiven', note });
}

/**
 * Takes a thing of one's own back from the pool, which ends its being shared; also from one that is archived.
 *
 * @throws Forbidden unless it is one's own, NotFound, ResourceNotActive if it is retired, OwnershipConflict, ResourceBooked with
 *   what is in the way
 * @emits ResourceRetired
 */
export async function takeBackResource(tx: Tx, command: GiveResource): Promise<Resource> {
  const { standing, resource } = await ownThing(tx, command);
  if (resource.state === 'RETIRED') throw new ResourceNotActive('RETIRED');
  if (resource.ownerKind !== 'MEMBER') throw new OwnershipConflict(resource.ownerKind);
  await requireFree(tx.db, resource, { from: tx.now, isOutInTheWay: true });
  const { networkId, id } = resource;
  const set: Partial<Resource> = {
    state: 'RETIRED',
    retiredAt: tx.now,
    custodianMembershipId: resource.ownerMembershipId,
  };
  await tx.db.update(Resource, { networkId, id }, set);
  const taken = { ...resource, ...set };
  const note = optionalText(command.note, 'note', NOTE_BOUNDS) ?? '';
  await recordOf(tx, taken, { kind: 'RETIRED', note, byMembershipId: standing.membership?.id ?? null });
  tx.emit({ networkId, kind: 'ResourceRetired', subjectId: id, data: { poolId: taken.poolId } });
  return taken;
}

interface OwnedThing {
  standing: Standing;
  pool: Pool;
  resource: Resource;
}

/** A thing that belongs to the actor, locked; its pool is held as it is and may be archived. */
async function ownThing(tx: Tx, command: { networkId: string; resourceId: string }): Promise<OwnedThing> {
  const standing = await heldStandingIn(tx, command.networkId);
  // Before anything is looked up: who is no member does not learn what exists.
  authorize(standing, 'pool.read');
  const networkId = standing.network.id;
  const match = { networkId, id: requireId('resource', command.resourceId, 'resourceId') };
  const known = await tx.db.one(Resource, match);
  if (!known) throw new NotFound('Resource');
  const [pool] = await tx.db.all(Pool, { networkId, id: known.poolId }, 'for share');
  const resource = await tx.db.lock(Resource, match);
  assert(pool && resource, 'pools and things are never deleted');
  authorize(standing, 'resource.own', { isOwn: await ownsAll(tx.db, standing, resource) });
  return { standing, pool, resource };
}

/** Whether a thing belongs to the standing's member alone, as the owner or with every share of it. */
export async function ownsAll(db: Db, { membership }: Standing, resource: Resource): Promise<boolean> {
  if (!membership) return false;
  if (resource.ownerKind !== 'CO_OWNERS') return resource.ownerMembershipId === membership.id;
  const { networkId, id: resourceId } = resource;
  const own = await db.one(ResourceShare, { networkId, resourceId, membershipId: membership.id });
  return own?.shareCount === resource.shareCount;
}

function requireInUse({ pool, resource }: OwnedThing): void {
  if (pool.archivedAt) throw new PoolArchived();
  if (resource.state !== 'ACTIVE') throw new ResourceNotActive(resource.state);
}

/** @throws ResourceBooked if somebody has it booked beyond an instant, or has it now where that is in the way */
async function requireFree(
  db: Db,
  { networkId, id }: Resource,
  { from, isOutInTheWay }: { from: Date; isOutInTheWay: boolean },
): Promise<void> {
  const found = await db.row<{ bookings: number; untilAt: Date | null }>(
    `select count(*)::integer as bookings, max(b.until_at) as until_at
       from booking_item i
       join booking b on b.network_id = i.network_id and b.id = i.booking_id
      where i.network_id = $1 and i.resource_id = $2 and i.is_taken
        and (b.until_at > $3 or ($4 and b.state = 'CHECKED_OUT'))`,
    [networkId, id, from, isOutInTheWay],
  );
  if (found?.untilAt) throw new ResourceBooked({ bookings: found.bookings, untilAt: found.untilAt });
}

/** Whose a thing is, or until when it is lent, with its record. */
async function changeOwnership(
  tx: Tx,
  { standing, resource }: OwnedThing,
  { set, kind, note }: { set: Partial<Resource>; kind: string; note: string },
): Promise<Resource> {
  const { networkId, id } = resource;
  await tx.db.update(Resource, { networkId, id }, set);
  const changed = { ...resource, ...set };
  const byMembershipId = standing.membership?.id ?? null;
  await recordOf(tx, changed, { kind: 'OWNERSHIP', note, byMembershipId });
  tx.emit({ networkId, kind, subjectId: id });
  return changed;
}
