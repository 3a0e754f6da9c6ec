import type { Pool } from '../../src/entities/pool.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { ask, mutate, send, type Json } from '../support/api.ts';
import { contribute, givenShares, stockInput } from '../support/goods.ts';
import { givenPool, givenResource, givenStock } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let pool: Pool;
let [potatoes, seeds] = [] as unknown as [Resource, Resource];
let [steward, ana, ben, auditor] = [] as unknown as [Member, Member, Member, Member];

const onDay = (day: string) => server.clock.moveTo(new Date(`${day}T12:00:00Z`));
const moved = (by: Member, field: string, stock: Resource, amount: string) =>
  mutate(server, by, field, stockInput(stock, amount), '__typename');

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  [steward, ana, ben, auditor] = [
    await givenMember(server, network, 'Stefan'),
    await givenMember(server, network, 'Ana'),
    await givenMember(server, network, 'Ben'),
    await givenOfficer(server, network, 'AUDITOR'),
  ];
  pool = await givenPool(server, network, { stewards: [steward] });
  potatoes = await givenStock(server, pool);
  seeds = await givenStock(server, pool, { stockUnit: 'pieces', stockScale: 0 });
  onDay('2026-03-02');
  await contribute(server, ana, potatoes, '1.00');
  onDay('2026-03-03');
  await contribute(server, ana, potatoes, '20.00');
  await contribute(server, ben, potatoes, '5.50');
  await moved(ben, 'stockTake', potatoes, '3.25');
  onDay('2026-03-10');
  await moved(steward, 'stockSpoil', potatoes, '0.75');
  const counted = { ...stockInput(potatoes, '1'), amount: undefined, change: '-0.10', reason: 'weighed' };
  await mutate(server, steward, 'stockCorrect', counted, '__typename');
  await contribute(server, ben, seeds, '40');
  onDay('2026-03-11');
  await moved(ana, 'stockTake', potatoes, '2.00');
});
afterAll(() => server.close());

const HARVEST = `query($id: ID!, $from: Date!, $to: Date!) { node(id: $id) { ... on Pool { harvest(from: $from, to: $to) { from to
  stocks { nodes { resource { id } contributed taken spoiled corrected } }
  members { nodes { resource { id } member { id } contributed taken } } } } } }`;

async function harvest(by: Member, from = '2026-03-03', to = '2026-03-10'): Promise<Json> {
  return (await ask(server, by, HARVEST, { id: pool.id, from, to })).node.harvest;
}

const line = (stock: Resource, member: Member, contributed: string, taken: string) => ({
  resource: { id: stock.id },
  member: { id: member.membershipId },
  contributed,
  taken,
});

describe('the harvest of a season', () => {
  test('adds up what came in and went out on its days, both included', async () => {
    const { stocks, members } = await harvest(steward);

    expect(stocks.nodes).toEqual([
      {
        resource: { id: potatoes.id },
        contributed: '25.50',
        taken: '3.25',
        spoiled: '0.75',
        corrected: '-0.10',
      },
      { resource: { id: seeds.id }, contributed: '40', taken: '0', spoiled: '0', corrected: '0' },
    ]);
    expect(members.nodes).toEqual([
      line(potatoes, ana, '20.00', '0.00'),
      line(potatoes, ben, '5.50', '3.25'),
      line(seeds, ben, '40', '0'),
    ]);
    const { stocks: oneDay } = await harvest(steward, '2026-03-11', '2026-03-11');
    expect(oneDay.nodes).toEqual([
      {
        resource: { id: potatoes.id },
        contributed: '0.00',
        taken: '2.00',
        spoiled: '0.00',
        corrected: '0.00',
      },
    ]);
  });

  test('shows members the sums and what is their own', async () => {
    const { stocks, members } = await harvest(ana);

    expect(stocks.nodes).toHaveLength(2);
    expect(members.nodes).toEqual([line(potatoes, ana, '20.00', '0.00')]);
    expect((await harvest(auditor)).members.nodes).toHaveLength(3);
  });

  test('is read in pages', async () => {
    const query = `query($id: ID!, $after: String) { node(id: $id) { ... on Pool { harvest(from: "2026-03-03", to: "2026-03-10") {
      members(first: 2, after: $after) { nodes { contributed } pageInfo { endCursor hasNextPage } } } } } }`;
    const page = async (after: string | null) =>
      (await ask(server, steward, query, { id: pool.id, after })).node.harvest.members;

    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);

    expect([first.nodes.length, first.pageInfo.hasNextPage]).toEqual([2, true]);
    expect(second.nodes).toEqual([{ contributed: '40' }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test.each([
    ['2026-03-04', '2026-03-03'],
    ['2016-01-01', '2026-03-03'],
  ])('is none from %s to %s', async (from, to) => {
    const { errors } = await send(server, HARVEST, { id: pool.id, from, to }, { token: ana.token });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_RANGE', input: 'to', maxDays: 3660 });
  });
});

test('the moves of a stock are shown whole to stewards, and to others as far as they are their own', async () => {
  const query =
    'query($id: ID!) { node(id: $id) { ... on Resource { stock { moves { nodes { kind amount balanceAfter } } } } } }';
  const moves = async (by: Member): Promise<string[]> =>
    (await ask(server, by, query, { id: potatoes.id })).node.stock.moves.nodes.map(
      ({ amount, balanceAfter }: Json) => `${amount} ${balanceAfter}`,
    );

  expect(await moves(ben)).toEqual(['-3.25 23.25', '5.50 26.50']);
  expect(await moves(steward)).toEqual([
    '-2.00 20.40',
    '-0.10 22.40',
    '-0.75 22.50',
    '-3.25 23.25',
    '5.50 26.50',
    '20.00 21.00',
    '1.00 1.00',
  ]);
});

test('stocks and owned things are read in as many statements for many as for few', async () => {
  const full = await givenPool(server, network);
  const quota = { quotaMinor: 100n, quotaPer: 'MEMBER', quotaPeriod: 'WEEK' } as const;
  for (let count = 0; count < 8; count++) {
    await givenStock(server, full, quota);
    await givenShares(server, await givenResource(server, full), [[ana, 1]]);
  }
  const fields = `stock { amount quota { left } viewerCan { move { allowed } } } shareCount ownershipViewerCan { own { allowed } }`;
  const query = `query($id: ID!, $first: Int) { node(id: $id) { ... on Pool { resources(first: $first) { nodes { ${fields} } } } } }`;
  const statements = async (first: number): Promise<number> => {
    const counts: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const queries = jest.spyOn(server.app.database.pool, 'query');
      try {
        await ask(server, ana, query, { id: full.id, first });
        counts.push(queries.mock.calls.length);
      } finally {
        queries.mockRestore();
      }
    }
    return Math.min(...counts);
  };
  await statements(2);

  expect(await statements(16)).toBe(await statements(2));
});
