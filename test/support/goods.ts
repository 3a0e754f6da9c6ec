import { GroupMembership } from '../../src/entities/group-membership.ts';
import { Group } from '../../src/entities/group.ts';
import { ResourceShare } from '../../src/entities/resource-share.ts';
import { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';
import { mutate, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import type { Member, TestNetwork } from './world.ts';

let serial = 0;

export const onceKey = () => ({ idempotencyKey: `goods-${++serial}` });

/** Input of a move of a stock with a fresh key. */
export function stockInput(stock: Resource, amount: string, extra: object = {}): object {
  return { networkId: stock.networkId, resourceId: stock.id, amount, ...onceKey(), ...extra };
}

/** What a move of a stock answers. */
export const MOVE =
  'move { id kind amount balanceAfter note member { id } group { id } resource { stock { amount } } }';

/** Brings something into a stock; what the move was. */
export async function contribute(
  server: TestServer,
  by: Member,
  stock: Resource,
  amount: string,
): Promise<Json> {
  return (await mutate(server, by, 'stockContribute', stockInput(stock, amount), MOVE)).move;
}

/** A group of the network, such as a household, with these members. */
export async function givenHousehold(
  server: TestServer,
  network: TestNetwork,
  members: readonly Member[],
): Promise<string> {
  const { db, clock } = server.app.services;
  const id = newId('group');
  const name = { name: { en: `House ${id}` }, purpose: {}, sortName: `house ${id}` };
  const since = { createdAt: clock.now(), archivedAt: null };
  await db.insert(Group, { networkId: network.id, id, ...name, joinMode: 'OPEN', ...since });
  for (const { membershipId } of members) {
    const key = { networkId: network.id, groupId: id, membershipId };
    await db.insert(GroupMembership, { ...key, isCoordinator: false, joinedAt: clock.now() });
  }
  return id;
}

/** Has members own a thing together, as it was when it was assigned; gives the thing. */
export async function givenShares(
  server: TestServer,
  resource: Resource,
  shares: readonly [member: Member, count: number][],
): Promise<Resource> {
  const { db } = server.app.services;
  const { networkId, id: resourceId } = resource;
  const shareCount = shares.reduce((sum, [, count]) => sum + count, 0);
  const owned = { ownerKind: 'CO_OWNERS', ownerMembershipId: null, lentUntil: null, shareCount } as const;
  await db.update(Resource, { networkId, id: resourceId }, owned);
  for (const [{ membershipId }, count] of shares) {
    await db.insert(ResourceShare, { networkId, resourceId, membershipId, shareCount: count });
  }
  return { ...resource, ...owned };
}

/** How many shares of a thing each member has. */
export async function sharesOf(
  server: TestServer,
  { networkId, id }: Resource,
): Promise<Record<string, number>> {
  const rows = await server.app.services.db.all(
    ResourceShare,
    { networkId, resourceId: id },
    'order by membership_id',
  );
  return Object.fromEntries(rows.map(({ membershipId, shareCount }) => [membershipId, shareCount]));
}

/** What is wrong with the shares of a thing: they sum to the whole, and are those that its moves lead to. */
export async function shareProof(server: TestServer, { networkId, id }: Resource): Promise<object[]> {
  return server.app.services.db.rows(
    `with moved as (
       select membership_id, sum(share_count) as share_count from (
         select to_membership_id as membership_id, share_count from share_move where network_id = $1 and resource_id = $2
         union all
         select from_membership_id, -share_count from share_move where network_id = $1 and resource_id = $2) m
        where membership_id is not null group by membership_id having sum(share_count) <> 0),
     held as (
       select membership_id, share_count from resource_share where network_id = $1 and resource_id = $2)
     select 'held' as what, h.share_count from held h full join moved m using (membership_id)
      where h.share_count is distinct from m.share_count
     union all
     select 'whole', r.share_count from resource r
      where r.network_id = $1 and r.id = $2 and r.share_count is distinct from (select sum(share_count) from held)`,
    [networkId, id],
  );
}
