import { BookingItem } from '../../src/entities/booking-item.ts';
import { Booking, type BookingState } from '../../src/entities/booking.ts';
import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { ask, mutate, type Json } from '../support/api.ts';
import { givenBooking } from '../support/given-booking.ts';
import { givenPool, givenResource, givenStock } from '../support/pools.ts';
import { givenCommons } from '../support/policies.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let ben: Member;
let sue: Member;
let pool: Pool;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server, { slug: 'things' });
  fay = network.founder;
  await givenCommons(server, network, 'Tools');
  ben = await givenMember(server, network, 'Ben');
  sue = await givenMember(server, network, 'Sue');
  pool = await givenPool(server, network, { stewards: [sue] });
});
beforeEach(() => server.clock.moveTo(START));
afterAll(() => server.close());

const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const inPool = (input: object) => inNetwork({ poolId: pool.id, ...input });
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(START.getTime() + days * DAY_MS);

const recordsOf = async ({ id }: { id: string }): Promise<Json[]> =>
  server.app.database.db.rows(
    'select kind, condition, note from resource_record where network_id = $1 and resource_id = $2 order by id',
    [network.id, id],
  );

test('a steward adds a thing with what it costs, and members read it', async () => {
  const input = inPool({
    kind: 'VEHICLE',
    name: 'Cargo bike',
    description: 'Carries 80 kg',
    instructions: 'Mind the brakes.',
    quantity: 2,
    condition: 'NEW',
    place: { name: 'Yard', latitude: 52.52, longitude: 13.405 },
    rules: { leadMinutes: 60, opening: { weekly: [] }, openingScope: 'USE' },
    value: '120.00',
    fee: { per: 'DAY', amount: '0.50' },
    rates: [{ memberClass: 'MEMBER', amount: '0.25' }],
    deposit: '2.00',
    lateFee: { per: 'HOUR', amount: '1.00' },
  });
  const made = await mutate(server, sue, 'resourceAdd', input, 'resource { id }');

  const data = await ask(
    server,
    ben,
    `query($id: ID!) { node(id: $id) { ... on Resource {
      kind name description instructions state quantity condition useCount pool { id }
      place { name latitude longitude } owner { kind membership { id } lentUntil } custodian { id }
      rules { needsApproval leadMinutes aheadDays longestMinutes opening { weekly { weekday } } openingScope }
      value { value } fee { per amount { value } } rates { memberClass amount { value } } deposit { value }
      lateFee { per amount { value } } records { nodes { kind condition by { id } } }
    } } }`,
    { id: made.resource.id },
  );

  expect(data.node).toEqual({
    kind: 'VEHICLE',
    name: 'Cargo bike',
    description: 'Carries 80 kg',
    instructions: 'Mind the brakes.',
    state: 'ACTIVE',
    quantity: 2,
    condition: 'NEW',
    useCount: 0,
    pool: { id: pool.id },
    place: { name: 'Yard', latitude: 52.52, longitude: 13.405 },
    owner: { kind: 'POOL', membership: null, lentUntil: null },
    custodian: null,
    rules: {
      needsApproval: false,
      leadMinutes: 60,
      aheadDays: 365,
      longestMinutes: null,
      opening: { weekly: [] },
      openingScope: 'USE',
    },
    value: { value: '120.00' },
    fee: { per: 'DAY', amount: { value: '0.50' } },
    rates: [{ memberClass: 'MEMBER', amount: { value: '0.25' } }],
    deposit: { value: '2.00' },
    lateFee: { per: 'HOUR', amount: { value: '1.00' } },
    records: { nodes: [{ kind: 'ADDED', condition: 'NEW', by: { id: sue.membershipId } }] },
  });
});

