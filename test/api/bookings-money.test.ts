import type { Pool } from '../../src/entities/pool.ts';
import { ResourceRate } from '../../src/entities/resource-rate.ts';
import { ResourceShare } from '../../src/entities/resource-share.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { ask, tryMutate } from '../support/api.ts';
import { bookingKit } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

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
  const rules = { cancelFreeMinutes: 60, cancelFeePpm: 500_000, lateGraceMinutes: 10 };
  pool = await givenPool(server, network, { stewards: [stew], ...rules });
  const fees = { feePer: 'HOUR', feeMinor: 150n, depositMinor: 400n } as const;
  van = await givenResource(server, pool, { name: 'Van', ...fees, lateFeePer: 'HOUR', lateFeeMinor: 100n });
});
afterAll(() => server.close());

const { request, requestInput, act, refuse, named, accountOf, moveTo, lapse, tryRequest, eventsOf } =
  bookingKit(() => ({ server, network, pool }));

const paidBy = (member: Member) => ({ payerAccountId: member.accountId });

/** Kind, state and amount of all that moved for a booking. */
async function transfersOf(id: string): Promise<string[]> {
  const query = `query($id: ID!) { node(id: $id) { ... on Booking { transfers { nodes { kind state amount { value } } } } } }`;
  const { node } = await ask(server, stew, query, { id });
  return node.transfers.nodes.map(
    (transfer: { kind: string; state: string; amount: { value: string } }) =>
      `${transfer.kind} ${transfer.state} ${transfer.amount.value}`,
  );
}

test('holds fee and deposit when it is approved, takes the fee when it is fetched and gives the deposit back', async () => {
  const booking = await request(ana, van, [2, 4], paidBy(ana));
  expect(booking).toMatchObject({
    fee: { value: '3.00' },
    deposit: { value: '4.00' },
    unpaid: { value: '0.00' },
  });
  expect(await accountOf(ana)).toEqual(['0.00', '7.00', '13.00']);

  moveTo(2);
  await act(ana, 'bookingCheckOut', booking.id);
  expect(await accountOf(ana)).toEqual(['-3.00', '4.00', '13.00']);
  moveTo(3);
  await act(ana, 'bookingReturn', booking.id);

  expect(await accountOf(ana)).toEqual(['-3.00', '0.00', '17.00']);
  expect(await transfersOf(booking.id)).toEqual(['FEE POSTED 3.00']);
});

test('costs what the class of the member pays, and each piece', async () => {
  const chairs = await givenResource(server, pool, { quantity: 10, feePer: 'USE', feeMinor: 20n });
  const memberClass = 'STANDARD';
  const { db } = server.app.services;
  await db.execute('update membership set member_class = $2 where id = $1', [ana.membershipId, memberClass]);
  await db.insert(ResourceRate, { networkId: network.id, resourceId: chairs.id, memberClass, feeMinor: 5n });
  const items = { items: [{ resourceId: chairs.id, quantity: 4 }] };
  await db.execute(`update membership set member_class = 'OTHER' where id = $1`, [ben.membershipId]);

  const byAna = await request(ana, chairs, [1, 2], { ...items, ...paidBy(ana) });
  const byBen = await request(ben, chairs, [1, 2], { ...items, ...paidBy(ben) });

  expect([byAna.fee.value, byBen.fee.value]).toEqual(['0.20', '0.80']);
});

test('is cancelled free of charge in time, and for a part of the fee after that', async () => {
  const early = await request(ana, van, [4, 6], paidBy(ana));
  const late = await request(ana, van, [8, 10], paidBy(ana));
  moveTo(3);
  await act(ana, 'bookingCancel', early.id);
  expect(await accountOf(ana)).toEqual(['0.00', '7.00', '13.00']);
  moveTo(7.5);

  await act(ana, 'bookingCancel', late.id);

  expect(await accountOf(ana)).toEqual(['-1.50', '0.00', '18.50']);
  expect(await transfersOf(early.id)).toEqual([]);
  expect(await transfersOf(late.id)).toEqual(['FEE POSTED 1.50']);
});

test('is declined by a steward free of charge, at whatever time', async () => {
  const { id } = await request(ana, van, [4, 6], paidBy(ana));
  moveTo(3.9);

  await act(stew, 'bookingDecline', id);

  expect(await accountOf(ana)).toEqual(['0.00', '0.00', '20.00']);
});

test('costs as much as a late cancellation if nobody fetches it', async () => {
  const { id } = await request(ana, van, [2, 4], paidBy(ana));
  moveTo(3);
  await lapse();
  expect(await accountOf(ana)).toEqual(['0.00', '7.00', '13.00']);
  moveTo(4);

  await Promise.all([lapse(), lapse()]);
  await lapse();

  expect(await accountOf(ana)).toEqual(['-1.50', '0.00', '18.50']);
  expect(await eventsOf(id)).toEqual(['BookingRequested', 'BookingApproved', 'BookingLapsed']);
});

