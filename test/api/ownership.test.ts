import { Membership } from '../../src/entities/membership.ts';
import { Pool } from '../../src/entities/pool.ts';
import { Resource } from '../../src/entities/resource.ts';
import { HOUR_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { codesOf, mutate, tryMutate, type Json } from '../support/api.ts';
import { givenShares, onceKey } from '../support/goods.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let pool: Pool;
let [steward, ana, ben] = [] as unknown as [Member, Member, Member];

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  [steward, ana, ben] = [
    await givenMember(server, network, 'Stefan'),
    await givenMember(server, network, 'Ana'),
    await givenMember(server, network, 'Ben'),
  ];
});
beforeEach(async () => {
  server.clock.moveTo(START);
  pool = await givenPool(server, network, { stewards: [steward] });
});
afterAll(() => server.close());

const at = (hours: number) => new Date(START.getTime() + hours * HOUR_MS).toISOString();
const input = ({ id: resourceId, networkId }: Resource, more: object = {}) => ({
  networkId,
  resourceId,
  ...more,
});
const thing = (given: Partial<Resource> = {}) => givenResource(server, pool, given);
const lent = (given: Partial<Resource> = {}) =>
  thing({ ownerKind: 'MEMBER', ownerMembershipId: ana.membershipId, lentUntil: new Date(at(240)), ...given });
const refuse = (
  by: Member,
  field: string,
  resource: Resource,
  code: string,
  more: object = {},
): Promise<Json> => expectRefusal(server, by, [field, input(resource, more), code]);
const done = (by: Member, field: string, resource: Resource, more: object = {}): Promise<Json> =>
  mutate(server, by, field, input(resource, more), 'resource { id state }');

async function rowOf({ networkId, id }: Resource): Promise<Partial<Resource>> {
  const row = await server.app.services.db.one(Resource, { networkId, id });
  const { ownerKind, ownerMembershipId, lentUntil, custodianMembershipId, state, shareCount } = row!;
  return { ownerKind, ownerMembershipId, lentUntil, custodianMembershipId, state, shareCount };
}

/** What its record says, oldest first. */
async function recordsOf({ networkId, id }: Resource): Promise<string[]> {
  const rows = await server.app.services.db.rows<{ line: string }>(
    `select concat_ws(' ', kind, owner_kind, custodian_membership_id, nullif(note, '')) as line
       from resource_record where network_id = $1 and resource_id = $2 order by id`,
    [networkId, id],
  );
  return rows.map(({ line }) => line);
}

/** Has Ben book it from one hour up to another; gives the booking. */
async function booked(resource: Resource, from: number, until: number): Promise<string> {
  const booking = {
    networkId: network.id,
    poolId: resource.poolId,
    from: at(from),
    until: at(until),
    items: [{ resourceId: resource.id, quantity: 1 }],
    ...onceKey(),
  };
  const payload = await mutate(server, ben, 'bookingRequest', booking, 'booking { id state }');
  expect(payload.booking.state).toBe('APPROVED');
  return payload.booking.id;
}