test.each([
  ['no pieces', { quantity: 0 }, 'INVALID_RANGE'],
  ['a stock’s unit and pieces', { stock: { unit: 'kg', decimals: 1 } }, 'RESOURCE_KIND_MISMATCH'],
  ['nothing it is counted in', { kind: 'STOCK' }, 'REQUIRED'],
  [
    'pieces of a stock',
    { kind: 'STOCK', stock: { unit: 'kg', decimals: 1 }, quantity: 1 },
    'RESOURCE_KIND_MISMATCH',
  ],
  [
    'a fee for a stock',
    { kind: 'STOCK', stock: { unit: 'kg', decimals: 1 }, deposit: '1' },
    'RESOURCE_KIND_MISMATCH',
  ],
  ['too many decimals of a stock', { kind: 'STOCK', stock: { unit: 'kg', decimals: 7 } }, 'INVALID_RANGE'],
  ['a quota of pieces', { quota: { amount: '1', per: 'MEMBER', period: 'WEEK' } }, 'RESOURCE_KIND_MISMATCH'],
  ['a fee below zero', { fee: { per: 'USE', amount: '-1' } }, 'INVALID_AMOUNT'],
  ['a fee finer than the unit', { fee: { per: 'USE', amount: '0.001' } }, 'TOO_MANY_DECIMALS'],
  ['a rate of no class', { rates: [{ memberClass: 'KING', amount: '1' }] }, 'INVALID_CHOICE'],
  ['half a place', { place: { latitude: 1 } }, 'INVALID_COORDINATES'],
  ['a longest booking of no time', { rules: { longestMinutes: 0 } }, 'INVALID_RANGE'],
  ['a condition that is null', { condition: null }, 'REQUIRED'],
  ['rules that are null', { rules: null }, 'REQUIRED'],
  ['a scope of its hours that is null', { rules: { openingScope: null } }, 'REQUIRED'],
])('a thing with %s is refused', async (_, given, code) => {
  const input = inPool({ kind: 'ITEM', name: 'Ladder', ...given });

  await expectRefusal(server, sue, ['resourceAdd', input, code]);
});

test('nothing costs anything in a pool without an account', async () => {
  const free = await givenPool(server, network, { unitId: null, accountId: null, stewards: [sue] });
  const input = inNetwork({ poolId: free.id, kind: 'ITEM', name: 'Ladder', deposit: '1.00' });

  const error = await expectRefusal(server, sue, ['resourceAdd', input, 'POOL_CONFLICT']);

  expect(JSON.parse(error.details)).toEqual({ reason: 'NO_UNIT' });
});

describe('what members offer', () => {
  const offer = (until?: Date) => inPool({ kind: 'ITEM', name: 'Ladder', loan: { until } });
  const SELECTION = 'resource { id state owner { kind membership { id } lentUntil } custodian { id } }';

  test('waits for a steward, who takes it into the pool', async () => {
    const until = inDays(30);
    const { resource } = await mutate(server, ben, 'resourceAdd', offer(until), SELECTION);
    const answer = inNetwork({ resourceId: resource.id });

    expect(resource).toMatchObject({
      state: 'OFFERED',
      owner: { kind: 'MEMBER', membership: { id: ben.membershipId }, lentUntil: until.toISOString() },
      custodian: { id: ben.membershipId },
    });
    await expectRefusal(server, ben, ['resourceAccept', answer, 'FORBIDDEN']);
    const accepted = await mutate(server, sue, 'resourceAccept', answer, SELECTION);
    expect(accepted.resource).toMatchObject({ state: 'ACTIVE', custodian: { id: ben.membershipId } });
    expect(await recordsOf(resource)).toEqual([{ kind: 'ADDED', condition: 'GOOD', note: '' }]);
    await expectRefusal(server, sue, ['resourceAccept', answer, 'RESOURCE_CONFLICT']);
    await expectRefusal(server, sue, ['resourceDecline', answer, 'RESOURCE_CONFLICT']);
  });

  test('is not accepted after its time', async () => {
    const { resource } = await mutate(server, ben, 'resourceAdd', offer(inDays(1)), SELECTION);
    server.clock.moveTo(inDays(1));

    const answer = inNetwork({ resourceId: resource.id });
    await expectRefusal(server, sue, ['resourceAccept', answer, 'LENT_ONLY_UNTIL']);
    await expectRefusal(server, ben, ['resourceAdd', offer(inDays(1)), 'INVALID_RANGE']);
  });

  test('can be declined, and taken back before', async () => {
    const { resource } = await mutate(server, ben, 'resourceAdd', offer(), SELECTION);
    const other = await mutate(server, ben, 'resourceAdd', offer(), SELECTION);
    const refuse = inNetwork({ resourceId: resource.id, reason: 'We have one.' });

    const declined = await mutate(server, sue, 'resourceDecline', refuse, SELECTION);
    const back = await mutate(
      server,
      ben,
      'resourceRetire',
      inNetwork({ resourceId: other.resource.id }),
      SELECTION,
    );

    expect(declined.resource.state).toBe('RETIRED');
    expect(await recordsOf(resource)).toEqual([{ kind: 'RETIRED', condition: 'GOOD', note: 'We have one.' }]);
    expect(back.resource.state).toBe('RETIRED');
  });

  test('is only what is one’s own, and only where it is wanted', async () => {
    const closed = await givenPool(server, network, { takesOffers: false });
    const input = { ...offer(), poolId: closed.id };

    await expectRefusal(server, ben, ['resourceAdd', inPool({ kind: 'ITEM', name: 'Ladder' }), 'FORBIDDEN']);
    const error = await expectRefusal(server, ben, ['resourceAdd', input, 'POOL_CONFLICT']);
    expect(JSON.parse(error.details)).toEqual({ reason: 'TAKES_NO_OFFERS' });
  });

  test('is described by its owner, and shared as a steward says', async () => {
    const { resource } = await mutate(server, ben, 'resourceAdd', offer(), SELECTION);
    const place = inNetwork({ resourceId: resource.id });

    await mutate(
      server,
      ben,
      'resourceUpdate',
      { ...place, name: 'Long ladder', condition: 'WORN' },
      '__typename',
    );

    const deposit = { ...place, name: 'Ladder', deposit: '1.00' };
    await expectRefusal(server, ben, ['resourceUpdate', deposit, 'FORBIDDEN']);
    await mutate(server, sue, 'resourceUpdate', deposit, '__typename');
  });
});

