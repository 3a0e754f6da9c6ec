import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { MaintenancePlan } from '../../src/entities/maintenance-plan.ts';
import { newId } from '../../src/kernel/ids.ts';
import { leaveNetwork } from '../../src/services/networks/membership-changes.ts';
import { personActor } from '../../src/commands/with-app.ts';
import { bookingKit, hours } from '../support/bookings.ts';
import { givenPool, givenResource, givenStock } from '../support/pools.ts';
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
  await server.app.services.db.execute('update network set time_zone = $2 where id = $1', [
    network.id,
    'Europe/Berlin',
  ]);
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [stew] });
  drill = await givenResource(server, pool);
});
afterAll(() => server.close());

const { requestInput, request, act, refuse, named, moveTo, stateOf, lapse } = bookingKit(() => ({
  server,
  network,
  pool,
}));

const refuseRequest = (input: object, code: string) => refuse(ana, ['bookingRequest', input, code]);
const itemsOf = (...items: [Resource, number][]) => ({
  items: items.map(([{ id }, quantity]) => ({ resourceId: id, quantity })),
});

describe('the time of a booking', () => {
  test.each([
    ['ends before it begins', 3, 2, 'INVALID_RANGE'],
    ['has no length', 2, 2, 'INVALID_RANGE'],
    ['has begun', -1, 2, 'BOOKING_IN_THE_PAST'],
    ['is further ahead than a year', 366 * 24, 366 * 24 + 1, 'BOOKING_TOO_FAR_AHEAD'],
  ])('%s', async (_, from, until, code) => {
    await refuseRequest(requestInput(drill, from, until), code);
  });

  test('begins before the lead time is over', async () => {
    const oven = await givenResource(server, pool, { leadMinutes: 120 });

    await refuseRequest(requestInput(oven, 1.9, 4), 'BOOKING_TOO_SOON');
    expect(await request(ana, oven, [2, 4])).toMatchObject({ state: 'APPROVED' });
  });

  test('is too long', async () => {
    const oven = await givenResource(server, pool, { longestMinutes: 120 });

    await refuseRequest(requestInput(oven, 1, 3.1), 'BOOKING_TOO_LONG');
  });

  test('lies outside open hours, or on a closed day', async () => {
    // START is a Monday at 10:00 in Berlin.
    const weekly = [{ weekday: 1, from: '09:00', until: '12:00' }];
    const closures = [{ from: '2026-03-09', until: '2026-03-09', note: 'holiday' }];
    const hall = await givenResource(server, pool, { opening: { weekly, closures }, openingScope: 'USE' });

    await refuseRequest(requestInput(hall, 1, 3), 'OUTSIDE_OPENING_HOURS');
    await refuseRequest(requestInput(hall, 7 * 24, 7 * 24 + 1), 'OUTSIDE_OPENING_HOURS');
    expect(await request(ana, hall, [1, 2])).toMatchObject({ state: 'APPROVED' });
  });

  test('lasts longer than its owner lends the thing', async () => {
    const lentUntil = new Date(hours(5));
    const owner = { ownerKind: 'MEMBER', ownerMembershipId: ben.membershipId, lentUntil } as const;
    const saw = await givenResource(server, pool, owner);

    await refuseRequest(requestInput(saw, 4, 6), 'LENT_ONLY_UNTIL');
  });
});

