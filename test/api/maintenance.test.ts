import type { Resource } from '../../src/entities/resource.ts';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { ask, mutate, type Json } from '../support/api.ts';
import { givenPool, givenResource, givenStock } from '../support/pools.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let sue: Member;
let thing: Resource;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server, { slug: 'upkeep' });
  sue = await givenMember(server, network, 'Sue');
});
beforeEach(async () => {
  server.clock.moveTo(START);
  thing = await givenResource(server, await givenPool(server, network, { stewards: [sue] }), { useCount: 4 });
});
afterAll(() => server.close());

const inDays = (days: number) => new Date(START.getTime() + days * DAY_MS);
const onThing = (input: object) => ({ networkId: network.id, resourceId: thing.id, ...input });
const PLANS =
  'resource { maintenance { isOverdue plans { id name everyDays everyUses isOverdue nextDue { at usesLeft } } } }';

async function plan(input: object): Promise<Json> {
  const { resource } = await mutate(server, sue, 'maintenancePlanSet', onThing(input), PLANS);
  return resource.maintenance;
}

test('a plan is due by time, by use, or by whichever comes first', async () => {
  const made = await plan({ name: 'Oil', everyDays: 30, everyUses: 10 });

  expect(made).toEqual({
    isOverdue: false,
    plans: [
      {
        id: expect.stringMatching(/^mtp_/),
        name: 'Oil',
        everyDays: 30,
        everyUses: 10,
        isOverdue: false,
        nextDue: { at: inDays(30).toISOString(), usesLeft: 10 },
      },
    ],
  });
  expect((await plan({ name: 'Belt', everyUses: 1, lastDoneAt: START })).plans[1]).toMatchObject({
    nextDue: { at: null, usesLeft: 1 },
  });
});

test('what is overdue is told, and begins anew when it is done', async () => {
  const { plans } = await plan({ name: 'Oil', everyDays: 30, lastDoneAt: inDays(-31) });
  const planId = plans[0].id;
  expect(plans[0].isOverdue).toBe(true);
  const done = onThing({ planId, note: 'New oil, 10W-40.' });

  const { resource } = await mutate(
    server,
    sue,
    'maintenanceRecord',
    done,
    'resource { maintenance { isOverdue records { nodes { note doneAt plan { id } by { id } } } } records { nodes { kind note } } }',
  );

  expect(resource).toEqual({
    maintenance: {
      isOverdue: false,
      records: {
        nodes: [
          {
            note: 'New oil, 10W-40.',
            doneAt: START.toISOString(),
            plan: { id: planId },
            by: { id: sue.membershipId },
          },
        ],
      },
    },
    records: { nodes: [{ kind: 'MAINTENANCE', note: 'New oil, 10W-40.' }] },
  });
});

test('a changed plan keeps when it was done last, and an ended one asks for nothing', async () => {
  const made = await plan({ name: 'Oil', everyDays: 30, lastDoneAt: inDays(-20) });
  const planId = made.plans[0].id;

  const changed = await plan({ planId, name: 'Oil and grease', everyDays: 15 });
  expect(changed.plans).toEqual([
    expect.objectContaining({ id: planId, name: 'Oil and grease', isOverdue: true }),
  ]);

  const end = onThing({ planId });
  const ended = await mutate(server, sue, 'maintenancePlanEnd', end, PLANS);
  expect(ended.resource.maintenance).toEqual({ isOverdue: false, plans: [] });
  for (const [field, input] of [
    ['maintenancePlanEnd', end],
    ['maintenancePlanSet', onThing({ planId, name: 'Oil', everyDays: 1 })],
    ['maintenanceRecord', onThing({ planId, note: 'oiled' })],
  ] as const) {
    await expectRefusal(server, sue, [field, input, 'RESOURCE_CONFLICT']);
  }
});

test.each([
  ['no rhythm', { name: 'Oil' }, 'REQUIRED'],
  ['every zero days', { name: 'Oil', everyDays: 0 }, 'INVALID_RANGE'],
  ['more uses than count', { name: 'Oil', everyUses: 100_001 }, 'INVALID_RANGE'],
  ['what is done in the future', { name: 'Oil', everyDays: 1, lastDoneAt: inDays(1) }, 'INVALID_RANGE'],
  ['no name', { name: '', everyDays: 1 }, 'TEXT_TOO_SHORT'],
])('a plan with %s is refused', async (_, input, code) => {
  await expectRefusal(server, sue, ['maintenancePlanSet', onThing(input), code]);
});

test('a plan is of its own thing, and of none that is used up', async () => {
  const { plans } = await plan({ name: 'Oil', everyDays: 1 });
  const pool = await givenPool(server, network, { stewards: [sue] });
  const other = await givenResource(server, pool);
  const stock = await givenStock(server, pool);

  const foreign = { networkId: network.id, resourceId: other.id, planId: plans[0].id };
  await expectRefusal(server, sue, ['maintenancePlanEnd', foreign, 'NOT_FOUND']);
  const ofStock = { networkId: network.id, resourceId: stock.id, name: 'Stir', everyDays: 1 };
  await expectRefusal(server, sue, ['maintenancePlanSet', ofStock, 'RESOURCE_KIND_MISMATCH']);
});

test('a thing has at most 20 plans', async () => {
  for (let count = 0; count < 20; count++) await plan({ name: `Plan ${count}`, everyDays: 1 });

  const input = onThing({ name: 'One more', everyDays: 1 });
  await expectRefusal(server, sue, ['maintenancePlanSet', input, 'RESOURCE_CONFLICT']);
});

test('plans are read by all members', async () => {
  await plan({ name: 'Oil', everyDays: 1 });
  const ben = await givenMember(server, network, 'Ben');

  const query = 'query($id: ID!) { node(id: $id) { ... on Resource { maintenance { plans { name } } } } }';
  const data = await ask(server, ben, query, { id: thing.id });

  expect(data.node.maintenance.plans).toEqual([{ name: 'Oil' }]);
});
