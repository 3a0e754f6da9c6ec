import { personActor } from '../../src/commands/with-app.ts';
import { newId } from '../../src/kernel/ids.ts';
import { expelMember, leaveNetwork } from '../../src/services/networks/membership-changes.ts';
import { ask, mutate, type Json } from '../support/api.ts';
import { givenCommons } from '../support/policies.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import {
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let ben: Member;
let sue: Member;
let commons: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server, { slug: 'pools' });
  fay = network.founder;
  commons = await givenCommons(server, network, 'Tools');
  ben = await givenMember(server, network, 'Ben');
  sue = await givenMember(server, network, 'Sue');
});
beforeEach(() => server.clock.moveTo(START));
afterAll(() => server.close());

const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const facts = (subjectId: string): Promise<Json[]> =>
  server.app.database.db.rows(
    'select kind, data from event where network_id = $1 and subject_id = $2 order by id',
    [network.id, subjectId],
  );

const RULES = `rules {
  needsApproval leadMinutes aheadDays longestMinutes memberBookings bufferBeforeMinutes bufferAfterMinutes
  cancelFreeMinutes cancelFee lateGraceMinutes ruleVersion
  opening { weekly { weekday from until } closures { from until note } }
}`;

test('a coordinator makes a pool with rules of its own, and the rest is as usual', async () => {
  const opening = {
    weekly: [{ weekday: 6, from: '09:00', until: '24:00' }],
    closures: [{ from: '2026-12-24', until: '2026-12-26', note: 'Christmas' }],
  };
  const rules = { needsApproval: true, longestMinutes: 1440, cancelFee: '0.5', opening };
  const input = inNetwork({
    name: ' Tool library ',
    accountId: commons.accountId,
    showsBookers: true,
    rules,
  });

  const { pool } = await mutate(
    server,
    fay,
    'poolCreate',
    input,
    `pool { id name description takesOffers isSelfService showsBookers unit { id } account { id } stewards { id } ${RULES} }`,
  );

  expect(pool).toEqual({
    id: expect.stringMatching(/^pol_/),
    name: 'Tool library',
    description: '',
    takesOffers: false,
    isSelfService: false,
    showsBookers: true,
    unit: { id: network.unitId },
    account: { id: commons.accountId },
    stewards: [],
    rules: {
      needsApproval: true,
      leadMinutes: 0,
      aheadDays: 90,
      longestMinutes: 1440,
      memberBookings: null,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 0,
      cancelFreeMinutes: 0,
      cancelFee: '0.5',
      lateGraceMinutes: 0,
      ruleVersion: 1,
      opening,
    },
  });
  expect(await facts(pool.id)).toEqual([{ kind: 'PoolCreated', data: {} }]);
});

test.each<[string, object, string]>([
  ['an empty name', { name: ' ' }, 'TEXT_TOO_SHORT'],
  ['a lead below zero', { rules: { leadMinutes: -1 } }, 'INVALID_RANGE'],
  ['no day ahead', { rules: { aheadDays: 0 } }, 'INVALID_RANGE'],
  ['a part above the whole', { rules: { cancelFee: '1.1' } }, 'INVALID_RANGE'],
  ['an eighth weekday', { rules: hours({ weekday: 8 }) }, 'INVALID_RANGE'],
  ['a minute too many', { rules: hours({ from: '09:60' }) }, 'INVALID_RANGE'],
  ['hours that end when they begin', { rules: hours({ until: '09:00' }) }, 'INVALID_RANGE'],
  ['hours beyond midnight', { rules: hours({ until: '24:30' }) }, 'INVALID_RANGE'],
  ['a closure that ends before it begins', { rules: closure('2026-12-26', '2026-12-24') }, 'INVALID_RANGE'],
  ['a closure of years', { rules: closure('2026-12-26', '2028-12-24') }, 'INVALID_RANGE'],
  ['a flag that is null', { isSelfService: null }, 'REQUIRED'],
])('a pool with %s is refused', async (_, given, code) => {
  const input = inNetwork({ name: 'Tools', ...given });

  await expectRefusal(server, fay, ['poolCreate', input, code]);
});

function hours(given: object): object {
  return { opening: { weekly: [{ weekday: 1, from: '09:00', until: '12:00', ...given }] } };
}

function closure(from: string, until: string): object {
  return { opening: { closures: [{ from, until }] } };
}

test.each([
  'needsApproval',
  'leadMinutes',
  'aheadDays',
  'bufferBeforeMinutes',
  'bufferAfterMinutes',
  'cancelFreeMinutes',
  'cancelFee',
  'lateGraceMinutes',
  'opening',
])('a pool has always something to say on %s', async (rule) => {
  const pool = await givenPool(server, network, { stewards: [sue] });
  const rules = { longestMinutes: null, [rule]: null };

  const error = await expectRefusal(server, fay, [
    'poolCreate',
    inNetwork({ name: 'Tools', rules }),
    'REQUIRED',
  ]);
  await expectRefusal(server, sue, ['poolRuleSet', inNetwork({ poolId: pool.id, rules }), 'REQUIRED']);

  expect(error.path).toBe(`rules.${rule}`);
});