describe('the things of a booking', () => {
  test('are more than there are', async () => {
    const chairs = await givenResource(server, pool, { quantity: 4 });

    await refuseRequest(requestInput(chairs, 1, 2, itemsOf([chairs, 5])), 'TOO_FEW_PIECES');
  });

  test.each([0, -1, 100_001])('are %s pieces', async (quantity) => {
    await refuseRequest(requestInput(drill, 1, 2, itemsOf([drill, quantity])), 'INVALID_RANGE');
  });

  test('stand there twice', async () => {
    await refuseRequest(requestInput(drill, 1, 2, itemsOf([drill, 1], [drill, 1])), 'INVALID_CHOICE');
  });

  test('are none, or things and a kit', async () => {
    await refuseRequest(requestInput(drill, 1, 2, { items: [] }), 'REQUIRED');
    await refuseRequest(requestInput(drill, 1, 2, { items: null }), 'REQUIRED');
    await refuseRequest(requestInput(drill, 1, 2, { kitId: newId('kit') }), 'INVALID_CHOICE');
    await refuseRequest(requestInput(drill, 1, 2, { items: null, kitId: newId('kit') }), 'NOT_FOUND');
  });

  test('are a stock', async () => {
    const potatoes = await givenStock(server, pool);

    await refuseRequest(requestInput(potatoes, 1, 2), 'RESOURCE_KIND_MISMATCH');
  });

  test('are only offered, or retired', async () => {
    const offered = await givenResource(server, pool, { state: 'OFFERED' });
    const retired = await givenResource(server, pool, { state: 'RETIRED', retiredAt: START });

    await refuseRequest(requestInput(offered, 1, 2), 'RESOURCE_NOT_ACTIVE');
    await refuseRequest(requestInput(retired, 1, 2), 'RESOURCE_NOT_ACTIVE');
  });

  test('are of another pool, or of another network', async () => {
    const elsewhere = await givenResource(server, await givenPool(server, network));
    const other = await givenNetwork(server);
    const foreign = await givenResource(server, await givenPool(server, other));

    await refuseRequest(requestInput(elsewhere, 1, 2, { poolId: pool.id }), 'INVALID_CHOICE');
    await refuseRequest(requestInput(foreign, 1, 2, { poolId: pool.id }), 'NOT_FOUND');
    await refuseRequest(requestInput(foreign, 1, 2), 'NOT_FOUND');
  });

  test('must be looked after first', async () => {
    await server.app.services.db.insert(MaintenancePlan, {
      networkId: network.id,
      id: newId('maintenancePlan'),
      resourceId: drill.id,
      name: 'Oil it',
      everyDays: null,
      everyUses: 1,
      lastDoneAt: START,
      lastDoneUses: 0,
      createdAt: START,
      endedAt: null,
    });
    const { id } = await request(ana, drill, [1, 2]);
    const later = await request(ben, drill, [3, 4]);
    moveTo(1);
    await act(ana, 'bookingCheckOut', id);
    await act(ana, 'bookingReturn', id);

    await refuseRequest(requestInput(drill, 5, 6), 'MAINTENANCE_OVERDUE');
    moveTo(3);
    await refuse(ben, ['bookingCheckOut', named(later.id), 'MAINTENANCE_OVERDUE']);
  });

  test('are in a pool that is archived', async () => {
    await server.app.services.db.execute('update pool set archived_at = $2 where id = $1', [pool.id, START]);

    await refuseRequest(requestInput(drill, 1, 2), 'POOL_ARCHIVED');
  });
});

