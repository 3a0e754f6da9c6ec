import { GroupMembership } from '../../src/entities/group-membership.ts';
import { Group } from '../../src/entities/group.ts';
import type { Resource } from '../../src/entities/resource.ts';
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
