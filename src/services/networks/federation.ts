import { Network } from '../../entities/network.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, NetworkArchived, requireOpen } from '../access/may.ts';
import { holdNetwork, standingIn } from '../access/standing.ts';
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
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorize(standing, 'network.link');
  const { network } = standing;
  const parent = await holdNetwork(tx, command.parentId, 'none', 'parentId');
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
  await takeTurns(tx);
  const umbrella = standing.network;
  const child = await holdNetwork(tx, command.childId, 'exclusive', 'childId');
  requireOpen(child);
  if (child.requestedParentId !== umbrella.id) throw new FederationConflict('NO_REQUEST');
  if (await isAncestor(tx.db, child.id, umbrella.id)) throw new FederationConflict('WOULD_BE_CIRCLE');
  const set = { parentId: umbrella.id, requestedParentId: null };
  await tx.db.update(Network, { id: child.id }, set);
  tx.emit({ networkId: umbrella.id, kind: 'ChildAccepted', subjectId: child.id });
  tx.emit({ networkId: child.id, kind: 'ParentJoined', subjectId: umbrella.id });
  return { ...child, ...set };
}

/**
 * Leaves the umbrella, or takes the request to it back.
 *
 * @throws Forbidden, FederationConflict
 * @emits ParentLeft
 */
export async function leaveParent(tx: Tx, command: { networkId: string }): Promise<Network> {
  const standing = await standingIn(tx, command.networkId, 'exclusive');
  authorize(standing, 'network.link');
  const { network } = standing;
  const parentId = network.parentId ?? network.requestedParentId;
  if (!parentId) throw new FederationConflict('NO_REQUEST');
  const set = { parentId: null, requestedParentId: null };
  await tx.db.update(Network, { id: network.id }, set);
  tx.emit({ networkId: network.id, kind: 'ParentLeft', subjectId: parentId });
  return { ...network, ...set };
}

/**
 * Umbrellas that take networks in at once could close a circle of any length together, so they take turns: the first
 * network of the server stands for all of them.
 */
async function takeTurns(tx: Tx): Promise<void> {
  await tx.db.rows('select id from network order by id limit 1 for no key update');
}

const ANCESTORS = `
  with recursive chain(id, parent_id, depth) as (
    select id, parent_id, 0 from network where id = any($1)
    union all
    select n.id, n.parent_id, c.depth + 1 from chain c join network n on n.id = c.parent_id where c.depth < 100
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

/** What an umbrella sees of its children: counts and sums, never a person's figures. */
export interface Aggregate {
  networks: number;
  members: number;
  /** Over the last thirty days. */
  transfers: number;
  /** Hours that moved in the last thirty days, with two decimals. */
  hours: string;
}

const ACTIVITY_DAYS = 30;
// In a smaller network a sum could tell what one person did.
const SMALLEST_COUNTED = 5;

/** Counts and sums over the networks directly below an umbrella. */
export async function aggregateOfChildren(db: Db, umbrellaId: string, now: Date): Promise<Aggregate> {
  const children = await db.all(Network, { parentId: umbrellaId, archivedAt: null });
  const sizes = await db.rows<{ networkId: string; members: bigint }>(
    `select network_id, count(*) as members from membership
      where network_id = any($1) and state = 'ACTIVE' group by network_id`,
    [children.map((child) => child.id)],
  );
  const counted = sizes.filter(({ members }) => members >= SMALLEST_COUNTED);
  const activity = await db.row<{ transfers: bigint; hours: string }>(
    `select count(*) as transfers,
            coalesce(sum(t.amount_minor / power(10::numeric, u.scale)) filter (where u.kind = 'HOURS'), 0)::numeric(30, 2)::text
              as hours
       from transfer t join unit u on u.network_id = t.network_id and u.id = t.unit_id
      where t.network_id = any($1) and t.posted_at > $2`,
    [counted.map((row) => row.networkId), after(now, -ACTIVITY_DAYS * DAY_MS)],
  );
  return {
    networks: children.length,
    members: sizes.reduce((sum, { members }) => sum + Number(members), 0),
    transfers: Number(activity?.transfers ?? 0n),
    hours: activity?.hours ?? '0.00',
  };
}