describe('what a member lends', () => {
  test('is lent for longer, or shorter where nobody has it booked', async () => {
    const drill = await lent();
    await booked(drill, 24, 48);
    const { details } = await refuse(ana, 'resourceLend', drill, 'RESOURCE_BOOKED', { until: at(47) });

    await done(ana, 'resourceLend', drill, { until: at(48) });
    await done(ana, 'resourceLend', drill, { until: null });

    expect(JSON.parse(details)).toEqual({ bookings: 1, until: at(48) });
    expect(await rowOf(drill)).toMatchObject({ ownerMembershipId: ana.membershipId, lentUntil: null });
    expect(await recordsOf(drill)).toEqual(['OWNERSHIP MEMBER', 'OWNERSHIP MEMBER']);
  });

  test('is lent by its owner alone, and not into the past', async () => {
    const drill = await lent();

    await refuse(ben, 'resourceLend', drill, 'FORBIDDEN', { until: at(300) });
    await refuse(steward, 'resourceLend', drill, 'FORBIDDEN', { until: at(300) });
    await refuse(ana, 'resourceLend', await thing(), 'FORBIDDEN', { until: at(300) });
    await refuse(ana, 'resourceLend', drill, 'INVALID_RANGE', { until: at(0) });
    await refuse(ana, 'resourceLend', await lent({ state: 'OFFERED' }), 'RESOURCE_NOT_ACTIVE', {
      until: at(300),
    });
  });

  test('returns from a booking to who had it: its lender, or the pool', async () => {
    const [kept, handedOver] = [await lent(), await lent()];
    for (const drill of [kept, handedOver]) {
      await done(steward, 'custodyMove', drill, { membershipId: ana.membershipId });
    }
    await done(steward, 'custodyMove', handedOver, { membershipId: null });

    for (const drill of [kept, handedOver]) {
      const booking = { networkId: network.id, bookingId: await booked(drill, 0, 2) };
      for (const field of ['bookingCheckOut', 'bookingReturn']) {
        await mutate(server, ben, field, { ...booking, ...onceKey() }, 'booking { state }');
      }
    }

    expect(await rowOf(kept)).toMatchObject({ custodianMembershipId: ana.membershipId });
    expect(await rowOf(handedOver)).toMatchObject({ custodianMembershipId: null });
    expect(await recordsOf(kept)).toEqual([
      `CUSTODY MEMBER ${ana.membershipId}`,
      `CUSTODY MEMBER ${ben.membershipId}`,
      `CUSTODY MEMBER ${ana.membershipId}`,
    ]);
  });

  test('is given to the pool for good, and stays with who has it', async () => {
    const drill = await lent({ custodianMembershipId: ben.membershipId });
    await refuse(ben, 'resourceGive', drill, 'FORBIDDEN');

    await done(ana, 'resourceGive', drill, { note: 'for all' });

    expect(await rowOf(drill)).toEqual({
      ownerKind: 'POOL',
      ownerMembershipId: null,
      lentUntil: null,
      custodianMembershipId: ben.membershipId,
      state: 'ACTIVE',
      shareCount: null,
    });
    expect(await recordsOf(drill)).toEqual([`OWNERSHIP POOL ${ben.membershipId} for all`]);
    await refuse(ana, 'resourceGive', drill, 'FORBIDDEN');
    await refuse(ana, 'resourceTakeBack', drill, 'FORBIDDEN');
  });

  test('is given by who holds all shares of it', async () => {
    const drill = await givenShares(server, await thing(), [
      [ana, 3],
      [ben, 1],
    ]);
    await refuse(ana, 'resourceGive', drill, 'FORBIDDEN');
    const all = await givenShares(server, await thing(), [[ana, 3]]);

    await done(ana, 'resourceGive', all);

    expect(await rowOf(all)).toMatchObject({ ownerKind: 'POOL', shareCount: null });
    const moves = await server.app.services.db.rows(
      'select from_membership_id, to_membership_id, share_count from share_move where resource_id = $1',
      [all.id],
    );
    expect(moves).toEqual([{ fromMembershipId: ana.membershipId, toMembershipId: null, shareCount: 3 }]);
  });

  test('is taken back once nobody has it or has it booked', async () => {
    const drill = await lent();
    const bookingId = await booked(drill, 0, 2);
    const booking = { networkId: network.id, bookingId };
    await refuse(ana, 'resourceTakeBack', drill, 'RESOURCE_BOOKED');
    await mutate(server, ben, 'bookingCheckOut', { ...booking, ...onceKey() }, '__typename');
    // Overdue is still out.
    server.clock.moveTo(new Date(at(3)));
    await refuse(ana, 'resourceTakeBack', drill, 'RESOURCE_BOOKED');
    await mutate(server, ben, 'bookingReturn', { ...booking, ...onceKey() }, '__typename');
    await refuse(ben, 'resourceTakeBack', drill, 'FORBIDDEN');

    await done(ana, 'resourceTakeBack', drill);

    expect(await rowOf(drill)).toMatchObject({ state: 'RETIRED', custodianMembershipId: ana.membershipId });
    expect((await recordsOf(drill)).at(-1)).toBe(`RETIRED MEMBER ${ana.membershipId}`);
    await refuse(ana, 'resourceTakeBack', drill, 'RESOURCE_NOT_ACTIVE');
  });

  test('is taken back from an archived pool too, where nothing else changes', async () => {
    const drill = await lent();
    await server.app.services.db.update(
      Pool,
      { networkId: pool.networkId, id: pool.id },
      { archivedAt: START },
    );
    await refuse(ana, 'resourceGive', drill, 'POOL_ARCHIVED');
    await refuse(ana, 'resourceLend', drill, 'POOL_ARCHIVED', { until: at(300) });

    await done(ana, 'resourceTakeBack', drill);

    expect(await rowOf(drill)).toMatchObject({ state: 'RETIRED' });
  });

  test('is taken back and booked at once: one of both is done', async () => {
    for (let round = 0; round < 5; round++) {
      const drill = await lent();
      const items = [{ resourceId: drill.id, quantity: 1 }];
      const booking = {
        networkId: network.id,
        poolId: pool.id,
        from: at(1),
        until: at(2),
        items,
        ...onceKey(),
      };

      const [back, taken] = codesOf(
        await Promise.all([
          tryMutate(server, ana, 'resourceTakeBack', input(drill), '__typename'),
          tryMutate(server, ben, 'bookingRequest', booking, '__typename'),
        ]),
      );

      expect([
        ['DONE', 'RESOURCE_NOT_ACTIVE'],
        ['RESOURCE_BOOKED', 'DONE'],
      ]).toContainEqual([back, taken]);
    }
  });
});

