import ICAL from 'ical.js';
import type { Pool } from '../../src/entities/pool.ts';
import { Resource } from '../../src/entities/resource.ts';
import { after, DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { mutate } from '../support/api.ts';
import { givenFeed } from '../support/calendar.ts';
import { givenBooking } from '../support/given-booking.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { travel } from '../support/time.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let steward: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  steward = await givenMember(server, network, 'Sol');
});

afterAll(() => server.close());

async function textAt(url: string): Promise<string> {
  const response = await fetch(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/calendar; charset=utf-8',
  ]);
  return response.text();
}

/** What another library reads in a calendar. */
async function eventsAt(url: string): Promise<ICAL.Event[]> {
  const calendar = new ICAL.Component(ICAL.parse(await textAt(url)));
  return calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event));
}

const summariesAt = async (url: string) => (await eventsAt(url)).map(({ summary }) => summary);

function statusOf(event: ICAL.Event | undefined): unknown {
  return event?.component.getFirstPropertyValue('status');
}

/** Things in a pool of their own, so that one test does not see what another has booked. */
async function givenThings(
  given: Partial<Pool> = {},
): Promise<{ pool: Pool; drill: Resource; chairs: Resource }> {
  const pool = await givenPool(server, network, { stewards: [steward], ...given });
  const drill = await givenResource(server, pool, { placeName: 'Workshop' });
  const chairs = await givenResource(server, pool, { name: 'Chair', quantity: 40, placeName: 'Hall' });
  return { pool, drill, chairs };
}

