import { ResourceShare } from '../../../entities/resource-share.ts';
import { Resource } from '../../../entities/resource.ts';
import { ShareMove } from '../../../entities/share-move.ts';
import type { Db } from '../../../kernel/database.ts';
import { InvalidInput } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorOf } from '../../ledger/posting.ts';
import { InsufficientShares, OwnershipConflict, TooManyCoOwners } from './errors.ts';

/** As many shares as a thing has at most, and one move has. */
export const MAX_SHARES = 1_000_000;
export const MAX_CO_OWNERS = 100;

/** Shares on their way: from nobody when they are issued, to nobody when they are taken back. */
export interface ShareMoveDraft {
  fromMembershipId: string | null;
  toMembershipId: string | null;
  shareCount: number;
  /** What was paid for them. */
  transferId?: string | null;
}

/** @throws InvalidInput INVALID_RANGE unless it is a whole number of shares */
export function requireShareCount(count: number, path = 'shareCount'): number {
  if (count < 1 || count > MAX_SHARES) {
    throw new InvalidInput('INVALID_RANGE', path, { min: 1, max: MAX_SHARES });
  }
  return count;
}

/** @throws OwnershipConflict unless several own the thing together */
export function requireCoOwned({ ownerKind, shareCount }: Resource): number {
  if (ownerKind !== 'CO_OWNERS' || shareCount === null) throw new OwnershipConflict(ownerKind);
  return shareCount;
}

/** How many shares of a thing a member has. */
export async function sharesHeld(
  db: Db,
  { networkId, id: resourceId }: Resource,
  membershipId: string,
): Promise<number> {
  return (await db.one(ResourceShare, { networkId, resourceId, membershipId }))?.shareCount ?? 0;
}

/**
 * Moves shares of a thing whose row is locked, and writes each move down.
 *
 * @throws InsufficientShares if who gives has fewer, TooManyCoOwners
 */
export async function moveShares(
  tx: Tx,
  resource: Resource,
  drafts: readonly ShareMoveDraft[],
): Promise<ShareMove[]> {
  const { networkId, id: resourceId } = resource;
  const { personId: byPersonId } = authorOf(tx.actor);
  const moves = drafts.map((draft): ShareMove => ({
    networkId,
    id: newId('shareMove'),
    resourceId,
    transferId: null,
    ...draft,
    byPersonId,
    at: tx.now,
  }));
  for (const { fromMembershipId, toMembershipId, shareCount } of moves) {
    if (fromMembershipId) await takeShares(tx, resource, { membershipId: fromMembershipId, shareCount });
    if (toMembershipId) await addShares(tx, resource, { membershipId: toMembershipId, shareCount });
  }
  const rows = await tx.db.all(ResourceShare, { networkId, resourceId });
  if (rows.length > MAX_CO_OWNERS) throw new TooManyCoOwners(MAX_CO_OWNERS);
  await tx.db.insert(ShareMove, moves);
  return moves;
}

interface Holding {
  membershipId: string;
  shareCount: number;
}

async function takeShares(tx: Tx, resource: Resource, { membershipId, shareCount }: Holding): Promise<void> {
  const held = await sharesHeld(tx.db, resource, membershipId);
  if (shareCount > held) throw new InsufficientShares(held);
  const match = { networkId: resource.networkId, resourceId: resource.id, membershipId };
  if (shareCount === held) await tx.db.delete(ResourceShare, match);
  else await tx.db.update(ResourceShare, match, { shareCount: held - shareCount });
}

async function addShares(tx: Tx, resource: Resource, { membershipId, shareCount }: Holding): Promise<void> {
  const { networkId, id: resourceId } = resource;
  await tx.db.execute(
    `insert into resource_share as s (network_id, resource_id, membership_id, share_count) values ($1, $2, $3, $4)
     on conflict (network_id, resource_id, membership_id) do update set share_count = s.share_count + excluded.share_count`,
    [networkId, resourceId, membershipId, shareCount],
  );
}
