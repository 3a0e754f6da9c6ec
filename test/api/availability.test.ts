import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { MaintenancePlan } from '../../src/entities/maintenance-plan.ts';
import { newId } from '../../src/kernel/ids.ts';
import { ask, send, type Json } from '../support/api.ts';
import { givenBooking } from '../support/given-booking.ts';
import { givenPool, givenResource, givenStock } from '../support/pools.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ben: Member;
let pool: Pool;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server, { slug: 'free' });
  ben = await givenMember(server, network, 'Ben');
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network);
});
afterAll(() => server.close());

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(START.getTime() + hours * HOUR_MS);
const at = (hours: number) => inHours(hours).toISOString();

const take = (
  thing: Resource,
  [from, until]: [number, number],
  state: 'APPROVED' | 'CHECKED_OUT' = 'APPROVED',
) => givenBooking(server, ben, [thing], { fromAt: inHours(from), untilAt: inHours(until), state });

const AVAILABILITY = `query($id: ID!, $from: DateTime!, $to: DateTime!) {
  node(id: $id) { ... on Resource { availability(from: $from, to: $to) { from until free } } }
}`;

async function freeOf(thing: Resource, from: number, to: number): Promise<[number, number, number][]> {
  const data = await ask(server, ben, AVAILABILITY, { id: thing.id, from: at(from), to: at(to) });
  const hour = (text: string) => (new Date(text).getTime() - START.getTime()) / HOUR_MS;
  return data.node.availability.map((step: Json) => [hour(step.from), hour(step.until), step.free]);
}

describe('availability', () => {
  test('goes down with what is taken and up with what comes back', async () => {
    const thing = await givenResource(server, pool, { quantity: 3 });
    await take(thing, [1, 3]);
    await take(thing, [2, 4]);

    expect(await freeOf(thing, 0, 5)).toEqual([
      [0, 1, 3],
      [1, 2, 2],
      [2, 3, 1],
      [3, 4, 2],
      [4, 5, 3],
    ]);
  });

  test('counts what is still out up to now', async () => {
    const thing = await givenResource(server, pool);
    await take(thing, [0, 1], 'CHECKED_OUT');
    server.clock.moveTo(inHours(3));

    expect(await freeOf(thing, 3, 5)).toEqual([[3, 5, 1]]);
    expect(await freeOf(thing, 0, 5)).toEqual([
      [0, 3, 0],
      [3, 5, 1],
    ]);
  });

  test('is none in the past, after a loan, or while maintenance is overdue', async () => {
    const loan = { ownerKind: 'MEMBER', ownerMembershipId: ben.membershipId, lentUntil: inHours(4) } as const;
    const lent = await givenResource(server, pool, loan);
    const worn = await givenResource(server, pool, { useCount: 5 });
    await server.app.services.db.insert(MaintenancePlan, {
      networkId: network.id,
      id: newId('maintenancePlan'),
      resourceId: worn.id,
      name: 'Oil',
      everyDays: null,
      everyUses: 5,
      lastDoneAt: START,
      lastDoneUses: 0,
      createdAt: START,
      endedAt: null,
    });

    expect(await freeOf(lent, -2, 6)).toEqual([
      [-2, 0, 0],
      [0, 4, 1],
      [4, 6, 0],
    ]);
    expect(await freeOf(worn, 0, 5)).toEqual([[0, 5, 0]]);
  });

  test('is none of what is retired, offered or a stock', async () => {
    const retired = await givenResource(server, pool, { state: 'RETIRED', retiredAt: START });
    const offered = await givenResource(server, pool, { state: 'OFFERED' });
    const stock = await givenStock(server, pool);

    for (const thing of [retired, offered, stock]) expect(await freeOf(thing, 0, 1)).toEqual([[0, 1, 0]]);
  });

  test.each([
    ['no time', 0, 0],
    ['less than that', 1, 0],
    ['more than 62 days', 0, 62 * 24 + 1],
  ])('of %s is refused', async (_, from, to) => {
    const thing = await givenResource(server, pool);

    const variables = { id: thing.id, from: at(from), to: at(to) };
    const answer = await send(server, AVAILABILITY, variables, { token: ben.token });

    expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual(['INVALID_RANGE']);
  });
});