describe('a change', () => {
  test('leaves what it does not name, and empties what is null', async () => {
    const thing = await givenResource(server, pool, {
      description: 'Old',
      depositMinor: 100n,
      leadMinutes: 5,
      bufferAfterMinutes: 7,
      quotaPer: null,
    });
    const input = inNetwork({
      resourceId: thing.id,
      description: null,
      rules: { leadMinutes: null },
      deposit: null,
      rates: [{ memberClass: 'MEMBER', amount: '1.00' }],
    });

    const { resource } = await mutate(
      server,
      sue,
      'resourceUpdate',
      input,
      'resource { name description deposit { value } rates { memberClass } rules { leadMinutes bufferAfterMinutes } }',
    );

    expect(resource).toEqual({
      name: 'Cordless drill',
      description: '',
      deposit: null,
      rates: [{ memberClass: 'MEMBER' }],
      rules: { leadMinutes: 0, bufferAfterMinutes: 7 },
    });
  });

  test('of the condition is written down with what was seen', async () => {
    const thing = await givenResource(server, pool);
    const seen = { condition: 'DAMAGED', conditionNote: 'The chuck wobbles.' };

    await mutate(server, sue, 'resourceUpdate', inNetwork({ resourceId: thing.id, ...seen }), '__typename');

    expect(await recordsOf(thing)).toEqual([
      { kind: 'CONDITION', condition: 'DAMAGED', note: 'The chuck wobbles.' },
    ]);
    const noteOnly = inNetwork({ resourceId: thing.id, conditionNote: 'It wobbles.' });
    await expectRefusal(server, sue, ['resourceUpdate', noteOnly, 'REQUIRED']);
  });

  test('of a quota is for stocks', async () => {
    const stock = await givenStock(server, pool);
    const quota = { amount: '2.50', per: 'MEMBER', period: 'WEEK' };

    await mutate(server, sue, 'resourceUpdate', inNetwork({ resourceId: stock.id, quota }), '__typename');

    const row = await server.app.database.db.row(
      'select quota_minor, quota_per from resource where id = $1',
      [stock.id],
    );
    expect(row).toEqual({ quotaMinor: 250n, quotaPer: 'MEMBER' });
    await expectRefusal(server, sue, [
      'resourceUpdate',
      inNetwork({ resourceId: stock.id, quantity: 2 }),
      'RESOURCE_KIND_MISMATCH',
    ]);
  });
});

