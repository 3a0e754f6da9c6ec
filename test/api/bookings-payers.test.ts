import { Hold } from '../../src/entities/hold.ts';
import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';
import { ask, mutate } from '../support/api.ts';
import { bookingKit, hours } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { asOwner } from '../support/votes.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
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
  stew = await givenMember(server, network, 'Stew');
  pool = await givenPool(server, network, { stewards: [stew], cancelFeePpm: 500_000, cancelFreeMinutes: 60 });
  const fees = { feePer: 'HOUR', feeMinor: 150n, depositMinor: 400n } as const;
  van = await givenResource(server, pool, { name: 'Van', ...fees });
});
afterAll(() => server.close());

const { request, act, refuse, named, accountOf, moveTo, lapse, stateOf } = bookingKit(() => ({
  server,
  network,
  pool,
}));

const paidBy = (member: Member) => ({ payerAccountId: member.accountId });
/** Another account like one on which nothing has moved. */
async function givenSecond(accountId: string): Promise<string> {
  const id = newId('account');
  await asOwner(
    server,
    `insert into account select (jsonb_populate_record(a, jsonb_build_object('id', $2::text, 'name', 'Second'))).*
       from account a where id = $1`,
    [accountId, id],
  );
  return id;
}

/** Whether somebody is told that they may do something with a booking. */
async function toldOf(viewer: Member, id: string, action: string): Promise<unknown> {
  const query = `query($id: ID!) { node(id: $id) { ... on Booking { viewerCan { ${action} { allowed reason } } } } }`;
  return (await ask(server, viewer, query, { id })).node.viewerCan[action];
}

const notTheirs = { allowed: false, reason: 'NOT_YOURS' };
const allowed = { allowed: true, reason: null };

const forAna = () => ({ membershipId: ana.membershipId, ...paidBy(stew) });

describe('what a booking holds', () => {
  test('is not given back or taken by hand, by who pays or by the treasurer', async () => {
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const { id } = await request(ana, van, [2, 4], paidBy(ana));
    const holds = await server.app.services.db.all(Hold, { networkId: network.id, causeId: id });
    expect(holds).toHaveLength(2);

    for (const { id: holdId } of holds) {
      for (const caller of [ana, treasurer]) {
        await refuse(caller, ['holdRelease', { networkId: network.id, holdId }, 'HOLD_BOUND']);
        const capture = { networkId: network.id, holdId, idempotencyKey: `${holdId}-${caller.personId}` };
        await refuse(caller, ['holdCapture', capture, 'HOLD_BOUND']);
      }
    }

    const query = `query($id: ID!) { node(id: $id) { ... on Hold { viewerCan {
      capture { allowed reason } release { allowed reason } } } } }`;
    const { node } = await ask(server, ana, query, { id: holds[0]!.id });
    const impossible = { allowed: false, reason: 'NOT_IN_THIS_STATE' };
    expect(node.viewerCan).toEqual({ capture: impossible, release: impossible });
    moveTo(2);
    await act(ana, 'bookingCheckOut', id);
    expect(await accountOf(ana)).toEqual(['-3.00', '4.00', '13.00']);
  });
});