test('fees of a pool go to no member', async () => {
  const input = inNetwork({ name: 'Tools', accountId: ben.accountId });

  await expectRefusal(server, fay, ['poolCreate', input, 'INVALID_CHOICE']);
});

test('a steward changes a pool and its rules, and says nothing of the rest', async () => {
  const pool = await givenPool(server, network, { stewards: [sue], leadMinutes: 30, longestMinutes: 600 });
  const place = inNetwork({ poolId: pool.id });

  await mutate(server, sue, 'poolUpdate', { ...place, name: 'Tools', takesOffers: false }, '__typename');
  const rules = { longestMinutes: null, bufferAfterMinutes: 15 };
  const changed = await mutate(
    server,
    sue,
    'poolRuleSet',
    { ...place, rules },
    `pool { name takesOffers ${RULES} }`,
  );

  expect(changed.pool).toMatchObject({
    name: 'Tools',
    takesOffers: false,
    rules: { leadMinutes: 30, longestMinutes: null, bufferAfterMinutes: 15, ruleVersion: 2 },
  });
  expect(await facts(pool.id)).toEqual([
    { kind: 'PoolUpdated', data: {} },
    { kind: 'PoolRulesSet', data: { version: 2, fields: 'longestMinutes,bufferAfterMinutes' } },
  ]);
  await expectRefusal(server, ben, ['poolRuleSet', { ...place, rules }, 'FORBIDDEN']);
});

test('fees of a pool stay in its unit', async () => {
  const pool = await givenPool(server, network);
  const unit = {
    code: 'OTHER',
    name: [{ locale: 'en', text: 'Other' }],
    symbol: 'o',
    kind: 'CREDIT',
    scale: 2,
  };
  const made = await mutate(
    server,
    fay,
    'unitCreate',
    inNetwork({ ...unit, defaultFloor: '0' }),
    'unit { id }',
  );
  const other = await givenCommons(server, { ...network, unitId: made.unit.id });
  const input = inNetwork({ poolId: pool.id, accountId: other.accountId });

  const error = await expectRefusal(server, fay, ['poolUpdate', input, 'POOL_CONFLICT']);

  expect(JSON.parse(error.details)).toEqual({ reason: 'OTHER_UNIT' });
});

test('stewards are named once, and only active members', async () => {
  const pool = await givenPool(server, network);
  const place = inNetwork({ poolId: pool.id });
  const gone = await givenMember(server, network, 'Gus');
  await mutate(server, gone, 'membershipLeave', inNetwork({ membershipId: gone.membershipId }), '__typename');
  const add = (who: Member) => ({ ...place, membershipId: who.membershipId });

  await expectRefusal(server, sue, ['poolStewardAdd', add(sue), 'FORBIDDEN']);
  await expectRefusal(server, fay, ['poolStewardAdd', add(gone), 'MEMBERSHIP_STATE']);
  await mutate(server, fay, 'poolStewardAdd', add(sue), '__typename');
  server.clock.advance(1_000);
  const both = await mutate(server, sue, 'poolStewardAdd', add(ben), 'pool { stewards { id } }');
  await expectRefusal(server, fay, ['poolStewardAdd', add(sue), 'STEWARD_CONFLICT']);

  expect(both.pool.stewards).toEqual([{ id: sue.membershipId }, { id: ben.membershipId }]);
  const left = await mutate(server, ben, 'poolStewardRemove', add(ben), 'pool { stewards { id } }');
  expect(left.pool.stewards).toEqual([{ id: sue.membershipId }]);
  await expectRefusal(server, fay, ['poolStewardRemove', add(ben), 'STEWARD_CONFLICT']);
});

test('a steward whose membership is suspended looks after nothing', async () => {
  const stu = await givenMember(server, network, 'Stu');
  const pool = await givenPool(server, network, { stewards: [stu] });
  const suspension = inNetwork({ membershipId: stu.membershipId, reason: 'three warnings' });
  await mutate(server, fay, 'membershipSuspend', suspension, '__typename');

  await expectRefusal(server, stu, ['poolUpdate', inNetwork({ poolId: pool.id, name: 'Mine' }), 'FORBIDDEN']);
  const data = await ask(
    server,
    fay,
    'query($id: ID!) { node(id: $id) { ... on Pool { stewards { id } } } }',
    {
      id: pool.id,
    },
  );
  expect(data.node.stewards).toEqual([]);
});

