import { Network } from '../../entities/network.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, InvalidInput } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, NetworkArchived } from '../access/may.ts';
import { findNetwork, standingIn } from '../access/standing.ts';
import { FederationConflict } from './errors.ts';

/**
 * Asks an umbrella to take the network in. Both sides must want it: the umbrella's coordinators accept.
 *
 * @throws Forbidden, FederationConflict
 * @emits ParentRequested
 */
export async function requestParent(
  tx: Tx,
  command: { networkId: string; parentId: string },
): Promise<Network> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'network.link');
  const parent = await findNetwork(tx.db, command.parentId);
  const network = await lockedNetwork(tx, standing.network.id);
  if (parent.archivedAt) throw new NetworkArchived();
  if (parent.template !== 'UMBRELLA') throw new FederationConflict('NOT_AN_UMBRELLA');
  if (network.parentId) throw new FederationConflict('HAS_PARENT');
  if (parent.id === network.id) throw new FederationConflict('WOULD_BE_CIRCLE');
  await tx.db.update(Network, { id: network.id }, { requestedParentId: parent.id });
  tx.emit({ networkId: network.id, kind: 'ParentRequested', subjectId: parent.id });
  return { ...network, requestedParentId: parent.id };
}

/**
 * Takes a network in that has asked for it, as the umbrella's coordinator.
 *
 * @throws Forbidden, FederationConflict
 * @emits ChildAccepted in the umbrella, ParentJoined in the child
 */
export async function acceptChild(tx: Tx, command: { networkId: string; childId: string }): Promise<Network> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'network.link');
  const umbrella = standing.network;
  const child = await findNetwork(tx.db, command.childId);
  // Both rows in id order: two umbrellas that take each other in at once must not both succeed.
  const locked = await lockBoth(tx, umbrella.id, child.id);
  const current = locked.get(child.id);
  if (current?.requestedParentId !== umbrella.id) throw new FederationConflict('NO_REQUEST');
  if (await isAncestor(tx.db, child.id, umbrella.id)) throw new FederationConflict('WOULD_BE_CIRCLE');
  const set = { parentId: umbrella.id, requestedParentId: null };
  await tx.db.update(Network, { id: child.id }, set);
  tx.emit({ networkId: umbrella.id, kind: 'ChildAccepted', subjectId: child.id });
  tx.emit({ networkId: child.id, kind: 'ParentJoined', subjectId: umbrella.id });
  return { ...current, ...set };
}

/**
 * Leaves the umbrella, or takes the request to it back.
 *
 * @throws Forbidden, FederationConflict
 * @emits ParentLeft
 */
export async function leaveParent(tx: Tx, command: { networkId: string }): Promise<Network> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'network.link');
  const network = await lockedNetwork(tx, standing.network.id);
  const parentId = network.parentId ?? network.requestedParentId;
  if (!parentId) throw new FederationConflict('NO_REQUEST');
  const set = { parentId: null, requestedParentId: null };
  await tx.db.update(Network, { id: network.id }, set);
  tx.emit({ networkId: network.id, kind: 'ParentLeft', subjectId: parentId });
  return { ...network, ...set };
}

async function lockedNetwork(tx: Tx, id: string): Promise<Network> {
  const network = await tx.db.lock(Network, { id });
  assert(network, 'a network is never deleted');
  return network;
}

async function lockBoth(tx: Tx, a: string, b: string): Promise<Map<string, Network>> {
  if (a === b) throw new InvalidInput('INVALID_CHOICE', 'childId');
  const locked = new Map<string, Network>();
  for (const id of [a, b].toSorted()) locked.set(id, await lockedNetwork(tx, id));
  return locked;
}

const ANCESTORS = `
  with recursive chain(id, parent_id, depth) as (
    select id, parent_id, 0 from network where id = any($1)
    union all
    select n.id, n.parent_id, c.depth + 1 from chain c join network n on n.id = c.parent_id where c.depth < 20
  )`;

async function isAncestor(db: Db, candidateId: string, networkId: string): Promise<boolean> {
  const rows = await db.rows(`${ANCESTORS} select 1 from chain where id = $2`, [[networkId], candidateId]);
  return rows.length > 0;
}

/** The networks at the top above these: networks with a common one are one federation. */
export async function federationRoots(db: Db, networkIds: readonly string[]): Promise<Set<string>> {
  if (networkIds.length === 0) return new Set();
  const rows = await db.rows<{ id: string }>(
    `${ANCESTORS} select distinct id from chain where parent_id is null`,
    [networkIds],
  );
  return new Set(rows.map((row) => row.id));
}

/** What an umbrella sees of its children: counts and sums, never a person's balance. */
export interface Aggregate {
  networks: number;
  members: number;
}

/** Counts over the networks directly below an umbrella. */
export async function aggregateOfChildren(db: Db, umbrellaId: string): Promise<Aggregate> {
  const children = await db.all(Network, { parentId: umbrellaId });
  const row = await db.row<{ members: bigint }>(
    `select count(*) as members from membership where network_id = any($1) and state = 'ACTIVE'`,
    [children.map((child) => child.id)],
  );
  return { networks: children.length, members: Number(row?.members ?? 0n) };
}
