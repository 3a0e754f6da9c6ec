import type { Pool } from '../../src/entities/pool.ts';
import { MaintenancePlan } from '../../src/entities/maintenance-plan.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';
import { ask, mutate } from '../support/api.ts';
import { bookingKit, hours } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let cem: Member;
let stew: Member;
let pool: Pool;
let drill: Resource;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  cem = await givenMember(server, network, 'Cem');
  stew = await givenMember(server, network, 'Stew');
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [stew] });
  drill = await givenResource(server, pool);
});
afterAll(() => server.close());

const { request, requestInput, act, stateOf, eventsOf, moveTo, lapse, refuse } = bookingKit(() => ({
  server,
  network,
  pool,
}));

const waits = { waits: true };
const statesOf = (...bookings: { id: string }[]) => Promise.all(bookings.map(({ id }) => stateOf(id)));

describe('who waits', () => {
  test('is served in the order of asking when somebody calls off', async () => {
    const first = await request(ana, drill, [1, 4]);
    const second = await request(ben, drill, [1, 3], waits);
    moveTo(0.1);
    const third = await request(cem, drill, [2, 4], waits);
    const fourth = await request(cem, drill, [3, 4], waits);
    expect(await statesOf(second, third, fourth)).toEqual(['WAITING', 'WAITING', 'WAITING']);

    await act(ana, 'bookingCancel', first.id);

    expect(await statesOf(second, third, fourth)).toEqual(['APPROVED', 'WAITING', 'APPROVED']);
    expect(await eventsOf(second.id)).toEqual(['BookingRequested', 'BookingApproved']);
  });

  test('is served when it comes back early, and when an approved booking is declined', async () => {
    const out = await request(ana, drill, [1, 9]);
    moveTo(1);
    await act(ana, 'bookingCheckOut', out.id);
    const early = await request(ben, drill, [4, 6], waits);
    const late = await request(cem, drill, [5, 7], waits);
    moveTo(2);

    await act(ana, 'bookingReturn', out.id);
    expect(await statesOf(early, late)).toEqual(['APPROVED', 'WAITING']);
    await act(stew, 'bookingDecline', early.id);

    expect(await statesOf(early, late)).toEqual(['DECLINED', 'APPROVED']);
  });

  test('is passed over while the account has no room for what it costs', async () => {
    const van = await givenResource(server, pool, { feePer: 'USE', feeMinor: 1_500n });
    const paidBy = (member: Member) => ({ payerAccountId: member.accountId, ...waits });
    const held = await request(ana, van, [1, 2], paidBy(ana));
    const elsewhere = await request(ben, van, [6, 7], paidBy(ben));
    const poor = await request(ben, van, [1, 2], paidBy(ben));
    const rich = await request(cem, van, [1, 2], paidBy(cem));

    await act(ana, 'bookingCancel', held.id);
    expect(await statesOf(poor, rich)).toEqual(['WAITING', 'APPROVED']);
    await act(ben, 'bookingCancel', elsewhere.id);
    await act(cem, 'bookingCancel', rich.id);

    expect(await statesOf(poor)).toEqual(['APPROVED']);
  });

  test('comes before the stewards where one has to approve', async () => {
    const hall = await givenResource(server, pool, { needsApproval: true });
    const first = await request(ana, hall, [1, 3]);
    await act(stew, 'bookingApprove', first.id);
    const second = await request(ben, hall, [1, 3], waits);
    expect(await stateOf(second.id)).toBe('WAITING');

    await act(ana, 'bookingCancel', first.id);

    expect(await stateOf(second.id)).toBe('REQUESTED');
    expect(await eventsOf(second.id)).toEqual(['BookingRequested', 'BookingServed']);
  });

  test('is served for all things of a booking or for none', async () => {
    const saw = await givenResource(server, pool);
    const ofDrill = await request(ana, drill, [1, 3]);
    const ofSaw = await request(ana, saw, [1, 3]);
    const items = [drill, saw].map(({ id }) => ({ resourceId: id, quantity: 1 }));
    const both = await request(ben, drill, [1, 3], { items, ...waits });

    await act(ana, 'bookingCancel', ofDrill.id);
    expect(await stateOf(both.id)).toBe('WAITING');
    await act(ana, 'bookingCancel', ofSaw.id);

    expect(await stateOf(both.id)).toBe('APPROVED');
  });

  test('waits no more once the time has come', async () => {
    await request(ana, drill, [1, 3]);
    const { id } = await request(ben, drill, [2, 4], waits);
    moveTo(2);

    await lapse();

    expect(await stateOf(id)).toBe('LAPSED');
  });

  test('is served when there is more of the thing, and waits for nothing once it is retired', async () => {
    const chairs = await givenResource(server, pool, { quantity: 2 });
    const two = { items: [{ resourceId: chairs.id, quantity: 2 }] };
    const held = await request(ana, chairs, [1, 2], two);
    const waiting = await request(ben, chairs, [1, 2], waits);
    const inVain = await request(cem, chairs, [1, 2], { ...two, ...waits });
    const change = { networkId: network.id, resourceId: chairs.id };

    await mutate(server, stew, 'resourceUpdate', { ...change, quantity: 3 }, 'resource { id }');
    expect(await statesOf(held, waiting, inVain)).toEqual(['APPROVED', 'APPROVED', 'WAITING']);
    await mutate(server, stew, 'resourceRetire', change, 'resource { id }');

    expect(await statesOf(held, waiting, inVain)).toEqual(['CANCELLED', 'CANCELLED', 'LAPSED']);
  });
});