test.each([
  ['leaves', leaveNetwork],
  ['is expelled', expelMember],
] as const)('a steward who %s looks after nothing when they come back', async (_, end) => {
  const stu = await givenMember(server, network, 'Stu');
  const pool = await givenPool(server, network, { stewards: [stu, sue] });
  const { db, run } = server.app.services;
  const actor = personActor((end === leaveNetwork ? stu : fay).personId);

  await run(actor, (tx) =>
    end(tx, { networkId: network.id, membershipId: stu.membershipId, reason: 'moved away' }),
  );
  await db.execute(`update membership set state = 'ACTIVE' where id = $1`, [stu.membershipId]);

  await expectRefusal(server, stu, ['poolUpdate', inNetwork({ poolId: pool.id, name: 'Mine' }), 'FORBIDDEN']);
  const query = 'query($id: ID!) { node(id: $id) { ... on Pool { stewards { id } } } }';
  const data = await ask(server, fay, query, { id: pool.id });
  expect(data.node.stewards).toEqual([{ id: sue.membershipId }]);
  expect(await facts(pool.id)).toEqual([
    { kind: 'PoolStewardRemoved', data: { membershipId: stu.membershipId } },
  ]);
});

test('an archived pool is read, and nothing in it changes', async () => {
  const pool = await givenPool(server, network, { stewards: [sue] });
  const thing = await givenResource(server, pool);
  const place = inNetwork({ poolId: pool.id });

  await mutate(server, sue, 'poolArchive', place, '__typename');

  await expectRefusal(server, sue, ['poolArchive', place, 'POOL_ARCHIVED']);
  await expectRefusal(server, sue, ['poolUpdate', { ...place, name: 'Again' }, 'POOL_ARCHIVED']);
  const update = inNetwork({ resourceId: thing.id, name: 'Saw' });
  await expectRefusal(server, sue, ['resourceUpdate', update, 'POOL_ARCHIVED']);
  const query = `query($n: ID!) { network(id: $n) {
    used: pools(first: 100) { nodes { id } } archived: pools(isArchived: true) { nodes { id viewerCan { manage { reason } } } }
  } }`;
  const { network: read } = await ask(server, sue, query, { n: network.id });
  expect(read.used.nodes).not.toContainEqual({ id: pool.id });
  expect(read.archived.nodes).toEqual([
    { id: pool.id, viewerCan: { manage: { reason: 'NOT_IN_THIS_STATE' } } },
  ]);
});

test('who is no member does not learn what there is, nor what is archived', async () => {
  const stranger = await givenMember(server, await givenNetwork(server), 'Stan');
  const pool = await givenPool(server, network, { archivedAt: START });
  const thing = await givenResource(server, pool);
  const nobodys = { poolId: newId('pool'), resourceId: newId('resource') };

  for (const { poolId, resourceId } of [{ poolId: pool.id, resourceId: thing.id }, nobodys]) {
    const calls: [string, object][] = [
      ['poolUpdate', { poolId, name: 'Mine' }],
      ['poolRuleSet', { poolId, rules: {} }],
      ['poolArchive', { poolId }],
      ['poolStewardRemove', { poolId, membershipId: sue.membershipId }],
      ['resourceAdd', { poolId, kind: 'ITEM', name: 'Saw' }],
      ['resourceUpdate', { resourceId, name: 'Saw' }],
      ['resourceRetire', { resourceId }],
      ['resourceConditionReport', { resourceId, condition: 'WORN' }],
      ['maintenancePlanSet', { resourceId, name: 'Oil', everyDays: 3 }],
    ];
    for (const [field, input] of calls) {
      await expectRefusal(server, stranger, [field, inNetwork(input), 'FORBIDDEN']);
    }
  }
});

test('what the viewer may do with a pool is what is done', async () => {
  const pool = await givenPool(server, network, { stewards: [sue], takesOffers: false });
  const cora = await givenOfficer(server, network, 'COORDINATOR');
  const query = `query($id: ID!) { node(id: $id) { ... on Pool { viewerCan {
    manage { allowed reason } setRules { allowed } addResources { allowed } offer { reason } book { allowed }
  } } } }`;
  const asked = async (who: Member) => (await ask(server, who, query, { id: pool.id })).node.viewerCan;
  const all = {
    manage: { allowed: true, reason: null },
    setRules: { allowed: true },
    addResources: { allowed: true },
    offer: { reason: 'NOT_IN_THIS_STATE' },
    book: { allowed: true },
  };

  expect(await asked(sue)).toEqual(all);
  expect(await asked(cora)).toEqual(all);
  expect(await asked(ben)).toEqual({
    ...all,
    manage: { allowed: false, reason: 'ROLE_REQUIRED' },
    setRules: { allowed: false },
    addResources: { allowed: false },
  });
});

test('who is no member finds no pool', async () => {
  const pool = await givenPool(server, network);
  const stranger = (await givenNetwork(server)).founder;

  const data = await ask(server, stranger, 'query($id: ID!) { node(id: $id) { id } }', { id: pool.id });

  expect(data.node).toBeNull();
});