describe('handing out', () => {
  test('not before the booking begins, not after it is over, and once', async () => {
    const early = await request(ana, drill, [2, 4]);
    moveTo(1);
    await refuse(ana, ['bookingCheckOut', named(early.id), 'BOOKING_NOT_BEGUN']);
    moveTo(4);
    await refuse(ana, ['bookingCheckOut', named(early.id), 'BOOKING_TIME_OVER']);
    moveTo(2);
    await refuse(ben, ['bookingCheckOut', named(early.id), 'FORBIDDEN']);
    await act(ana, 'bookingCheckOut', early.id);
    await refuse(ana, ['bookingCheckOut', named(early.id), 'BOOKING_STATE_CONFLICT']);
    await refuse(ana, ['bookingCancel', named(early.id), 'BOOKING_STATE_CONFLICT']);
    await refuse(stew, ['bookingDecline', named(early.id), 'BOOKING_STATE_CONFLICT']);
  });

  test('not while the one before has not come back', async () => {
    const first = await request(ana, drill, [1, 2]);
    const second = await request(ben, drill, [2, 4]);
    moveTo(1);
    await act(ana, 'bookingCheckOut', first.id);
    moveTo(3);

    const refusal = await refuse(ben, ['bookingCheckOut', named(second.id), 'THING_STILL_OUT']);
    expect(JSON.parse(refusal.details)).toEqual({ resourceId: drill.id });
    await act(ana, 'bookingReturn', first.id);
    expect(await act(ben, 'bookingCheckOut', second.id)).toMatchObject({ state: 'CHECKED_OUT' });
  });

  test('what should be back by now is in the way of who would like to have it at once', async () => {
    const van = await givenResource(server, pool, { bufferAfterMinutes: 60 });
    const { id } = await request(ana, van, [1, 2]);
    moveTo(1);
    await act(ana, 'bookingCheckOut', id);
    moveTo(6);

    // It may come back at any moment, and the hour after that is still nobody's.
    await refuse(ben, ['bookingRequest', requestInput(van, 6.5, 8), 'BOOKING_CONFLICT']);
    expect(await request(ben, van, [7, 8])).toMatchObject({ state: 'APPROVED' });
  });

  test('nothing comes back that was never out, or that is somebody else’s affair', async () => {
    const { id } = await request(ana, drill, [1, 2]);

    await refuse(ana, ['bookingReturn', named(id), 'BOOKING_STATE_CONFLICT']);
    moveTo(1);
    await act(ana, 'bookingCheckOut', id);
    await refuse(ben, ['bookingReturn', named(id), 'FORBIDDEN']);
    const other = await givenResource(server, pool);
    const said = (...things: Resource[]) => ({ items: things.map((thing) => ({ resourceId: thing.id })) });
    await refuse(ana, ['bookingReturn', named(id, said(other)), 'INVALID_CHOICE']);
    await refuse(ana, ['bookingReturn', named(id, said(drill, drill)), 'INVALID_CHOICE']);
    await refuse(stew, ['bookingReturn', named(id, { damageAmount: '-1.00' }), 'INVALID_AMOUNT']);
    await refuse(stew, ['bookingReturn', named(id, { damageAmount: '0.001' }), 'TOO_MANY_DECIMALS']);
    const photo = { items: [{ resourceId: drill.id, fileId: newId('file') }] };
    await refuse(ana, ['bookingReturn', named(id, photo), 'NOT_FOUND']);
    await act(ana, 'bookingReturn', id);
    await refuse(ana, ['bookingReturn', named(id), 'BOOKING_STATE_CONFLICT']);
  });
});

describe('extending', () => {
  test('not into the booking of another, not backwards, and not once it is over', async () => {
    const { id } = await request(ana, drill, [1, 3]);
    await request(ben, drill, [4, 6]);

    await refuse(ana, ['bookingExtend', named(id, { until: hours(5) }), 'BOOKING_CONFLICT']);
    await refuse(ana, ['bookingExtend', named(id, { until: hours(3) }), 'INVALID_RANGE']);
    await refuse(ana, ['bookingExtend', named(id, { until: hours(2) }), 'INVALID_RANGE']);
    await refuse(ben, ['bookingExtend', named(id, { until: hours(4) }), 'FORBIDDEN']);
    expect(await act(ana, 'bookingExtend', id, { until: hours(4) })).toMatchObject({ until: hours(4) });
    moveTo(1);
    await act(ana, 'bookingCheckOut', id);
    moveTo(4);
    await refuse(ana, ['bookingExtend', named(id, { until: hours(5) }), 'BOOKING_TIME_OVER']);
  });

  test('only by a steward where one has to approve', async () => {
    const hall = await givenResource(server, pool, { needsApproval: true });
    const { id } = await request(ana, hall, [1, 3]);
    await refuse(ana, ['bookingExtend', named(id, { until: hours(4) }), 'FORBIDDEN']);
    await refuse(stew, ['bookingExtend', named(id, { until: hours(4) }), 'BOOKING_STATE_CONFLICT']);
    await act(stew, 'bookingApprove', id);

    expect(await act(stew, 'bookingExtend', id, { until: hours(4) })).toMatchObject({ until: hours(4) });
  });
});

