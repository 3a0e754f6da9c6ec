import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { Resource as ResourceRow } from '../../src/entities/resource.ts';
import { ask } from '../support/api.ts';
import { bookingKit, hours } from '../support/bookings.ts';
import { givenPool, givenResource } from '../support/pools.ts';
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
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [stew] });
  drill = await givenResource(server, pool);
});
afterAll(() => server.close());

const { requestInput, tryRequest, request, act, refuse, stateOf, eventsOf, moveTo, named } = bookingKit(
  () => ({
    server,
    network,
    pool,
  }),
);

async function thingNow(thing: Resource): Promise<ResourceRow> {
  const row = await server.app.database.db.one(ResourceRow, { networkId: network.id, id: thing.id });
  if (!row) throw new Error('the thing is gone');
  return row;
}

test('goes from the request to the return, and the thing from hand to hand', async () => {
  const { id, ...booking } = await request(ana, drill, [1, 3], { purpose: 'a shelf' });
  expect(booking).toMatchObject({ state: 'APPROVED', from: hours(1), until: hours(3), fee: null });

  moveTo(1);
  await act(ana, 'bookingCheckOut', id);

  expect(await thingNow(drill)).toMatchObject({ custodianMembershipId: ana.membershipId, useCount: 1 });
  moveTo(2);
  const items = [{ resourceId: drill.id, condition: 'DAMAGED', damageNote: 'the chuck is bent' }];
  expect(await act(ana, 'bookingReturn', id, { items })).toMatchObject({
    state: 'RETURNED',
    isOverdue: false,
  });

  expect(await thingNow(drill)).toMatchObject({
    custodianMembershipId: null,
    useCount: 1,
    condition: 'DAMAGED',
  });
  expect(await eventsOf(id)).toEqual([
    'BookingRequested',
    'BookingApproved',
    'BookingCheckedOut',
    'BookingReturned',
  ]);
  const records = await server.app.database.db.rows(
    'select kind, note, custodian_membership_id from resource_record where resource_id = $1 order by id',
    [drill.id],
  );
  expect(records).toEqual([
    { kind: 'CUSTODY', note: '', custodianMembershipId: ana.membershipId },
    { kind: 'CUSTODY', note: '', custodianMembershipId: null },
    { kind: 'CONDITION', note: 'the chuck is bent', custodianMembershipId: null },
  ]);
});

test('tells which times are in the way, and not who', async () => {
  await request(ana, drill, [1, 3]);

  const { errors } = await tryRequest(ben, requestInput(drill, 2, 5));

  expect(errors).toEqual([
    expect.objectContaining({
      __typename: 'BookingConflict',
      code: 'BOOKING_CONFLICT',
      conflicts: [{ resource: { id: drill.id }, from: hours(2), until: hours(3) }],
    }),
  ]);
  await refuse(ben, ['bookingRequest', requestInput(drill, 2, 5), 'BOOKING_CONFLICT']);
  expect(await request(ben, drill, [3, 5])).toMatchObject({ state: 'APPROVED' });
});

test('waits for a steward where the rules say so, and takes nothing meanwhile', async () => {
  const room = await givenResource(server, pool, { kind: 'SPACE', name: 'Hall', needsApproval: true });
  const first = await request(ana, room, [1, 3]);
  const second = await request(ben, room, [2, 4]);
  expect([first.state, second.state]).toEqual(['REQUESTED', 'REQUESTED']);

  await act(stew, 'bookingApprove', second.id);

  expect(await stateOf(second.id)).toBe('APPROVED');
  await refuse(stew, ['bookingApprove', named(first.id), 'BOOKING_CONFLICT']);
  await refuse(ben, ['bookingApprove', named(first.id), 'FORBIDDEN']);
  const declined = await act(stew, 'bookingDecline', first.id, { reason: 'the choir needs it' });
  expect(declined.state).toBe('DECLINED');
  await refuse(stew, ['bookingApprove', named(first.id), 'BOOKING_STATE_CONFLICT']);
});