describe('letters', () => {
  const lettersTo = async (member: Member): Promise<string[]> => {
    const rows = await server.app.services.db.rows<{ letter: string }>(
      `select payload->>'letter' as letter from job where kind = 'letter' and payload->>'to' = $1
        and payload->'values'->>'things' is not null order by id`,
      [member.email],
    );
    return rows.map(({ letter }) => letter);
  };

  test('ask the stewards, and tell the booker what others decided', async () => {
    await server.app.jobs.stop();
    await server.app.services.db.execute(`delete from job where kind = 'letter'`);
    const hall = await givenResource(server, pool, { needsApproval: true });
    const { id } = await request(ana, hall, [1, 3]);
    await act(stew, 'bookingApprove', id);
    await act(stew, 'bookingDecline', id);
    const held = await request(ben, drill, [1, 3]);
    await request(cem, drill, [1, 3], waits);
    await act(ben, 'bookingCancel', held.id);

    expect(await lettersTo(stew)).toEqual(['BOOKING_REQUESTED']);
    expect(await lettersTo(ana)).toEqual(['BOOKING_APPROVED', 'BOOKING_DECLINED']);
    expect(await lettersTo(ben)).toEqual([]);
    expect(await lettersTo(cem)).toEqual(['BOOKING_APPROVED']);
  });
});

describe('a kit', () => {
  const KIT = 'kit { id name endedAt items { quantity resource { id } } }';

  test('is booked whole, and not any more once it has ended', async () => {
    const chairs = await givenResource(server, pool, { quantity: 10 });
    const items = [
      { resourceId: chairs.id, quantity: 6 },
      { resourceId: drill.id, quantity: 1 },
    ];
    const input = { networkId: network.id, poolId: pool.id, name: 'Feast', items };
    const { kit } = await mutate(server, stew, 'kitSet', input, KIT);
    const wish = { items: null, kitId: kit.id };

    const { id } = await request(ana, drill, [1, 3], wish);

    const query = `query($id: ID!) { node(id: $id) { ... on Booking { kit { id } items { quantity } } } }`;
    const { node } = await ask(server, ben, query, { id });
    expect(node.kit.id).toBe(kit.id);
    expect(node.items.map(({ quantity }: { quantity: number }) => quantity).toSorted()).toEqual([1, 6]);
    await refuse(ben, ['bookingRequest', requestInput(drill, 2, 4, wish), 'BOOKING_CONFLICT']);
    await refuse(ben, ['kitSet', input, 'FORBIDDEN']);
    await refuse(stew, [
      'kitSet',
      { ...input, items: [{ resourceId: chairs.id, quantity: 11 }] },
      'TOO_FEW_PIECES',
    ]);
    await refuse(stew, ['kitSet', { ...input, items: [] }, 'REQUIRED']);
    await refuse(ben, ['kitEnd', { networkId: network.id, kitId: kit.id }, 'FORBIDDEN']);

    const renamed = { ...input, kitId: kit.id, name: 'Small feast', items: items.slice(1) };
    expect((await mutate(server, stew, 'kitSet', renamed, KIT)).kit).toMatchObject({
      name: 'Small feast',
      items: [{ quantity: 1, resource: { id: drill.id } }],
    });
    await mutate(server, stew, 'kitEnd', { networkId: network.id, kitId: kit.id }, KIT);
    await refuse(ben, ['bookingRequest', requestInput(drill, 5, 6, wish), 'KIT_ENDED']);
    await refuse(stew, ['kitSet', renamed, 'KIT_ENDED']);
    await refuse(stew, ['kitEnd', { networkId: network.id, kitId: kit.id }, 'KIT_ENDED']);
    expect(await stateOf(id)).toBe('APPROVED');
  });
});

test('the work list tells stewards what waits for them, and nobody else', async () => {
  const hall = await givenResource(server, pool, { needsApproval: true });
  const asked = await request(ana, hall, [30, 31]);
  const tomorrow = await givenResource(server, pool);
  await request(ana, tomorrow, [30, 31]);
  const dueOut = await request(ana, drill, [6, 8]);
  const [mower, saw] = [await givenResource(server, pool), await givenResource(server, pool)];
  const overdue = await request(ben, mower, [1, 2]);
  const dueBack = await request(ben, saw, [1, 9]);
  moveTo(1);
  await act(ben, 'bookingCheckOut', overdue.id);
  await act(ben, 'bookingCheckOut', dueBack.id);
  await server.app.services.db.insert(MaintenancePlan, {
    networkId: network.id,
    id: newId('maintenancePlan'),
    resourceId: saw.id,
    name: 'Sharpen it',
    everyDays: null,
    everyUses: 1,
    lastDoneAt: START,
    lastDoneUses: 0,
    createdAt: START,
    endedAt: null,
  });
  moveTo(5);

  const query = `query($id: ID!) { node(id: $id) { ... on Pool { worklist {
    toApprove { nodes { id } } dueOut { nodes { id } } dueBack { nodes { id } }
    overdue { nodes { id isOverdue until } } toMaintain { nodes { id } } } } } }`;
  const seenBy = async (who: Member) => (await ask(server, who, query, { id: pool.id })).node.worklist;

  expect(await seenBy(stew)).toEqual({
    toApprove: { nodes: [{ id: asked.id }] },
    dueOut: { nodes: [{ id: dueOut.id }] },
    dueBack: { nodes: [{ id: dueBack.id }] },
    overdue: { nodes: [{ id: overdue.id, isOverdue: true, until: hours(2) }] },
    toMaintain: { nodes: [{ id: saw.id }] },
  });
  expect(await seenBy(ana)).toBeNull();
  expect((await seenBy(network.founder)).dueOut.nodes).toHaveLength(1);
});