describe('deciding', () => {
  test('what was called off is approved no more, and what is somebody else’s is left alone', async () => {
    const hall = await givenResource(server, pool, { needsApproval: true });
    const { id } = await request(ana, hall, [1, 3]);
    await refuse(ben, ['bookingCancel', named(id), 'FORBIDDEN']);
    await refuse(ana, ['bookingDecline', named(id), 'FORBIDDEN']);
    await refuse(ana, ['bookingApprove', named(id), 'FORBIDDEN']);
    await act(ana, 'bookingCancel', id);

    await refuse(stew, ['bookingApprove', named(id), 'BOOKING_STATE_CONFLICT']);
    await refuse(stew, ['bookingReverse', named(id, { reason: 'x' }), 'NOTHING_TO_REVERSE']);
    await refuse(stew, ['bookingApprove', named(newId('booking')), 'NOT_FOUND']);
    await refuse(stew, ['bookingApprove', named('pol_01h455vb4pex5vsknk084sn02q'), 'INVALID_ID']);
  });

  test('also when its time has begun, unless others have the thing by then', async () => {
    const hall = await givenResource(server, pool, { needsApproval: true });
    const [first, second] = [await request(ana, hall, [0, 3]), await request(ben, hall, [1, 4])];
    moveTo(2);
    await lapse();

    expect(await act(stew, 'bookingApprove', second.id)).toMatchObject({ state: 'APPROVED' });
    await refuse(stew, ['bookingApprove', named(first.id), 'BOOKING_CONFLICT']);
    expect(await act(ben, 'bookingCheckOut', second.id)).toMatchObject({ state: 'CHECKED_OUT' });
  });

  test('who waits is not approved any more when the time has begun', async () => {
    const held = await request(ana, drill, [1, 3]);
    const { id } = await request(ben, drill, [1, 3], { waits: true });
    moveTo(1);
    await act(stew, 'bookingDecline', held.id);

    await refuse(stew, ['bookingApprove', named(id), 'BOOKING_TIME_OVER']);
  });

  test('not once its time is over: then it lapses', async () => {
    const hall = await givenResource(server, pool, { needsApproval: true });
    const { id } = await request(ana, hall, [1, 3]);
    moveTo(3);

    await refuse(stew, ['bookingApprove', named(id), 'BOOKING_TIME_OVER']);
    await lapse();

    expect(await stateOf(id)).toBe('LAPSED');
  });
});

test('a member has only so many open bookings in a pool', async () => {
  pool = await givenPool(server, network, { memberBookings: 2 });
  const chairs = await givenResource(server, pool, { quantity: 9 });
  const { id } = await request(ana, chairs, [1, 2]);
  await request(ana, chairs, [2, 3]);

  const refusal = await refuse(ana, ['bookingRequest', requestInput(chairs, 3, 4), 'TOO_MANY_BOOKINGS']);

  expect(JSON.parse(refusal.details)).toEqual({ max: 2 });
  await act(ana, 'bookingCancel', id);
  expect(await request(ana, chairs, [3, 4])).toMatchObject({ state: 'APPROVED' });
});

describe('who leaves', () => {
  const leave = (member: Member) =>
    server.app.services.run(personActor(member.personId), (tx) =>
      leaveNetwork(tx, { networkId: network.id, membershipId: member.membershipId }),
    );

  test('lets go of all their things in the order in which others lock them', async () => {
    const cem = await givenMember(server, network, 'Cem');
    const saw = await givenResource(server, pool);
    const { id } = await request(cem, saw, [1, 2]);
    await request(cem, drill, [1, 2]);
    const { run, db } = server.app.services;
    const lock = 'select 1 from resource where id = $1 for no key update';
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

    let left: Promise<unknown> | undefined;
    await run({ kind: 'system', name: 'test' }, async (tx) => {
      await tx.db.rows(lock, [drill.id]);
      left = leave(cem);
      while ((await db.rows(waiting)).length === 0) await sleep(5);
      // Who waits for the first of them does not have the last one yet.
      expect(await tx.db.rows(`${lock} nowait`, [saw.id])).toHaveLength(1);
    });
    await left;

    expect(await stateOf(id)).toBe('CANCELLED');
  });

  test('brings back first what they have', async () => {
    const cem = await givenMember(server, network, 'Cem');
    const { id } = await request(cem, drill, [1, 2]);
    moveTo(1);
    await act(cem, 'bookingCheckOut', id);

    await expect(leave(cem)).rejects.toMatchObject({ code: 'THINGS_OUT', fields: { bookingIds: [id] } });
  });

  test('calls off what they booked, and gets back what was held for it', async () => {
    const cem = await givenMember(server, network, 'Cem');
    const van = await givenResource(server, pool, { feePer: 'USE', feeMinor: 100n });
    const { id } = await request(cem, van, [1, 2], { payerAccountId: cem.accountId });
    const waiting = await request(ben, van, [1, 2], { payerAccountId: ben.accountId, waits: true });

    await leave(cem);

    expect([await stateOf(id), await stateOf(waiting.id)]).toEqual(['CANCELLED', 'APPROVED']);
  });
});
