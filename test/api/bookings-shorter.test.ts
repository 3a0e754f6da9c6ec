import type { Pool } from '../../src/entities/pool.ts';
import { ResourceShare } from '../../src/entities/resource-share.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { codesOf } from '../support/api.ts';
import { bookingKit, hours } from '../support/bookings.ts';
import { atOnce } from '../support/many.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { balanceOf, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let stew: Member;
let pool: Pool;
let van: Resource;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  stew = await givenMember(server, network, 'Stew');
  pool = await givenPool(server, network, { stewards: [stew], cancelFeePpm: 500_000, cancelFreeMinutes: 60 });
  const fees = { feePer: 'HOUR', feeMinor: 100n, depositMinor: 400n } as const;
  van = await givenResource(server, pool, { name: 'Van', ...fees, bufferAfterMinutes: 30 });
});
afterAll(() => server.close());

const { request, act, tryAct, refuse, named, accountOf, moveTo, stateOf, eventsOf } = bookingKit(() => ({
  server,
  network,
  pool,
}));

const paidBy = (member: Member) => ({ payerAccountId: member.accountId });
const until = (hour: number) => ({ until: hours(hour) });

describe('a shorter booking', () => {
  test('lets who waits have the rest, and holds less', async () => {
    const { id } = await request(ana, van, [2, 8], paidBy(ana));
    const waiting = await request(ben, van, [5, 6], { ...paidBy(ben), waits: true });
    expect(await accountOf(ana)).toEqual(['0.00', '10.00', '10.00']);

    // With the buffer of half an hour it would still be in the way.
    await act(ana, 'bookingShorten', id, until(4.75));
    expect(await stateOf(waiting.id)).toBe('WAITING');
    const shorter = await act(ana, 'bookingShorten', id, until(4.5));

    expect(shorter).toMatchObject({ state: 'APPROVED', until: hours(4.5), fee: { value: '3.00' } });
    expect(await accountOf(ana)).toEqual(['0.00', '7.00', '13.00']);
    expect(await stateOf(waiting.id)).toBe('APPROVED');
    expect((await eventsOf(id)).slice(2)).toEqual(['BookingShortened', 'BookingShortened']);
    moveTo(2);
    await act(ana, 'bookingCheckOut', id);
    moveTo(4);
    await act(ana, 'bookingReturn', id);
    expect(await accountOf(ana)).toEqual(['-3.00', '0.00', '17.00']);
  });

  test('costs a part of what is left out when it is too late to cancel free of charge', async () => {
    const { id } = await request(ana, van, [2, 8], paidBy(ana));
    moveTo(1.5);

    const shorter = await act(ana, 'bookingShorten', id, until(4));

    // Two hours, and half of the four that are left out.
    expect(shorter.fee.value).toBe('4.00');
    await act(ana, 'bookingCancel', id);
    expect(await accountOf(ana)).toEqual(['-2.00', '0.00', '18.00']);
  });

  test('keeps the price that was fixed', async () => {
    const { id } = await request(ana, van, [2, 8], paidBy(ana));
    await server.app.services.db.execute('update resource set fee_minor = 900 where id = $1', [van.id]);

    const shorter = await act(ana, 'bookingShorten', id, until(3));

    expect(shorter.fee.value).toBe('1.00');
  });

  test('costs as much as before once the things are out, and what was passed on stays so', async () => {
    const { db } = server.app.services;
    const ownership = { ownerKind: 'CO_OWNERS', shareCount: 1 } as const;
    const press = await givenResource(server, pool, { ...ownership, feePer: 'HOUR', feeMinor: 100n });
    const share = { networkId: network.id, resourceId: press.id, membershipId: ben.membershipId };
    await db.insert(ResourceShare, { ...share, shareCount: 1 });
    const { id } = await request(ana, press, [1, 6], paidBy(ana));
    const waiting = await request(ben, press, [3, 4], { ...paidBy(ben), waits: true });
    moveTo(1);
    await act(ana, 'bookingCheckOut', id);

    await refuse(stew, ['bookingShorten', named(id, until(2)), 'FORBIDDEN']);
    const shorter = await act(ana, 'bookingShorten', id, until(2));

    expect(shorter).toMatchObject({ state: 'CHECKED_OUT', fee: { value: '5.00' } });
    expect(await stateOf(waiting.id)).toBe('APPROVED');
    expect([await balanceOf(server, network, ana), await balanceOf(server, network, ben)]).toEqual([
      '-5.00',
      '5.00',
    ]);
    moveTo(2.5);
    await act(ana, 'bookingReturn', id);
  });

  test.each([
    ['before it begins', 1, 1.5],
    ['when it begins', 1, 2],
    ['at the end it has', 1, 6],
    ['after the end it has', 1, 7],
    ['in the past', 4, 3],
    ['now', 4, 4],
  ])('does not end %s', async (_, now, end) => {
    const drill = await givenResource(server, pool);
    const { id } = await request(ana, drill, [2, 6]);
    moveTo(now);

    await refuse(ana, ['bookingShorten', named(id, until(end)), 'INVALID_RANGE']);
  });

  test('is somebody’s, agreed on, not over, and ends while it is open', async () => {
    const hall = await givenResource(server, pool, { needsApproval: true });
    const asked = await request(ana, hall, [2, 6]);
    await refuse(ana, ['bookingShorten', named(asked.id, until(4)), 'BOOKING_STATE_CONFLICT']);
    // START is a Monday at nine.
    const weekly = [{ weekday: 1, from: '09:00', until: '12:00' }];
    const shop = await givenResource(server, pool, { opening: { weekly, closures: [] } });
    const open = await request(ana, shop, [1, 3]);
    await refuse(ben, ['bookingShorten', named(open.id, until(2)), 'FORBIDDEN']);
    const week = await request(ana, shop, [7 * 24 + 2, 14 * 24 + 1]);
    await refuse(ana, ['bookingShorten', named(week.id, until(10 * 24)), 'OUTSIDE_OPENING_HOURS']);
    moveTo(3);
    await refuse(ana, ['bookingShorten', named(open.id, until(2)), 'BOOKING_TIME_OVER']);
  });

  test('of ten who make it shorter at once each finds it as the one before left it', async () => {
    const { id } = await request(ana, van, [2, 12], paidBy(ana));

    const answers = await atOnce(10, (index) => tryAct(ana, 'bookingShorten', id, until(11.5 - index)));

    const done = codesOf(answers).filter((code) => code === 'DONE').length;
    expect(codesOf(answers).filter((code) => code === 'INVALID_RANGE')).toHaveLength(10 - done);
    expect((await eventsOf(id)).filter((kind) => kind === 'BookingShortened')).toHaveLength(done);
    expect(await accountOf(ana)).toEqual(['0.00', '5.00', '15.00']);
  });
});
