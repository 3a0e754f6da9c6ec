import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { ask, mutate, type Json } from '../support/api.ts';
import { bookingKit } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let pool: Pool;
let drill: Resource;
let [steward, ana, ben] = [] as unknown as [Member, Member, Member];

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  [steward, ana, ben] = [
    await givenMember(server, network, 'Stefan'),
    await givenMember(server, network, 'Ana'),
    await givenMember(server, network, 'Ben'),
  ];
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [steward], showsBookers: false });
  drill = await givenResource(server, pool);
});
afterAll(() => server.close());

const { request, act, moveTo } = bookingKit(() => ({ server, network, pool }));

/** Has Ana fetch the drill; gives the booking. */
async function fetched(): Promise<string> {
  const { id } = await request(ana, drill, [1, 3]);
  moveTo(1);
  await act(ana, 'bookingCheckOut', id);
  return id;
}

/** Who has the drill, and what its record says, oldest first: kind, keeper and who said so. */
async function seenBy(viewer: Member): Promise<{ custodian: string | null; records: unknown[] }> {
  const query = `query($id: ID!) { node(id: $id) { ... on Resource { custodian { id }
    records { nodes { kind custodian { id } by { id } } } } } }`;
  const { node } = await ask(server, viewer, query, { id: drill.id });
  const records = node.records.nodes.toReversed();
  return {
    custodian: node.custodian?.id ?? null,
    records: records.map(({ kind, custodian, by }: Json) => [kind, custodian?.id ?? null, by?.id ?? null]),
  };
}

async function keptBy(keeper: Member, viewer: Member): Promise<string[]> {
  const query = `query($id: ID!, $keeper: ID!) { node(id: $id) { ... on Pool {
    resources(filter: { custodianMembershipId: $keeper }) { nodes { id } } } } }`;
  const { node } = await ask(server, viewer, query, { id: pool.id, keeper: keeper.membershipId });
  return node.resources.nodes.map(({ id }: Json) => id);
}

describe('where a pool does not show who has booked', () => {
  test('neither the keeper nor the record of a thing tells other members', async () => {
    const id = await fetched();
    const report = { networkId: network.id, resourceId: drill.id, condition: 'WORN' };
    await mutate(server, ana, 'resourceConditionReport', report, '__typename');

    expect(await seenBy(ben)).toEqual({
      custodian: null,
      records: [
        ['CUSTODY', null, null],
        ['CONDITION', null, null],
      ],
    });

    moveTo(2);
    await act(ana, 'bookingReturn', id);

    expect(await seenBy(ben)).toEqual({
      custodian: null,
      records: [
        ['CUSTODY', null, null],
        ['CONDITION', null, null],
        ['CUSTODY', null, null],
      ],
    });
  });

  test('the booker, stewards and coordinators see it', async () => {
    const coordinator = await givenOfficer(server, network, 'COORDINATOR');
    await fetched();

    for (const viewer of [ana, steward, coordinator]) {
      expect(await seenBy(viewer)).toEqual({
        custodian: ana.membershipId,
        records: [['CUSTODY', ana.membershipId, ana.membershipId]],
      });
      expect(await keptBy(ana, viewer)).toEqual([drill.id]);
    }
  });

  test('a search by keeper finds nothing that others have booked', async () => {
    await fetched();

    expect(await keptBy(ana, ben)).toEqual([]);
  });

  test('who keeps a thing without a booking is seen by all', async () => {
    const move = { networkId: network.id, resourceId: drill.id, membershipId: ana.membershipId };
    await mutate(server, steward, 'custodyMove', move, '__typename');

    expect(await seenBy(ben)).toEqual({
      custodian: ana.membershipId,
      records: [['CUSTODY', ana.membershipId, steward.membershipId]],
    });
    expect(await keptBy(ana, ben)).toEqual([drill.id]);
  });
});

test('where a pool shows who has booked, all see who has a thing', async () => {
  pool = await givenPool(server, network);
  drill = await givenResource(server, pool);
  await fetched();

  expect(await seenBy(ben)).toEqual({
    custodian: ana.membershipId,
    records: [['CUSTODY', ana.membershipId, ana.membershipId]],
  });
  expect(await keptBy(ana, ben)).toEqual([drill.id]);
});
