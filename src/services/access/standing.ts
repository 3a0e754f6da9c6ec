import { Membership } from '../../entities/membership.ts';
import { Network } from '../../entities/network.ts';
import { RoleAssignment, type Role } from '../../entities/role-assignment.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Db } from '../../kernel/database.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';

/** How somebody stands in a network: all that a decision about permission needs to know. */
export interface Standing {
  network: Network;
  actor: Actor;
  /** The membership in whose name things happen: the person's own, or the one that a helper acts for. */
  membership: Membership | null;
  /** Roles held at this instant; none while acting for somebody else. */
  roles: readonly Role[];
}

export interface Moment {
  db: Db;
  actor: Actor;
  now: Date;
}

/**
 * How a transaction holds the row of its network. `shared` keeps the network as it is until the transaction ends:
 * nobody archives it or changes its rules meanwhile. `exclusive` also keeps out those who hold it shared.
 *
 * Rows are locked in one order everywhere: network, person, membership, group, account.
 */
export type NetworkHold = 'none' | 'shared' | 'exclusive';

/**
 * How the actor stands in a network now, read inside the transaction.
 *
 * @throws NotFound if there is no such network
 */
export async function standingIn(tx: Tx, networkId: string, hold: NetworkHold = 'none'): Promise<Standing> {
  return loadStanding(tx, await holdNetwork(tx, networkId, hold));
}

/** The same outside a transaction: what it says may be past when it is read. */
export async function standingAt(moment: Moment, networkId: string): Promise<Standing> {
  return loadStanding(moment, await holdNetwork(moment, networkId, 'none'));
}

/** The same, with the own membership held as it is: nobody is suspended or leaves before the transaction ends. */
export async function heldStandingIn(tx: Tx, networkId: string): Promise<Standing> {
  return loadStanding(tx, await holdNetwork(tx, networkId, 'none'), 'for share');
}

/** @throws NotFound, InvalidInput INVALID_ID */
export async function holdNetwork(
  tx: Pick<Tx, 'db'>,
  networkId: string,
  hold: NetworkHold,
  path = 'networkId',
): Promise<Network> {
  const match = { id: requireId('network', networkId, path) };
  const [network] = await tx.db.all(Network, match, LOCKS[hold]);
  if (!network) throw new NotFound('Network');
  return network;
}

const LOCKS: Record<NetworkHold, string> = { none: '', shared: 'for share', exclusive: 'for no key update' };

export async function loadStanding(
  { db, actor, now }: Moment,
  network: Network,
  memberLock: '' | 'for share' | 'for no key update' = '',
): Promise<Standing> {
  const nobody: Standing = { network, actor, membership: null, roles: [] };
  if (actor.kind !== 'person') return nobody;
  const [own] = await db.all(Membership, { networkId: network.id, personId: actor.personId }, memberLock);
  if (!own) return nobody;
  const assignments = await rolesHeld(db, network.id, own.id, now);
  if (actor.actingForMembershipId === null) {
    return { network, actor, membership: own, roles: assignments.map((assignment) => assignment.role) };
  }
  const helps = assignments.some((assignment) => assignment.forMembershipId === actor.actingForMembershipId);
  if (!helps || own.state !== 'ACTIVE') return nobody;
  const match = { networkId: network.id, id: actor.actingForMembershipId };
  const [helped] = await db.all(Membership, match, memberLock);
  return { network, actor, membership: helped ?? null, roles: [] };
}

/** Whether somebody acts for another member, who may know more than their helper. */
export function isHelping({ actor }: Pick<Standing, 'actor'>): boolean {
  return actor.kind === 'person' && actor.actingForMembershipId !== null;
}

/** The roles that a member holds at an instant, in the order in which they began. */
export async function rolesHeld(
  db: Db,
  networkId: string,
  membershipId: string,
  at: Date,
): Promise<RoleAssignment[]> {
  // By the key alone, so that the same question of other requests is asked together with it.
  const assignments = await db.all(RoleAssignment, { networkId, membershipId });
  return assignments
    .filter(({ startsAt, endsAt, revokedAt }) => !revokedAt && startsAt <= at && (!endsAt || endsAt > at))
    .toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || (a.id < b.id ? -1 : 1));
}