describe('a search', () => {
  const SEARCH = `query($id: ID!, $first: Int, $after: String, $text: String, $kind: ResourceKind, $near: NearInput,
      $freeFrom: DateTime, $freeTo: DateTime, $quantity: Int) {
    node(id: $id) { ... on Pool {
      search(first: $first, after: $after, text: $text, kind: $kind, near: $near, freeFrom: $freeFrom, freeTo: $freeTo,
        quantity: $quantity) { nodes { name } pageInfo { hasNextPage endCursor } }
    } }
  }`;
  const search = async (asked: object): Promise<Json> =>
    (await ask(server, ben, SEARCH, { id: pool.id, ...asked })).node.search;
  const found = async (asked: object): Promise<string[]> =>
    (await search(asked)).nodes.map(({ name }: Json) => name);
  const given = (name: string, more: Partial<Resource> = {}) =>
    givenResource(server, pool, { name, ...more });
  const free = (from: number, to: number) => ({ freeFrom: at(from), freeTo: at(to) });

  test('finds words by their beginnings, in the name and in the description', async () => {
    await given('Cordless drill', { description: 'With a box of bits' });
    await given('Drill stand');
    await given('Saw');
    await given('Old drill', { state: 'RETIRED', retiredAt: START });

    expect(await found({ text: 'DRI' })).toEqual(['Cordless drill', 'Drill stand']);
    expect(await found({ text: 'drill, bit!' })).toEqual(['Cordless drill']);
    expect(await found({ text: "'); drop table resource; --" })).toEqual([]);
    expect(await found({ text: ' -- ' })).toEqual(['Cordless drill', 'Drill stand', 'Saw']);
  });

  test.each([
    ['Nähmaschine/Overlock', ['nähmaschine', 'OVERLOCK', 'nähmaschine/overlock', 'over']],
    ['Rohr 12.5 mm, -5 °C', ['12.5', 'rohr 12', 'mm', '5', '-5 °c']],
    ['„Makita“–Säge…', ['makita', 'säge', '„Makita“', 'MAKITA säg']],
    ['O’Neill e-bike http://x.org/v2.0', ['neill', 'o’neill', "o'neill", 'e-bike', 'bike', 'x.org', 'v2.0']],
    ['हिन्दी किताब', ['हिन्दी', 'किताब', 'किता']],
    ['مِطرقة كبيرة', ['مِطرقة', 'كبيرة']],
    ['🛠Werkzeug🔧snake_case', ['werkzeug', '🛠 werkzeug', 'snake', 'case', 'snake_case']],
  ])('finds %s by its words, whatever stands between them', async (name, texts) => {
    await given(name);
    await given('Ladder');

    for (const text of texts) expect([text, await found({ text })]).toEqual([text, [name]]);
  });

  test('keeps to a kind and to a number of pieces', async () => {
    await given('Chairs', { quantity: 20 });
    await given('Hall', { kind: 'SPACE' });

    expect(await found({ kind: 'SPACE' })).toEqual(['Hall']);
    expect(await found({ quantity: 20 })).toEqual(['Chairs']);
    expect(await found({ quantity: 21 })).toEqual([]);
  });

  test('finds what is near, nearest first, also across the date line', async () => {
    await given('Berlin', { latitude: 52.52, longitude: 13.405 });
    await given('Potsdam', { latitude: 52.39, longitude: 13.06 });
    await given('Suva', { latitude: -17, longitude: 179.9 });
    await given('Nowhere');
    const near = (latitude: number, longitude: number, radiusKm: number) => ({
      near: { latitude, longitude, radiusKm },
    });

    expect(await found(near(52.4, 13.1, 50))).toEqual(['Potsdam', 'Berlin']);
    // 27.5 kilometres apart by the great circle.
    expect(await found(near(52.52, 13.405, 27))).toEqual(['Berlin']);
    expect(await found(near(52.52, 13.405, 28))).toEqual(['Berlin', 'Potsdam']);
    expect(await found(near(-17, -179.9, 30))).toEqual(['Suva']);
    expect(await found(near(89.9, 0, 1000))).toEqual([]);
  });

  test('finds what is free for the whole time, with its buffers', async () => {
    const taken = await given('Taken', { quantity: 2 });
    const buffered = await given('Buffered', { bufferBeforeMinutes: 60 });
    const late = await given('Late');
    await take(taken, [2, 4]);
    await take(buffered, [0, 2]);
    await take(late, [0, 1], 'CHECKED_OUT');

    expect(await found(free(4, 5))).toEqual(['Buffered', 'Late', 'Taken']);
    expect(await found(free(2, 3))).toEqual(['Late', 'Taken']);
    expect(await found({ ...free(3, 5), quantity: 2 })).toEqual([]);
    expect(await found({ ...free(4, 5), quantity: 2 })).toEqual(['Taken']);
    server.clock.moveTo(inHours(2));
    await givenBooking(server, ben, [taken], { fromAt: inHours(3), untilAt: inHours(4) });
    expect(await found(free(3.5, 5))).toEqual(['Buffered', 'Late']);
  });

  test('finds what could be booked by its rules', async () => {
    await given('Always');
    await given('Lent', {
      ownerKind: 'MEMBER',
      ownerMembershipId: ben.membershipId,
      lentUntil: inHours(9),
    });
    await given('Long before', { leadMinutes: 600 });
    await given('Short', { longestMinutes: 60 });
    await given('Closed', { opening: { weekly: [], closures: [] } });
    await givenStock(server, pool, { name: 'Potatoes' });

    expect(await found(free(8, 9))).toEqual(['Always', 'Lent', 'Short']);
    expect(await found(free(10, 11))).toEqual(['Always', 'Long before', 'Short']);
    expect(await found(free(10, 12))).toEqual(['Always', 'Long before']);
    expect(await found(free(-1, 2))).toEqual([]);
    expect(await found(free(366 * 24, 366 * 24 + 1))).toEqual([]);
  });

  test('keeps to the hours of the pool where a thing has none of its own', async () => {
    const weekly = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', until: '24:00' }));
    pool = await givenPool(server, network, { opening: { weekly: [], closures: [] } });
    await given('Of the pool');
    await given('Its own', { opening: { weekly, closures: [] }, openingScope: 'USE' });

    expect(await found(free(1, 2))).toEqual(['Its own']);
  });

  test('goes on behind a page', async () => {
    for (const name of ['B', 'A', 'C']) await given(name);

    const first = await search({ first: 2 });
    const second = await search({ first: 2, after: first.pageInfo.endCursor });

    expect(first).toMatchObject({ nodes: [{ name: 'A' }, { name: 'B' }], pageInfo: { hasNextPage: true } });
    expect(second).toMatchObject({ nodes: [{ name: 'C' }], pageInfo: { hasNextPage: false } });
  });

  test.each([
    ['half an interval', { freeFrom: at(1) }, 'REQUIRED'],
    ['an end before the beginning', free(2, 1), 'INVALID_RANGE'],
    ['no pieces', { quantity: 0 }, 'INVALID_RANGE'],
    ['a place beyond the pole', { near: { latitude: 91, longitude: 0, radiusKm: 1 } }, 'INVALID_COORDINATES'],
    ['a circle without an inside', { near: { latitude: 0, longitude: 0, radiusKm: 0 } }, 'INVALID_RANGE'],
    ['too long a text', { text: 'x'.repeat(201) }, 'TEXT_TOO_LONG'],
    ['a cursor of another list', { after: 'abc' }, 'INVALID_CURSOR'],
  ])('with %s is refused', async (_, asked, code) => {
    const answer = await send(server, SEARCH, { id: pool.id, ...asked }, { token: ben.token });

    expect(answer.errors?.map(({ extensions }) => extensions['code'])).toEqual([code]);
  });
});
