import { Resource } from '../../../entities/resource.ts';
import type { Deciding } from '../../../governance/bylaws.ts';
import { DomainError, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../../access/decisions.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn, holdNetwork } from '../../access/standing.ts';
import { holdActiveMember } from '../held-members.ts';
import { poolSubject, resourceFor } from '../pool-access.ts';
import { recordOf } from '../records.ts';
import { OwnershipConflict, SharesDoNotSum } from './errors.ts';
import { MAX_CO_OWNERS, moveShares, requireShareCount } from './shares.ts';

/** What the bylaws say of making co-owners. */
export const DECIDING_SHARES: Deciding = { kind: 'sharesIssue', amount: null };

export interface AssignedShares {
  membershipId: string;
  shareCount: number;
}

export interface AssignShares {
  networkId: string;
  resourceId: string;
  /** The whole, to which the shares sum. */
  shareCount: number;
  /** 1 to 100, each of another member. */
  shares: readonly AssignedShares[];
}

/**
 * Gives a thing of the pool to members who own it together from then on: a steward, unless the bylaws have others decide on
 * shares. What a member owns is theirs to give first.
 *
 * @throws Forbidden, DecisionRequired, NotFound, PoolArchived, ResourceNotActive, OwnershipConflict unless it is the pool's,
 *   SharesDoNotSum, MembershipStateConflict, InvalidInput
 * @emits SharesAssigned
 */
export async function assignShares(tx: Tx, command: AssignShares): Promise<Resource> {
  const { networkId, shares } = command;
  // The bylaws say who decides: they stay as they are meanwhile.
  await holdNetwork(tx, networkId, 'shared');
  authorize(await heldStandingIn(tx, networkId), 'pool.read');
  const shareCount = requireWhole(command);
  await holdOwners(tx, networkId, shares);
  const found = await resourceFor(tx, command);
  const { standing, resource } = found;
  authorizeDecision(standing, 'share.issue', DECIDING_SHARES, poolSubject(found));
  if (resource.ownerKind !== 'POOL') throw new OwnershipConflict(resource.ownerKind);
  const set = { ownerKind: 'CO_OWNERS', shareCount } as const;
  await tx.db.update(Resource, { networkId, id: resource.id }, set);
  const owned = { ...resource, ...set };
  const drafts = shares.map((share) => ({
    fromMembershipId: null,
    toMembershipId: share.membershipId,
    shareCount: share.shareCount,
  }));
  await moveShares(tx, owned, drafts);
  const byMembershipId = standing.membership?.id ?? null;
  await recordOf(tx, owned, { kind: 'OWNERSHIP', note: '', byMembershipId });
  tx.emit({ networkId, kind: 'SharesAssigned', subjectId: resource.id, data: { shareCount } });
  return owned;
}

/** @throws SharesDoNotSum, InvalidInput */
function requireWhole({ shareCount, shares }: AssignShares): number {
  if (shares.length < 1 || shares.length > MAX_CO_OWNERS) {
    throw new InvalidInput('INVALID_RANGE', 'shares', { min: 1, max: MAX_CO_OWNERS });
  }
  requireShareCount(shareCount);
  for (const [index, share] of shares.entries()) {
    requireShareCount(share.shareCount, `shares.${index}.shareCount`);
    if (shares.findIndex(({ membershipId }) => membershipId === share.membershipId) < index) {
      throw new InvalidInput('INVALID_CHOICE', `shares.${index}.membershipId`);
    }
  }
  const sum = shares.reduce((total, share) => total + share.shareCount, 0);
  if (sum !== shareCount) throw new SharesDoNotSum({ sum, shareCount });
  return shareCount;
}

/** Those who are to own it stay members meanwhile; a refusal names the line of the input. */
async function holdOwners(tx: Tx, networkId: string, shares: readonly AssignedShares[]): Promise<void> {
  const lines = shares.map(({ membershipId }, index) => ({
    membershipId,
    path: `shares.${index}.membershipId`,
  }));
  const inOrder = lines.toSorted((a, b) => (a.membershipId < b.membershipId ? -1 : 1));
  for (const { membershipId, path } of inOrder) {
    try {
      await holdActiveMember(tx, networkId, membershipId, path);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new DomainError(error.code, error.message, error.fields, path);
    }
  }
}

/**
 * The thing of an earlier request with the same key, for who is a member still.
 *
 * @throws Forbidden, NotFound
 */
export async function repeatedAssignment(tx: Tx, networkId: string, id: string): Promise<Resource> {
  authorize(await heldStandingIn(tx, networkId), 'pool.read');
  const resource = await tx.db.one(Resource, { networkId, id });
  if (!resource) throw new NotFound('Resource');
  return resource;
}