describe('a longer booking', () => {
  test('is not paid by a steward because the booker wants it', async () => {
    const { id } = await request(stew, van, [2, 4], forAna());

    await refuse(ana, ['bookingExtend', named(id, { until: hours(6) }), 'FORBIDDEN']);
    moveTo(2);
    await act(ana, 'bookingCheckOut', id);
    await refuse(ana, ['bookingExtend', named(id, { until: hours(6) }), 'FORBIDDEN']);

    await act(stew, 'bookingExtend', id, { until: hours(6) });
    expect(await accountOf(stew)).toEqual(['-6.00', '4.00', '10.00']);
  });

  test('is not paid by the booker because a steward wants it, but a coordinator writes down what was agreed', async () => {
    const coordinator = await givenOfficer(server, network, 'COORDINATOR');
    const { id } = await request(ana, van, [2, 4], paidBy(ana));

    await refuse(stew, ['bookingExtend', named(id, { until: hours(6) }), 'FORBIDDEN']);
    await act(coordinator, 'bookingExtend', id, { until: hours(6) });

    expect(await accountOf(ana)).toEqual(['0.00', '10.00', '10.00']);
  });

  test('costs nobody anything while it stays in the hour that is paid', async () => {
    const { id } = await request(ana, van, [2, 3.5], paidBy(ana));

    await act(stew, 'bookingExtend', id, { until: hours(4) });

    expect(await accountOf(ana)).toEqual(['0.00', '7.00', '13.00']);
  });

  test('costs no more than one transfer can move', async () => {
    const gold = await givenResource(server, pool, { feePer: 'HOUR', feeMinor: 100n });
    const { id } = await request(ana, gold, [1, 2], paidBy(ana));
    const { db } = server.app.services;
    await db.execute('update resource set fee_minor = 900000000000 where id = $1', [gold.id]);

    await refuse(ana, ['bookingExtend', named(id, { until: hours(8_000) }), 'INVALID_AMOUNT']);
  });
});

describe('nobody spares themselves what a booking costs', () => {
  test('who has paid for another does not undo it', async () => {
    const { id } = await request(stew, van, [2, 4], forAna());
    moveTo(2);
    await act(ana, 'bookingCheckOut', id);
    await act(stew, 'bookingReturn', id);

    await refuse(stew, ['bookingReverse', named(id, { reason: 'mine' }), 'FORBIDDEN']);
    const coordinator = await givenOfficer(server, network, 'COORDINATOR');
    expect(await toldOf(stew, id, 'reverse')).toEqual(notTheirs);
    expect(await toldOf(coordinator, id, 'reverse')).toEqual(allowed);
    await act(coordinator, 'bookingReverse', id, { reason: 'it never worked' });

    expect(await accountOf(stew)).toEqual(['0.00', '0.00', '20.00']);
  });

  test('a steward calls off what they have booked or pay by the rule of the pool', async () => {
    const own = await request(stew, van, [2, 4], paidBy(stew));
    const paid = await request(stew, van, [4, 6], forAna());
    moveTo(1.5);

    for (const { id } of [own, paid]) {
      await refuse(stew, ['bookingDecline', named(id), 'FORBIDDEN']);
      expect(await toldOf(stew, id, 'decline')).toEqual(notTheirs);
    }
    expect(await toldOf(network.founder, paid.id, 'decline')).toEqual(allowed);
    await act(stew, 'bookingCancel', own.id);

    expect(await accountOf(stew)).toEqual(['-1.50', '7.00', '11.50']);
  });
});

describe('what is owed', () => {
  test('is paid or forgiven also when the pool is out of use', async () => {
    const drill = await givenResource(server, pool);
    const owed: string[] = [];
    for (const start of [1, 3]) {
      const { id } = await request(ana, drill, [start, start + 1]);
      owed.push(id);
    }
    for (const [index, id] of owed.entries()) {
      moveTo(1 + 2 * index);
      await act(ana, 'bookingCheckOut', id);
      const damageAmount = index === 0 ? '25.00' : '3.00';
      await act(stew, 'bookingReturn', id, { damageAmount });
    }
    await server.app.services.db.execute('update pool set archived_at = now() where id = $1', [pool.id]);

    const paid = await act(stew, 'bookingPay', owed[0]!, paidBy(stew));
    const forgiven = await act(stew, 'bookingReverse', owed[1]!, { reason: 'the pool has ended' });

    expect([paid.unpaid.value, forgiven.unpaid.value]).toEqual(['0.00', '0.00']);
    expect([await accountOf(ana), await accountOf(stew)]).toEqual([
      ['-20.00', '0.00', '0.00'],
      ['-5.00', '0.00', '15.00'],
    ]);
  });

  test('is paid into the present account of the pool if the former one was closed', async () => {
    const drill = await givenResource(server, pool);
    const { id } = await request(ana, drill, [1, 2]);
    moveTo(1);
    await act(ana, 'bookingCheckOut', id);
    await asOwner(server, `update account set state = 'FROZEN' where id = $1`, [ana.accountId]);
    await act(stew, 'bookingReturn', id, { damageAmount: '5.00' });
    const present = await givenSecond(pool.accountId!);
    await asOwner(server, `update account set state = 'CLOSED' where id = $1`, [pool.accountId]);
    await refuse(stew, ['bookingPay', named(id, paidBy(stew)), 'ACCOUNT_NOT_OPEN']);
    await server.app.services.db.execute('update pool set account_id = $2 where id = $1', [pool.id, present]);

    const paid = await act(stew, 'bookingPay', id, paidBy(stew));

    expect(paid.unpaid.value).toBe('0.00');
    expect(await accountOf(stew)).toEqual(['-5.00', '0.00', '15.00']);
    const [received] = await server.app.services.db.rows('select balance_minor from account where id = $1', [
      present,
    ]);
    expect(received).toEqual({ balanceMinor: 500n });
  });

  test('for damage of what was free is paid from an account that is open', async () => {
    const drill = await givenResource(server, pool);
    await givenSecond(ana.accountId);
    await asOwner(server, `update account set state = 'FROZEN' where id = $1`, [ana.accountId]);
    const { id } = await request(ana, drill, [1, 2]);
    moveTo(1);
    await act(ana, 'bookingCheckOut', id);

    const returned = await act(stew, 'bookingReturn', id, { damageAmount: '2.00' });

    expect(returned.unpaid.value).toBe('0.00');
  });
});