test('takes lateness and damage from the deposit first', async () => {
  const { id } = await request(ana, van, [2, 4], paidBy(ana));
  moveTo(2);
  await act(ana, 'bookingCheckOut', id);
  moveTo(4.5);

  const returned = await act(stew, 'bookingReturn', id, { damageAmount: '2.50' });

  expect(returned).toMatchObject({
    lateFee: { value: '1.00' },
    damage: { value: '2.50' },
    unpaid: { value: '0.00' },
  });
  expect(await accountOf(ana)).toEqual(['-6.50', '0.00', '13.50']);
  expect(await transfersOf(id)).toEqual(['FEE POSTED 3.00', 'FEE POSTED 3.50']);
});

test('is back on time within the grace', async () => {
  const { id } = await request(ana, van, [2, 4], paidBy(ana));
  moveTo(2);
  await act(ana, 'bookingCheckOut', id);
  moveTo(4 + 10 / 60);

  expect(await act(ana, 'bookingReturn', id)).toMatchObject({ lateFee: { value: '0.00' } });
});

test('takes beyond the deposit what the account has, lets the rest be owed, and lends no more until it is paid', async () => {
  const { id } = await request(ana, van, [2, 4], paidBy(ana));
  moveTo(2);
  await act(ana, 'bookingCheckOut', id);

  const returned = await act(stew, 'bookingReturn', id, { damageAmount: '30.00' });

  // Twenty can be spent: three for the fee, seventeen of the damage.
  expect(returned).toMatchObject({
    state: 'RETURNED',
    damage: { value: '30.00' },
    unpaid: { value: '13.00' },
  });
  expect(await accountOf(ana)).toEqual(['-20.00', '0.00', '0.00']);
  const next = requestInput(van, 5, 6, paidBy(ana));
  expect(await refuse(ana, ['bookingRequest', next, 'UNPAID_BOOKINGS'])).toMatchObject({
    details: JSON.stringify({ bookingIds: [id] }),
  });
  await refuse(ana, ['bookingPay', named(id), 'INSUFFICIENT_CREDIT']);
  await refuse(ben, ['bookingPay', named(id, paidBy(ben)), 'FORBIDDEN']);
  const drill = await givenResource(server, await givenPool(server, network));
  expect(await request(ana, drill, [5, 6])).toMatchObject({ state: 'APPROVED' });

  const helped = await act(stew, 'bookingPay', id, paidBy(stew));

  expect(helped.unpaid.value).toBe('0.00');
  expect(await balanceOf(server, network, stew)).toBe('-13.00');
  await refuse(stew, ['bookingPay', named(id, paidBy(stew)), 'NOTHING_TO_PAY']);
});

test('lets damage of what was free be paid from an account of the booker', async () => {
  const drill = await givenResource(server, pool);
  const { id } = await request(ana, drill, [1, 2]);
  moveTo(1);
  await act(ana, 'bookingCheckOut', id);
  await refuse(ana, ['bookingReturn', named(id, { damageAmount: '1.00' }), 'FORBIDDEN']);

  await act(stew, 'bookingReturn', id, { damageAmount: '1.00' });

  expect(await accountOf(ana)).toEqual(['-1.00', '0.00', '19.00']);
});

test('costs more when it is extended: held before it is fetched, paid at once afterwards', async () => {
  const { id } = await request(ana, van, [2, 4], paidBy(ana));

  expect(
    await act(ana, 'bookingExtend', id, { until: new Date(START.getTime() + 5 * 3_600_000) }),
  ).toMatchObject({
    fee: { value: '4.50' },
  });
  expect(await accountOf(ana)).toEqual(['0.00', '8.50', '11.50']);
  moveTo(2);
  await act(ana, 'bookingCheckOut', id);
  await act(ana, 'bookingExtend', id, { until: new Date(START.getTime() + 6 * 3_600_000) });

  expect(await accountOf(ana)).toEqual(['-6.00', '4.00', '10.00']);
  moveTo(6);
  expect(await act(ana, 'bookingReturn', id)).toMatchObject({ lateFee: { value: '0.00' } });
  expect(await transfersOf(id)).toEqual(['FEE POSTED 4.50', 'FEE POSTED 1.50']);
});