describe('a calendar', () => {
  test('tells another program what is booked, when and where', async () => {
    const { pool, drill, chairs } = await givenThings();
    const fromAt = new Date('2026-03-28T23:30:00Z');
    const untilAt = new Date('2026-03-29T03:00:00Z');
    const booking = await givenBooking(server, ben, [drill, chairs], { fromAt, untilAt });

    const [event, ...others] = await eventsAt(
      (await givenFeed(server, network, ana, { poolId: pool.id })).url,
    );

    expect(others).toEqual([]);
    expect(event?.uid).toBe(`${booking.id}@localhost`);
    expect(event?.summary).toBe('Chair, Cordless drill – Ben');
    expect(event?.location).toBe('Hall, Workshop');
    expect([event?.startDate.toJSDate(), event?.endDate.toJSDate()]).toEqual([fromAt, untilAt]);
    expect(statusOf(event)).toBe('CONFIRMED');
    expect(event?.sequence).toBe(1);
    const stamps = ['dtstamp', 'last-modified'].map((name) => event?.component.getFirstPropertyValue(name));
    expect(stamps.map(String)).toEqual(['2026-03-02T09:00:00Z', '2026-03-02T09:00:00Z']);
  });

  test('is the same text while nothing changes, and is not sent twice', async () => {
    const { drill, pool } = await givenThings();
    await givenBooking(server, ben, [drill]);
    const { url } = await givenFeed(server, network, ana, { poolId: pool.id });
    const first = await fetch(url);

    await travel(server, HOUR_MS);
    const again = await fetch(url, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });

    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('tells programs that a booking was made longer, each time', async () => {
    const { drill } = await givenThings();
    const now = server.clock.now();
    const booking = await givenBooking(server, ben, [drill], { fromAt: after(now, HOUR_MS) });
    const { url } = await givenFeed(server, network, ana, { resourceId: drill.id });
    const shown = async () => {
      const [event] = await eventsAt(url);
      const stamp = String(event?.component.getFirstPropertyValue('last-modified'));
      return [event?.endDate.toJSDate(), event?.sequence, new Date(stamp)];
    };
    expect(await shown()).toEqual([booking.untilAt, 1, now]);

    for (const more of [1, 2]) {
      await travel(server, 60_000);
      const until = after(booking.untilAt, more * HOUR_MS);
      const input = { networkId: network.id, idempotencyKey: `longer-${more}`, bookingId: booking.id, until };
      await mutate(server, ben, 'bookingExtend', input, '__typename');

      expect(await shown()).toEqual([until, 1 + more, server.clock.now()]);
    }
  });

  test('shows one thing, one pool, or what the member has booked', async () => {
    const { pool, drill, chairs } = await givenThings();
    const other = await givenThings({ name: 'Kitchen' });
    await givenBooking(server, ana, [drill]);
    await givenBooking(server, ben, [chairs]);
    await givenBooking(server, ana, [other.chairs]);

    expect(
      await summariesAt((await givenFeed(server, network, steward, { resourceId: drill.id })).url),
    ).toEqual(['Cordless drill – Ana']);
    expect(await summariesAt((await givenFeed(server, network, steward, { poolId: pool.id })).url)).toEqual([
      'Cordless drill – Ana',
      'Chair – Ben',
    ]);
    expect(await summariesAt((await givenFeed(server, network, ana)).url)).toEqual([
      'Cordless drill',
      'Chair',
    ]);
    expect(await textAt((await givenFeed(server, network, ana)).url)).toContain('TRANSP:OPAQUE');
    expect(await textAt((await givenFeed(server, network, ben, { poolId: pool.id })).url)).not.toContain(
      'TRANSP:OPAQUE',
    );
  });

  test('shows what was agreed on, and for a month what was called off', async () => {
    const { pool, chairs } = await givenThings();
    const ended = { endedAt: server.clock.now() };
    await givenBooking(server, ben, [chairs], { state: 'WAITING', decidedAt: null });
    await givenBooking(server, ben, [chairs], { state: 'REQUESTED', decidedAt: null });
    await givenBooking(server, ben, [chairs], { state: 'DECLINED', ...ended });
    await givenBooking(server, ben, [chairs], { state: 'CANCELLED', decidedAt: null, ...ended });
    const shown = [
      await givenBooking(server, ben, [chairs], { state: 'APPROVED' }),
      await givenBooking(server, ben, [chairs], { state: 'CHECKED_OUT' }),
      await givenBooking(server, ben, [chairs], { state: 'RETURNED', ...ended }),
      await givenBooking(server, ben, [chairs], { state: 'CANCELLED', ...ended }),
      await givenBooking(server, ben, [chairs], { state: 'LAPSED', ...ended }),
    ];
    const { url } = await givenFeed(server, network, ana, { poolId: pool.id });

    const events = await eventsAt(url);

    expect(events.map((event) => [event.uid.split('@', 1)[0], statusOf(event), event.sequence])).toEqual([
      [shown[0]!.id, 'CONFIRMED', 1],
      [shown[1]!.id, 'CONFIRMED', 2],
      [shown[2]!.id, 'CONFIRMED', 3],
      [shown[3]!.id, 'CANCELLED', 2],
      [shown[4]!.id, 'CANCELLED', 2],
    ]);
    const later = {
      fromAt: after(server.clock.now(), 60 * DAY_MS),
      untilAt: after(server.clock.now(), 61 * DAY_MS),
    };
    await givenBooking(server, ben, [chairs], { state: 'CANCELLED', ...ended, ...later });
    expect(await eventsAt(url)).toHaveLength(6);
    await travel(server, 31 * DAY_MS);
    expect(await eventsAt(url)).toEqual([]);
  });

  test('reaches from 30 days ago to 400 days ahead', async () => {
    const { drill } = await givenThings();
    const now = server.clock.now();
    const at = (from: number, until: number) => ({ fromAt: after(now, from), untilAt: after(now, until) });
    await givenBooking(server, ben, [drill], at(-31 * DAY_MS, -30 * DAY_MS));
    await givenBooking(server, ben, [drill], at(-30 * DAY_MS, -30 * DAY_MS + 1));
    await givenBooking(server, ben, [drill], at(400 * DAY_MS - 1, 401 * DAY_MS));
    await givenBooking(server, ben, [drill], at(401 * DAY_MS, 402 * DAY_MS));

    const events = await eventsAt((await givenFeed(server, network, ana, { resourceId: drill.id })).url);

    expect(events).toHaveLength(2);
  });

  test('keeps what people write in its place', async () => {
    const pool = await givenPool(server, network);
    const name = 'Drill\r\nEND:VEVENT;BEGIN:VALARM\rX, "hot"\u0007 \\n ä 🛠';
    const shown = 'Drill\nEND:VEVENT;BEGIN:VALARM\nX, "hot" \\n ä 🛠';
    const thing = await givenResource(server, pool, { name });
    await givenBooking(server, ana, [thing], { purpose: 'x\nATTACH:file:///etc/passwd' });

    const { url } = await givenFeed(server, network, ana, { resourceId: thing.id });
    const [event, ...others] = await eventsAt(url);

    expect(others).toEqual([]);
    // The other library takes this property for one that it does not know, and gives it as it stands.
    expect(event?.component.parent?.getFirstPropertyValue('x-wr-calname')).toBe(
      String.raw`Drill\nEND:VEVENT\;BEGIN:VALARM\nX\, "hot" \\n ä 🛠`,
    );
    expect(event?.summary).toBe(`${shown} – Ana`);
    expect(event?.description).toBe('x\nATTACH:file:///etc/passwd');
    expect(event?.component.getAllSubcomponents()).toEqual([]);
    expect(event?.component.hasProperty('attach')).toBe(false);
    const lines = (await textAt(url)).split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  });
});

describe('who booked', () => {
  let closed: { pool: Pool; drill: Resource };

  beforeAll(async () => {
    closed = await givenThings({ showsBookers: false });
    await givenBooking(server, ben, [closed.drill], { purpose: 'A birthday' });
  });

  test('is not told to members where the pool does not show it, nor what for', async () => {
    const text = await textAt((await givenFeed(server, network, ana, { poolId: closed.pool.id })).url);

    expect(text).toContain('SUMMARY:Cordless drill\r\n');
    expect(text).not.toContain('Ben');
    expect(text).not.toContain('birthday');
  });

  test.each<[string, () => Promise<Member> | Member]>([
    ['the steward', () => steward],
    ['a coordinator', () => network.founder],
    ['an auditor', () => givenOfficer(server, network, 'AUDITOR')],
    ['the booker', () => ben],
  ])('is told to %s, with what for', async (_, member) => {
    const text = await textAt(
      (await givenFeed(server, network, await member(), { poolId: closed.pool.id })).url,
    );

    expect(text).toContain('SUMMARY:Cordless drill – Ben\r\n');
    expect(text).toContain('DESCRIPTION:A birthday\r\n');
  });

  test('is no longer told to who is steward no more', async () => {
    const sam = await givenMember(server, network, 'Sam');
    const pool = await givenPool(server, network, { stewards: [sam], showsBookers: false });
    await givenBooking(server, ben, [await givenResource(server, pool)]);
    const { url } = await givenFeed(server, network, sam, { poolId: pool.id });
    expect(await summariesAt(url)).toEqual(['Cordless drill – Ben']);

    await server.app.services.db.execute('delete from pool_steward where membership_id = $1', [
      sam.membershipId,
    ]);

    expect(await summariesAt(url)).toEqual(['Cordless drill']);
  });
});
