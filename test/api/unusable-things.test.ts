import type { Pool } from '../../src/entities/pool.ts';
import { Resource, type Condition } from '../../src/entities/resource.ts';
import { ask, mutate } from '../support/api.ts';
import { bookingKit, hours } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let stew: Member;
let pool: Pool;
let drill: Resource;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  stew = await givenMember(server, network, 'Stew');
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [stew] });
  drill = await givenResource(server, pool);
});
afterAll(() => server.close());

const { request, requestInput, act, named, refuse, stateOf, moveTo } = bookingKit(() => ({
  server,
  network,
  pool,
}));

async function report(condition: Condition, thing = drill): Promise<void> {
  const input = { networkId: network.id, resourceId: thing.id, condition };
  await mutate(server, stew, 'resourceConditionReport', input, '__typename');
}

const conditionOf = async ({ networkId, id }: Resource) =>
  (await server.app.services.db.one(Resource, { networkId, id }))?.condition;

/** How many pieces are free within the first hours, and what a search finds that is free in one of them. */
async function seen(): Promise<unknown[]> {
  const query = `query($r: ID!, $p: ID!, $from: DateTime!, $to: DateTime!) {
    thing: node(id: $r) { ... on Resource { availability(from: $from, to: $to) { free } } }
    pool: node(id: $p) { ... on Pool {
      search { nodes { name } }
      free: search(freeFrom: $from, freeTo: $to) { nodes { name } } } } }`;
  const asked = { r: drill.id, p: pool.id, from: hours(1), to: hours(2) };
  const { thing, pool: found } = await ask(server, ben, query, asked);
  return [thing.availability, found.search.nodes.length, found.free.nodes.length];
}

describe('a thing that cannot be used', () => {
  test('is not free, and is found only by who does not ask when', async () => {
    expect(await seen()).toEqual([[{ free: 1 }], 1, 1]);

    await report('UNUSABLE');

    expect(await seen()).toEqual([[{ free: 0 }], 1, 0]);
  });

  test('is not booked, with others neither', async () => {
    const saw = await givenResource(server, pool);
    await report('UNUSABLE');

    await refuse(ana, ['bookingRequest', requestInput(drill, 1, 2), 'RESOURCE_UNUSABLE']);
    const items = [saw, drill].map(({ id }) => ({ resourceId: id, quantity: 1 }));
    await refuse(ana, ['bookingRequest', requestInput(drill, 1, 2, { items }), 'RESOURCE_UNUSABLE']);
    await refuse(ana, ['bookingRequest', requestInput(drill, 1, 2, { waits: true }), 'RESOURCE_UNUSABLE']);
    await refuse(stew, ['bookingRequest', requestInput(drill, 1, 2), 'RESOURCE_UNUSABLE']);
    expect(await request(ana, saw, [1, 2])).toMatchObject({ state: 'APPROVED' });
  });

  test('is neither approved, extended nor handed out while it stays so', async () => {
    const hall = await givenResource(server, pool, { needsApproval: true });
    const asked = await request(ana, hall, [1, 3]);
    const booked = await request(ana, drill, [1, 3]);
    await report('UNUSABLE');
    await report('UNUSABLE', hall);

    await refuse(stew, ['bookingApprove', named(asked.id), 'RESOURCE_UNUSABLE']);
    await refuse(ana, ['bookingExtend', named(booked.id, { until: hours(4) }), 'RESOURCE_UNUSABLE']);
    moveTo(1);
    await refuse(ana, ['bookingCheckOut', named(booked.id), 'RESOURCE_UNUSABLE']);
    const good = { items: [{ resourceId: drill.id, condition: 'GOOD' }] };
    await refuse(ana, ['bookingCheckOut', named(booked.id, good), 'RESOURCE_UNUSABLE']);

    await report('WORN');

    expect(await act(ana, 'bookingCheckOut', booked.id)).toMatchObject({ state: 'CHECKED_OUT' });
  });

  test('is not handed out when that is seen only then', async () => {
    const booked = await request(ana, drill, [1, 3]);
    moveTo(1);

    const broken = { items: [{ resourceId: drill.id, condition: 'UNUSABLE' }] };
    await refuse(stew, ['bookingCheckOut', named(booked.id, broken), 'RESOURCE_UNUSABLE']);

    expect(await conditionOf(drill)).toBe('GOOD');
  });

  test('comes back so, and goes on to who waits when it is mended', async () => {
    const booked = await request(ana, drill, [1, 4]);
    const waiting = await request(ben, drill, [3, 5], { waits: true });
    moveTo(1);
    await act(ana, 'bookingCheckOut', booked.id);
    moveTo(2);

    await act(ana, 'bookingReturn', booked.id, { items: [{ resourceId: drill.id, condition: 'UNUSABLE' }] });
    expect([await conditionOf(drill), await stateOf(waiting.id)]).toEqual(['UNUSABLE', 'WAITING']);
    await report('GOOD');

    expect(await stateOf(waiting.id)).toBe('APPROVED');
  });
});
