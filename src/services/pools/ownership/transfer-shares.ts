import type { Membership } from '../../../entities/membership.ts';
import type { Resource } from '../../../entities/resource.ts';
import { ShareMove } from '../../../entities/share-move.ts';
import { assert, Forbidden, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../../access/decisions.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn, holdNetwork, type Standing } from '../../access/standing.ts';
import { MembershipStateConflict } from '../../networks/errors.ts';
import { holdActiveMember, holdMember } from '../held-members.ts';
import { poolSubject, resourceFor } from '../pool-access.ts';
import { DECIDING_SHARES } from './assign-shares.ts';
import { moveShares, requireCoOwned, requireShareCount } from './shares.ts';

export interface TransferShares {
  networkId: string;
  resourceId: string;
  toMembershipId: string;
  shareCount: number;
  /** Who has left the network and still owns shares; the actor if absent. */
  fromMembershipId?: string | null;
}

/**
 * Gives shares of a thing to another member: one's own, or by a steward those of somebody who has left the network, unless the
 * bylaws have others decide on shares. Whoever wants to be paid for shares offers them, see `offerShares`.
 *
 * @throws Forbidden, DecisionRequired, NotFound, PoolArchived, ResourceNotActive, OwnershipConflict, InsufficientShares, TooManyCoOwners,
 *   MembershipStateConflict, InvalidInput
 * @emits SharesTransferred
 */
export async function transferShares(tx: Tx, command: TransferShares): Promise<ShareMove> {
  // Where others dispose of shares the bylaws say who does: they stay as they are meanwhile.
  await holdNetwork(tx, command.networkId, 'shared');
  const { standing, giver } = await partiesOf(tx, command);
  const found = await resourceFor(tx, command);
  const isOwn = giver.id === standing.membership?.id;
  if (isOwn) authorize(standing, 'share.move', { isOwn });
  else authorizeDecision(standing, 'share.issue', DECIDING_SHARES, poolSubject(found));
  const draft = { from: giver.id, to: command.toMembershipId, shareCount: command.shareCount };
  return transferOf(tx, found.resource, draft);
}

/**
 * Moves shares from one member to another, with what was paid for them.
 *
 * @throws OwnershipConflict, InsufficientShares, TooManyCoOwners, InvalidInput
 * @emits SharesTransferred
 */
export async function transferOf(
  tx: Tx,
  resource: Resource,
  draft: { from: string; to: string; shareCount: number; transferId?: string },
): Promise<ShareMove> {
  requireCoOwned(resource);
  const shareCount = requireShareCount(draft.shareCount);
  const { from: fromMembershipId, to: toMembershipId, transferId = null } = draft;
  const [move] = await moveShares(tx, resource, [
    { fromMembershipId, toMembershipId, shareCount, transferId },
  ]);
  assert(move, 'what is given is written down');
  const { networkId, id: resourceId } = resource;
  const data = { resourceId, fromMembershipId, toMembershipId, shareCount };
  tx.emit({ networkId, kind: 'SharesTransferred', subjectId: move.id, data });
  return move;
}

/** Who gives and who receives, both held: the one a member, the other perhaps one no more. */
export async function partiesOf(
  tx: Tx,
  { networkId, fromMembershipId, toMembershipId }: TransferShares,
): Promise<{ standing: Standing; giver: Membership }> {
  const standing = await heldStandingIn(tx, networkId);
  authorize(standing, 'pool.read');
  const own = standing.membership;
  const fromId = fromMembershipId ?? own?.id;
  if (fromId === undefined) throw new Forbidden('NOT_A_MEMBER');
  if (requireId('membership', toMembershipId, 'toMembershipId') === fromId) {
    throw new InvalidInput('INVALID_CHOICE', 'toMembershipId');
  }
  await holdActiveMember(tx, networkId, toMembershipId, 'toMembershipId');
  if (own && fromId === own.id) return { standing, giver: own };
  const giver = await holdMember(tx, networkId, fromId, 'fromMembershipId');
  // Members dispose of what is theirs; only what nobody can dispose of any more is left to others.
  if (giver.state !== 'LEFT') throw new MembershipStateConflict(giver.state);
  return { standing, giver };
}

/**
 * The move of an earlier request with the same key, for who is a member still.
 *
 * @throws Forbidden, NotFound
 */
export async function repeatedShareMove(tx: Tx, networkId: string, id: string): Promise<ShareMove> {
  authorize(await heldStandingIn(tx, networkId), 'pool.read');
  const move = await tx.db.one(ShareMove, { networkId, id });
  if (!move) throw new NotFound('ShareMove');
  return move;
}
