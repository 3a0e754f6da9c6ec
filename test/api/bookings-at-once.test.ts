import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { codesOf, tryMutate, type Json } from '../support/api.ts';
import { BOOKING, bookingKit } from '../support/bookings.ts';
import { atOnce } from '../support/many.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let members: Member[];
let stew: Member;
let pool: Pool;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  members = [];
  for (const name of ['Ana', 'Ben', 'Cem', 'Dora']) members.push(await givenMember(server, network, name));
  stew = await givenMember(server, network, 'Stew');
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [stew] });
});
afterAll(() => server.close());

const { requestInput, tryRequest, tryAct, request, act, stateOf, moveTo, named, accountOf, eventsOf } =
  bookingKit(() => ({ server, network, pool }));

const memberOf = (index: number) => members[index % members.length]!;

function countOf(codes: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** The most pieces that are taken of a thing at any instant, by the database alone. */
async function mostTaken(thing: Resource): Promise<number> {
  const row = await server.app.database.db.row<{ most: bigint }>(
    `select max(taken) as most from (
       select (select sum(o.quantity) from booking_item o
                where o.resource_id = i.resource_id and o.is_taken
                  and o.occupied_from <= i.occupied_from and i.occupied_from < o.occupied_until) as taken
         from booking_item i where i.resource_id = $1 and i.is_taken) as instant`,
    [thing.id],
  );
  return Number(row?.most);
}

test('200 requests for a thing of which there is one: as many are accepted as follow one another', async () => {
  const drill = await givenResource(server, pool);

  // Each lasts two hours and begins at one of eight full hours: four fit at most, and whoever is refused is really in the way.
  const answers = await atOnce(200, (index) =>
    tryRequest(memberOf(index), requestInput(drill, 1 + (index % 4) * 2, 3 + (index % 4) * 2)),
  );

  expect(countOf(codesOf(answers))).toEqual({ DONE: 4, BOOKING_CONFLICT: 196 });
  expect(await mostTaken(drill)).toBe(1);
});

test('200 requests for a thing of which there are several: exactly as many pieces are taken', async () => {
  const chairs = await givenResource(server, pool, { quantity: 25 });

  const answers = await atOnce(200, (index) => tryRequest(memberOf(index), requestInput(chairs, 1, 3)));

  expect(countOf(codesOf(answers))).toEqual({ DONE: 25, BOOKING_CONFLICT: 175 });
  expect(await mostTaken(chairs)).toBe(25);
});

test('100 approvals at once: the things are taken once', async () => {
  const hall = await givenResource(server, pool, { needsApproval: true });
  const chairs = await givenResource(server, pool, { needsApproval: true, quantity: 3 });
  const asked: Json[] = [];
  for (let index = 0; index < 50; index++) {
    asked.push(await request(memberOf(index), hall, [1, 3]), await request(memberOf(index), chairs, [1, 3]));
  }

  const answers = await atOnce(100, (index) => tryAct(stew, 'bookingApprove', asked[index].id));

  const ofHall = codesOf(answers.filter((_, index) => index % 2 === 0));
  const ofChairs = codesOf(answers.filter((_, index) => index % 2 === 1));
  expect(countOf(ofHall)).toEqual({ DONE: 1, BOOKING_CONFLICT: 49 });
  expect(countOf(ofChairs)).toEqual({ DONE: 3, BOOKING_CONFLICT: 47 });
});

test('several things at once, in any order: no deadlock, and never more than there is', async () => {
  const things = [await givenResource(server, pool), await givenResource(server, pool, { quantity: 2 })];

  const answers = await atOnce(60, (index) => {
    const items = (index % 2 === 0 ? things : things.toReversed()).map(({ id }) => ({
      resourceId: id,
      quantity: 1,
    }));
    return tryRequest(memberOf(index), requestInput(things[0]!, 1, 3, { items }));
  });

  expect(countOf(codesOf(answers))).toEqual({ DONE: 1, BOOKING_CONFLICT: 59 });
});

test('of two stewards who approve the last piece one is told what is in the way', async () => {
  const hall = await givenResource(server, pool, { needsApproval: true });
  const [first, second] = [
    await request(members[0]!, hall, [1, 3]),
    await request(members[1]!, hall, [2, 4]),
  ];

  const answers = await Promise.all(
    [first, second].map(({ id }) =>
      tryMutate(
        server,
        stew,
        'bookingApprove',
        named(id),
        `${BOOKING} errors { ... on BookingConflict { conflicts { resource { id } from until } } }`,
      ),
    ),
  );

  const refused = answers.flatMap(({ errors }) => errors);
  expect(refused).toEqual([
    expect.objectContaining({
      code: 'BOOKING_CONFLICT',
      conflicts: [expect.objectContaining({ resource: { id: hall.id } })],
    }),
  ]);
});

test('of a cancellation and a check-out of one booking exactly one wins', async () => {
  for (let round = 0; round < 10; round++) {
    const drill = await givenResource(server, pool, { feePer: 'USE', feeMinor: 10n });
    const [ana] = members;
    const { id } = await request(ana!, drill, [0, 3], { payerAccountId: ana!.accountId });

    const codes = codesOf(
      await Promise.all([tryAct(ana!, 'bookingCancel', id), tryAct(stew, 'bookingCheckOut', id)]),
    );

    const expected =
      (await stateOf(id)) === 'CANCELLED'
        ? ['DONE', 'BOOKING_STATE_CONFLICT']
        : ['BOOKING_STATE_CONFLICT', 'DONE'];
    expect(codes).toEqual(expected);
    expect((await accountOf(ana!))[1]).toBe('0.00');
  }
});

test('what comes back twice at once comes back once', async () => {
  const [, ben] = members;
  const drill = await givenResource(server, pool, { feePer: 'USE', feeMinor: 10n, depositMinor: 100n });
  const { id } = await request(ben!, drill, [0, 3], { payerAccountId: ben!.accountId });
  await act(ben!, 'bookingCheckOut', id);

  const answers = await atOnce(20, () => tryAct(stew, 'bookingReturn', id, { damageAmount: '0.50' }));

  expect(countOf(codesOf(answers))).toEqual({ DONE: 1, BOOKING_STATE_CONFLICT: 19 });
  expect(await accountOf(ben!)).toEqual(['-0.60', '0.00', '19.40']);
});

test('the same key 50 times books once', async () => {
  const chairs = await givenResource(server, pool, { quantity: 100 });
  const input = requestInput(chairs, 1, 2);

  const answers = await atOnce(50, () => tryRequest(members[0]!, input));

  expect(countOf(codesOf(answers))).toEqual({ DONE: 50 });
  expect(new Set(answers.map(({ booking }) => booking.id)).size).toBe(1);
  expect(await eventsOf(answers[0].booking.id)).toEqual(['BookingRequested', 'BookingApproved']);
  expect(await mostTaken(chairs)).toBe(1);
});

test('a member has no more bookings than the pool allows, however many are asked for at once', async () => {
  pool = await givenPool(server, network, { memberBookings: 3 });
  const chairs = await givenResource(server, pool, { quantity: 100 });

  const answers = await atOnce(30, () => tryRequest(members[0]!, requestInput(chairs, 1, 2)));

  expect(countOf(codesOf(answers))).toEqual({ DONE: 3, TOO_MANY_BOOKINGS: 27 });
});

test('the waiting list is served without a gap while others cancel at once', async () => {
  const chairs = await givenResource(server, pool, { quantity: 10 });
  const had: string[] = [];
  const waiting: string[] = [];
  for (let index = 0; index < 10; index++) had.push((await request(memberOf(index), chairs, [1, 3])).id);
  for (let index = 0; index < 15; index++) {
    waiting.push((await request(memberOf(index), chairs, [1, 3], { waits: true })).id);
  }

  await atOnce(10, (index) => act(memberOf(index), 'bookingCancel', had[index]!));

  const states = await Promise.all(waiting.map(stateOf));
  expect(states).toEqual([...Array(10).fill('APPROVED'), ...Array(5).fill('WAITING')]);
  expect(await mostTaken(chairs)).toBe(10);
  moveTo(4);
});

test('the database itself lets nobody take a thing twice of which there is one', async () => {
  const drill = await givenResource(server, pool, { needsApproval: true });
  const [first, second] = [
    await request(members[0]!, drill, [1, 3]),
    await request(members[1]!, drill, [2, 4]),
  ];
  await act(stew, 'bookingApprove', first.id);
  const { db } = server.app.database;

  const taking = db.execute('update booking_item set is_taken = true where booking_id = $1', [second.id]);

  await expect(taking).rejects.toMatchObject({ constraint: 'ex_booking_item_single' });
});