test('who has paid what another owed is not told that they may undo it', async () => {
  const drill = await givenResource(server, pool);
  const { id } = await request(ana, drill, [1, 2]);
  moveTo(1);
  await act(ana, 'bookingCheckOut', id);
  await act(stew, 'bookingReturn', id, { damageAmount: '25.00' });
  expect(await toldOf(stew, id, 'reverse')).toEqual(allowed);

  await act(stew, 'bookingPay', id, paidBy(stew));

  expect(await toldOf(stew, id, 'reverse')).toEqual(notTheirs);
  await refuse(stew, ['bookingReverse', named(id, { reason: 'mine' }), 'FORBIDDEN']);
});

test('nothing is paid any more in a network that is archived: what is held is given back, and nobody is served', async () => {
  const hall = await givenResource(server, pool, { feePer: 'HOUR', feeMinor: 150n, bufferAfterMinutes: 120 });
  const { id } = await request(ana, hall, [2, 4], paidBy(ana));
  const next = await request(stew, hall, [5, 6], { ...paidBy(stew), waits: true });
  await server.app.services.db.execute('update network set archived_at = now() where id = $1', [network.id]);
  moveTo(4);

  await lapse();

  expect([await stateOf(id), await stateOf(next.id)]).toEqual(['LAPSED', 'WAITING']);
  const { db } = server.app.services;
  expect(await db.rows('select unpaid_minor from booking where id = $1', [id])).toEqual([
    { unpaidMinor: 0n },
  ]);
  expect(await db.rows('select id from transfer where cause_id = $1', [id])).toEqual([]);
  for (const member of [ana, stew]) expect(await accountOf(member)).toEqual(['0.00', '0.00', '20.00']);
});

test('who is suspended is approved nothing and handed out nothing, and brings back what they have', async () => {
  const hall = await givenResource(server, pool, { needsApproval: true });
  const drill = await givenResource(server, pool);
  const [asked, next] = [await request(ana, hall, [2, 4]), await request(ana, drill, [3, 5])];
  const out = await request(ana, van, [1, 5], paidBy(ana));
  moveTo(1);
  await act(ana, 'bookingCheckOut', out.id);
  const { id: networkId, founder } = network;
  const suspension = { networkId, membershipId: ana.membershipId, reason: 'a quarrel' };
  await mutate(server, founder, 'membershipSuspend', suspension, 'membership { state }');
  moveTo(3);

  await refuse(stew, ['bookingApprove', named(asked.id), 'MEMBERSHIP_STATE']);
  await refuse(stew, ['bookingCheckOut', named(next.id), 'MEMBERSHIP_STATE']);
  await act(stew, 'bookingReturn', out.id);

  expect(await accountOf(ana)).toEqual(['-6.00', '0.00', '14.00']);
});
