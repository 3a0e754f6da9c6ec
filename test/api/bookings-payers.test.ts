import { Hold } from '../../src/entities/hold.ts';
import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { ask } from '../support/api.ts';
import { bookingKit, hours } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
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

const { request, act, refuse, named, accountOf, moveTo } = bookingKit(() => ({ server, network, pool }));

const paidBy = (member: Member) => ({ payerAccountId: member.accountId });
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
    await act(coordinator, 'bookingReverse', id, { reason: 'it never worked' });

    expect(await accountOf(stew)).toEqual(['0.00', '0.00', '20.00']);
  });

  test('a steward calls off what they have booked or pay by the rule of the pool', async () => {
    const own = await request(stew, van, [2, 4], paidBy(stew));
    const paid = await request(stew, van, [4, 6], forAna());
    moveTo(1.5);

    for (const { id } of [own, paid]) await refuse(stew, ['bookingDecline', named(id), 'FORBIDDEN']);
    await act(stew, 'bookingCancel', own.id);

    expect(await accountOf(stew)).toEqual(['-1.50', '7.00', '11.50']);
  });
});
