import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { ask, mutate, tryMutate } from '../support/api.ts';
import { bookingKit } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let stew: Member;
let pool: Pool;
let room: Resource;

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
  pool = await givenPool(server, network, { stewards: [stew], aheadDays: 60 });
  room = await givenResource(server, pool, { kind: 'SPACE', name: 'Room' });
});
afterAll(() => server.close());

const { keyed, request, refuse, moveTo } = bookingKit(() => ({ server, network, pool }));

const SERIES = `bookingSeries { id rule startsAt occurrenceCount bookings { nodes { id state } } }
  occurrences { startsAt booking { id state from until } errors { __typename code ... on BookingConflict { conflicts { from until } } } }`;

const seriesInput = (rule: string, change: object = {}) =>
  keyed({
    poolId: pool.id,
    items: [{ resourceId: room.id, quantity: 1 }],
    rule,
    startsAt: '2026-03-22T09:00',
    durationMinutes: 120,
    ...change,
  });

test('books at the same time of the clock on both sides of a change of clocks', async () => {
  const input = seriesInput('FREQ=WEEKLY;COUNT=2');

  const { bookingSeries, occurrences } = await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);

  expect(occurrences).toEqual([
    {
      startsAt: '2026-03-22T09:00',
      booking: expect.objectContaining({ state: 'APPROVED', from: '2026-03-22T08:00:00.000Z' }),
      errors: [],
    },
    {
      startsAt: '2026-03-29T09:00',
      booking: expect.objectContaining({ state: 'APPROVED', from: '2026-03-29T07:00:00.000Z' }),
      errors: [],
    },
  ]);
  expect(bookingSeries).toMatchObject({ rule: 'FREQ=WEEKLY;COUNT=2', occurrenceCount: 2 });
  expect(bookingSeries.bookings.nodes.map(({ id }: { id: string }) => id)).toEqual(
    occurrences.map(({ booking }: { booking: { id: string } }) => booking.id),
  );
});

test('answers for each time by itself, and the same again for the same key', async () => {
  const taken = (Date.parse('2026-03-29T08:00:00Z') - START.getTime()) / 3_600_000;
  await request(ben, room, [taken, taken + 1]);
  const input = seriesInput('FREQ=WEEKLY;COUNT=8');

  const first = await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);
  const again = await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);

  const codes = first.occurrences.map(
    ({ errors }: { errors: { code: string }[] }) => errors[0]?.code ?? null,
  );
  expect(codes).toEqual([
    null,
    'BOOKING_CONFLICT',
    null,
    null,
    null,
    null,
    // Sixty days ahead and no more: the pool's rule.
    'BOOKING_TOO_FAR_AHEAD',
    'BOOKING_TOO_FAR_AHEAD',
  ]);
  expect(first.occurrences[1].errors[0].conflicts).toEqual([
    { from: '2026-03-29T08:00:00.000Z', until: '2026-03-29T09:00:00.000Z' },
  ]);
  expect(again).toEqual(first);
});

test('says of a time that the clocks skip that there is none', async () => {
  const input = seriesInput('FREQ=DAILY;COUNT=3', { startsAt: '2026-03-28T02:30', durationMinutes: 60 });

  const { occurrences } = await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);

  expect(occurrences.map(({ errors }: { errors: { code: string }[] }) => errors[0]?.code ?? null)).toEqual([
    null,
    'LOCAL_TIME_SKIPPED',
    null,
  ]);
});

test('leaves nothing of a time that cannot be paid', async () => {
  const hall = await givenResource(server, pool, { feePer: 'USE', feeMinor: 500n, depositMinor: 300n });
  const items = [{ resourceId: hall.id, quantity: 1 }];
  const input = seriesInput('FREQ=DAILY;COUNT=4', { items, payerAccountId: ana.accountId });

  const { occurrences } = await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);

  // Twenty are enough for two; of the third the fee could be held, and not the deposit.
  const codes = occurrences.map(({ errors }: { errors: { code: string }[] }) => errors[0]?.code ?? null);
  expect(codes).toEqual([null, null, 'INSUFFICIENT_CREDIT', 'INSUFFICIENT_CREDIT']);
  const row = await server.app.database.db.row(
    `select count(*) as holds, (select reserved_minor from account where id = $1) as reserved
       from hold where account_id = $1 and state = 'OPEN'`,
    [ana.accountId],
  );
  expect(row).toEqual({ holds: 4n, reserved: 1_600n });
});

test('is called off from now on, by the booker or a steward', async () => {
  const input = seriesInput('FREQ=DAILY;COUNT=4');
  const { bookingSeries } = await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);
  const cancel = () => keyed({ bookingSeriesId: bookingSeries.id, reason: 'we moved' });
  moveTo((Date.parse('2026-03-23T09:00:00Z') - START.getTime()) / 3_600_000);
  await refuse(ben, ['bookingSeriesCancel', cancel(), 'FORBIDDEN']);

  const selection = 'bookingSeries { bookings { nodes { state } } }';
  const payload = await mutate(server, ana, 'bookingSeriesCancel', cancel(), selection);

  const states = payload.bookingSeries.bookings.nodes.map(({ state }: { state: string }) => state);
  expect(states).toEqual(['APPROVED', 'APPROVED', 'CANCELLED', 'CANCELLED']);
  await refuse(stew, ['bookingSeriesCancel', cancel(), 'BOOKING_STATE_CONFLICT']);
});

test('is seen by the booker and the stewards only', async () => {
  const input = seriesInput('FREQ=DAILY;COUNT=2');
  const { bookingSeries } = await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);
  const query = `query($s: ID!, $b: ID!) { series: node(id: $s) { id } node(id: $b) { ... on Booking { series { id } } } }`;
  const ids = { s: bookingSeries.id, b: bookingSeries.bookings.nodes[0].id };
  const seenBy = (who: Member) => ask(server, who, query, ids);

  const whole = { series: { id: bookingSeries.id }, node: { series: { id: bookingSeries.id } } };
  expect(await seenBy(ana)).toEqual(whole);
  expect(await seenBy(stew)).toEqual(whole);
  expect(await seenBy(ben)).toEqual({ series: null, node: { series: null } });
});

test.each([
  [{ rule: 'FREQ=YEARLY;COUNT=100' }, 'SERIES_TOO_LONG'],
  [{ rule: 'FREQ=DAILY' }, 'INVALID_RECURRENCE'],
  [{ rule: 'FREQ=MINUTELY;COUNT=3' }, 'INVALID_RECURRENCE'],
  [{ startsAt: '2026-02-30T09:00' }, 'INVALID_LOCAL_TIME'],
  [{ startsAt: '2026-03-22T25:00' }, 'INVALID_LOCAL_TIME'],
  [{ durationMinutes: 0 }, 'INVALID_RANGE'],
  [{ items: [] }, 'REQUIRED'],
])('refuses %j: %s', async (change, code) => {
  await refuse(ana, ['bookingSeriesRequest', seriesInput('FREQ=DAILY;COUNT=2', change), code]);
});

test('the same key with another rule is refused', async () => {
  const input = seriesInput('FREQ=DAILY;COUNT=2');
  await mutate(server, ana, 'bookingSeriesRequest', input, SERIES);

  const { errors } = await tryMutate(
    server,
    ana,
    'bookingSeriesRequest',
    { ...input, rule: 'FREQ=DAILY;COUNT=3' },
    SERIES,
  );

  expect(errors).toEqual([expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED' })]);
});