describe('who has a thing', () => {
  test('is written down by stewards, whosever it is', async () => {
    const drill = await lent();

    await done(steward, 'custodyMove', drill, { membershipId: ben.membershipId, note: 'over the winter' });
    await done(steward, 'custodyMove', drill, { membershipId: ben.membershipId });
    const between = await rowOf(drill);
    await done(steward, 'custodyMove', drill, { membershipId: null });

    expect(between).toMatchObject({
      ownerMembershipId: ana.membershipId,
      custodianMembershipId: ben.membershipId,
    });
    expect(await rowOf(drill)).toMatchObject({ custodianMembershipId: null });
    expect(await recordsOf(drill)).toEqual([
      `CUSTODY MEMBER ${ben.membershipId} over the winter`,
      'CUSTODY MEMBER',
    ]);
  });

  test('is a member, and nobody gives things away who is no steward', async () => {
    const drill = await lent();
    const gone = await givenMember(server, network, 'Gone');
    const match = { networkId: network.id, id: gone.membershipId };
    await server.app.services.db.update(Membership, match, { state: 'LEFT' });

    await refuse(ana, 'custodyMove', drill, 'FORBIDDEN', { membershipId: ben.membershipId });
    await refuse(steward, 'custodyMove', drill, 'MEMBERSHIP_STATE', { membershipId: gone.membershipId });
    await refuse(steward, 'custodyMove', drill, 'INVALID_ID', { membershipId: drill.id });
    await refuse(steward, 'custodyMove', drill, 'NOT_FOUND', { membershipId: newId('membership') });
  });
});

test('tells beforehand what the viewer may do', async () => {
  const drill = await lent();
  const shared = await givenShares(server, await thing(), [
    [ana, 1],
    [ben, 2],
  ]);
  const verdicts = ['own', 'moveShares', 'issueShares', 'splitCost', 'moveCustody'];
  const can = `ownershipViewerCan { ${verdicts.map((verdict) => `${verdict} { allowed reason }`).join(' ')} }`;
  const asked = async (by: Member, resource: Resource) =>
    (await mutate(server, by, 'custodyMove', input(resource), `resource { ${can} }`)).resource
      .ownershipViewerCan;

  const allowed = { allowed: true, reason: null };
  const no = (reason: string) => ({ allowed: false, reason });
  expect(await asked(steward, drill)).toEqual({
    own: no('NOT_YOURS'),
    moveShares: no('NOT_YOURS'),
    issueShares: no('NOT_IN_THIS_STATE'),
    splitCost: no('NOT_IN_THIS_STATE'),
    moveCustody: allowed,
  });
  expect(await asked(steward, shared)).toMatchObject({ issueShares: allowed, splitCost: allowed });
});