test('books several things together or not at all', async () => {
  const saw = await givenResource(server, pool, { name: 'Saw' });
  await request(ben, saw, [2, 3]);
  const both = { items: [drill, saw].map(({ id }) => ({ resourceId: id, quantity: 1 })) };

  await refuse(ana, ['bookingRequest', requestInput(drill, 1, 3, both), 'BOOKING_CONFLICT']);

  expect(await request(ana, drill, [3, 5], both)).toMatchObject({ state: 'APPROVED' });
  await refuse(ben, ['bookingRequest', requestInput(saw, 4, 6), 'BOOKING_CONFLICT']);
});

test('keeps buffers free on both sides of a booking', async () => {
  const van = await givenResource(server, pool, {
    kind: 'VEHICLE',
    bufferBeforeMinutes: 30,
    bufferAfterMinutes: 60,
  });
  await request(ana, van, [4, 6]);

  await refuse(ben, ['bookingRequest', requestInput(van, 7, 8), 'BOOKING_CONFLICT']);
  await refuse(ben, ['bookingRequest', requestInput(van, 2, 3), 'BOOKING_CONFLICT']);
  expect(await request(ben, van, [8, 9])).toMatchObject({ state: 'APPROVED' });
});

test('shows members which and when, and what it is for only to who may know', async () => {
  const { id } = await request(ana, drill, [1, 3], { purpose: 'a surprise' });
  const query = `query($id: ID!) { node(id: $id) { ... on Booking {
    state from booker { id } purpose items { quantity resource { id } } viewerCan { cancel { allowed reason } approve { allowed reason } } } } }`;
  const seenBy = async (who: Member) => (await ask(server, who, query, { id })).node;

  expect(await seenBy(ben)).toEqual({
    state: 'APPROVED',
    from: hours(1),
    booker: { id: ana.membershipId },
    purpose: null,
    items: [{ quantity: 1, resource: { id: drill.id } }],
    viewerCan: {
      cancel: { allowed: false, reason: 'ROLE_REQUIRED' },
      approve: { allowed: false, reason: 'ROLE_REQUIRED' },
    },
  });
  expect(await seenBy(ana)).toMatchObject({
    purpose: 'a surprise',
    viewerCan: { cancel: { allowed: true, reason: null } },
  });
  expect(await seenBy(stew)).toMatchObject({
    purpose: 'a surprise',
    viewerCan: { approve: { allowed: false, reason: 'NOT_IN_THIS_STATE' } },
  });
  await server.app.database.db.execute('update pool set shows_bookers = false where id = $1', [pool.id]);
  expect(await seenBy(ben)).toMatchObject({ booker: null });
  expect(await seenBy(stew)).toMatchObject({ booker: { id: ana.membershipId } });
});

test('is handed out and taken back by a steward where there is no self-service', async () => {
  pool = await givenPool(server, network, { stewards: [stew], isSelfService: false });
  drill = await givenResource(server, pool);
  const { id } = await request(ana, drill, [1, 3]);
  moveTo(1);

  await refuse(ana, ['bookingCheckOut', named(id), 'FORBIDDEN']);
  await act(stew, 'bookingCheckOut', id);
  await refuse(ana, ['bookingReturn', named(id), 'FORBIDDEN']);

  expect(await act(stew, 'bookingReturn', id)).toMatchObject({ state: 'RETURNED' });
  expect((await thingNow(drill)).custodianMembershipId).toBeNull();
});

test('is asked for by a steward for another member', async () => {
  const change = { membershipId: ana.membershipId };
  await refuse(ben, ['bookingRequest', requestInput(drill, 1, 2, change), 'FORBIDDEN']);

  const { id } = await request(stew, drill, [1, 2], change);

  expect(await act(ana, 'bookingCancel', id, { reason: 'it rains' })).toMatchObject({ state: 'CANCELLED' });
});