test('passes fees on to those who own a thing together, and takes all of it back when it is undone', async () => {
  const { db } = server.app.services;
  const press = await givenResource(server, pool, {
    name: 'Cider press',
    ownerKind: 'CO_OWNERS',
    shareCount: 3,
    feePer: 'USE',
    feeMinor: 100n,
    depositMinor: 200n,
    lateFeePer: 'USE',
    lateFeeMinor: 30n,
  });
  const resourceId = press.id;
  await db.insert(ResourceShare, [
    { networkId: network.id, resourceId, membershipId: ben.membershipId, shareCount: 2 },
    { networkId: network.id, resourceId, membershipId: stew.membershipId, shareCount: 1 },
  ]);
  const { id } = await request(ana, press, [1, 2], paidBy(ana));
  moveTo(1);
  await act(ana, 'bookingCheckOut', id);
  moveTo(3);
  await act(stew, 'bookingReturn', id, { damageAmount: '0.50' });

  const balances = async () =>
    Promise.all([ana, ben, stew].map((member) => balanceOf(server, network, member)));
  // Of the fee of 1.00 and the late fee of 0.30 two thirds and one third; what makes up for damage stays with the pool.
  expect(await balances()).toEqual(['-1.80', '0.87', '0.43']);

  await refuse(ana, ['bookingReverse', named(id, { reason: 'mine' }), 'FORBIDDEN']);
  const coordinator = await givenOfficer(server, network, 'COORDINATOR');
  await act(coordinator, 'bookingReverse', id, { reason: 'it never worked' });

  expect(await balances()).toEqual(['0.00', '0.00', '0.00']);
  const moved = await transfersOf(id);
  expect(moved.filter((line) => line.startsWith('REVERSAL POSTED'))).toHaveLength(6);
  expect(moved.filter((line) => / REVERSED /.test(line))).toHaveLength(6);
  await refuse(coordinator, ['bookingReverse', named(id, { reason: 'again' }), 'NOTHING_TO_REVERSE']);
});

describe('who pays', () => {
  test('an account is named if anything costs something', async () => {
    expect(await refuse(ana, ['bookingRequest', requestInput(van, 1, 2), 'REQUIRED'])).toMatchObject({
      path: 'payerAccountId',
    });
  });

  test('nobody books at the cost of others', async () => {
    await refuse(ana, ['bookingRequest', requestInput(van, 1, 2, paidBy(ben)), 'FORBIDDEN']);
    const forAna = { membershipId: ana.membershipId };
    await refuse(stew, [
      'bookingRequest',
      requestInput(van, 1, 2, { ...forAna, ...paidBy(ana) }),
      'FORBIDDEN',
    ]);
    await refuse(stew, [
      'bookingRequest',
      requestInput(van, 1, 2, { ...forAna, ...paidBy(ben) }),
      'FORBIDDEN',
    ]);
  });

  test('a coordinator writes down what a member pays for', async () => {
    const coordinator = await givenOfficer(server, network, 'COORDINATOR');

    await request(coordinator, van, [1, 2], { membershipId: ana.membershipId, ...paidBy(ana) });

    expect(await accountOf(ana)).toEqual(['0.00', '5.50', '14.50']);
  });

  test('nothing is taken if there is no room for what it costs', async () => {
    const input = requestInput(van, 1, 12, paidBy(ana));
    const { errors } = await tryRequest(ana, input);

    expect(errors).toEqual([expect.objectContaining({ code: 'INSUFFICIENT_CREDIT' })]);
    await refuse(ana, ['bookingRequest', input, 'INSUFFICIENT_CREDIT']);
    expect(await request(ben, van, [1, 2], paidBy(ben))).toMatchObject({ state: 'APPROVED' });
  });

  test('not beyond the time for which anything is held', async () => {
    pool = await givenPool(server, network, { aheadDays: 700 });
    const bench = await givenResource(server, pool, { feePer: 'USE', feeMinor: 1n });
    const input = requestInput(bench, 1, 367 * 24, paidBy(ana));

    await refuse(ana, ['bookingRequest', input, 'BOOKING_BEYOND_HOLDS']);
  });
});

test('is not approved when who asked for it cannot pay any more, and tells the steward not how much is left', async () => {
  const hall = await givenResource(server, pool, {
    kind: 'SPACE',
    needsApproval: true,
    feePer: 'USE',
    feeMinor: 1_500n,
  });
  const { id } = await request(ana, hall, [5, 6], paidBy(ana));
  await request(ana, van, [2, 4], paidBy(ana));

  await refuse(stew, ['bookingApprove', named(id), 'INSUFFICIENT_CREDIT']);
  const selection = 'errors { ... on InsufficientCredit { available } }';
  const { errors } = await tryMutate(server, stew, 'bookingApprove', named(id), selection);
  expect(errors).toEqual([expect.objectContaining({ code: 'INSUFFICIENT_CREDIT', available: null })]);
});