describe('how many pieces there are', () => {
  const setQuantity = (thing: Resource, quantity: number) =>
    mutate(
      server,
      sue,
      'resourceUpdate',
      inNetwork({ resourceId: thing.id, quantity }),
      'resource { quantity }',
    );
  const take = (thing: Resource, [from, until]: [number, number], state: BookingState = 'APPROVED') =>
    givenBooking(server, ben, [thing], { fromAt: inDays(from), untilAt: inDays(until), state });

  test('is as few as are never taken at once', async () => {
    const thing = await givenResource(server, pool, { quantity: 3 });
    await take(thing, [1, 3]);
    await take(thing, [2, 4]);

    await expectRefusal(server, sue, [
      'resourceUpdate',
      inNetwork({ resourceId: thing.id, quantity: 1 }),
      'RESOURCE_CONFLICT',
    ]);
    expect((await setQuantity(thing, 2)).resource).toEqual({ quantity: 2 });
  });

  test('counts what is still out, with all that was taken beside it', async () => {
    const thing = await givenResource(server, pool, { quantity: 3 });
    await take(thing, [0, 2], 'CHECKED_OUT');
    await take(thing, [1, 3], 'CHECKED_OUT');
    server.clock.moveTo(inDays(9));

    await expectRefusal(server, sue, [
      'resourceUpdate',
      inNetwork({ resourceId: thing.id, quantity: 1 }),
      'RESOURCE_CONFLICT',
    ]);
  });

  test('leaves a single one to the guard of the database, and takes it off for more', async () => {
    const thing = await givenResource(server, pool, { quantity: 2 });
    await take(thing, [1, 2]);

    await setQuantity(thing, 1);
    await expect(take({ ...thing, quantity: 1 }, [1, 2])).rejects.toThrow('ex_booking_item_single');
    await setQuantity(thing, 2);
    await take(thing, [1, 2]);

    const { db } = server.app.services;
    const items = await db.all(BookingItem, { networkId: network.id, resourceId: thing.id });
    expect(items.map(({ isSingle }) => isSingle)).toEqual([false, false]);
  });

  test('a thing that is out does not leave its pool; one that is booked does, and the fact is told', async () => {
    const out = await givenResource(server, pool);
    const booking = await take(out, [0, 2], 'CHECKED_OUT');
    const retire = inNetwork({ resourceId: out.id, reason: 'sold' });

    const error = await expectRefusal(server, sue, ['resourceRetire', retire, 'RESOURCE_CONFLICT']);
    expect(JSON.parse(error.details)).toEqual({ reason: 'IS_OUT' });
    const { db } = server.app.services;
    await db.update(
      Booking,
      { networkId: network.id, id: booking.id },
      { state: 'RETURNED', endedAt: START },
    );
    await db.update(BookingItem, { networkId: network.id, bookingId: booking.id }, { isTaken: false });
    const { resource } = await mutate(server, sue, 'resourceRetire', retire, 'resource { state retiredAt }');

    expect(resource).toEqual({ state: 'RETIRED', retiredAt: START.toISOString() });
    expect(await recordsOf(out)).toEqual([{ kind: 'RETIRED', condition: 'GOOD', note: 'sold' }]);
    await expectRefusal(server, sue, ['resourceRetire', retire, 'RESOURCE_NOT_ACTIVE']);
    await expectRefusal(server, sue, [
      'resourceUpdate',
      inNetwork({ resourceId: out.id, name: 'Saw' }),
      'RESOURCE_NOT_ACTIVE',
    ]);
  });
});

test('things of a pool are listed by what they are and where they stand', async () => {
  const shelf = await givenPool(server, network);
  const drill = await givenResource(server, shelf);
  const lent = await givenResource(server, shelf, {
    ownerKind: 'MEMBER',
    ownerMembershipId: ben.membershipId,
  });
  const offered = await givenResource(server, shelf, { state: 'OFFERED', kind: 'SPACE' });
  const list = async (filter: object) => {
    const query = `query($id: ID!, $f: ResourceFilterInput) { node(id: $id) { ... on Pool { resources(filter: $f) { nodes { id } } } } }`;
    const data = await ask(server, ben, query, { id: shelf.id, f: filter });
    return data.node.resources.nodes.map(({ id }: Json) => id);
  };

  expect(await list({})).toEqual([drill.id, lent.id]);
  expect(await list({ state: 'OFFERED', kind: 'SPACE' })).toEqual([offered.id]);
  expect(await list({ ownerMembershipId: ben.membershipId })).toEqual([lent.id]);
  expect(await list({ custodianMembershipId: ben.membershipId })).toEqual([]);
});

test('things of another network are not found', async () => {
  const other = await givenNetwork(server);
  const foreign = await givenResource(server, await givenPool(server, other));

  const input = inNetwork({ resourceId: foreign.id, name: 'Mine' });
  await expectRefusal(server, fay, ['resourceUpdate', input, 'NOT_FOUND']);
});
