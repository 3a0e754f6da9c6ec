import type { Pool } from '../../src/entities/pool.ts';
import { ask, mutate } from '../support/api.ts';
import { givenBooking } from '../support/given-booking.ts';
import { contribute, onceKey } from '../support/goods.ts';
import { givenPool, givenResource, givenStock } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

// What stands under each thing, each stock and each member of a list is read once for all of them.

const FEW = 3;
const MANY = 12;

let server: TestServer;
let network: TestNetwork;
let stew: Member;
let tools: Pool;
let cellar: Pool;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  stew = await givenMember(server, network, 'Stew');
  tools = await givenPool(server, network, { stewards: [stew] });
  cellar = await givenPool(server, network, { stewards: [stew] });
  for (let count = 0; count < MANY; count++) await givenOwner(await givenMember(server, network, 'Ana'));
}, 120_000);
afterAll(() => server.close());

/** A member who has half of a thing that was looked after and is booked, and has brought something into a stock. */
async function givenOwner(owner: Member): Promise<void> {
  const thing = await givenResource(server, tools);
  const on = { networkId: network.id, resourceId: thing.id };
  const shares = [owner, stew].map(({ membershipId }) => ({ membershipId, shareCount: 5 }));
  await mutate(server, stew, 'sharesAssign', { ...on, shareCount: 10, shares, ...onceKey() }, '__typename');
  await mutate(server, stew, 'maintenanceRecord', { ...on, note: 'oiled' }, '__typename');
  await givenBooking(server, owner, [thing]);
  await contribute(server, owner, await givenStock(server, cellar), '1');
}

/** How many statements a request takes: the fewest of some, since jobs of the server may ask something meanwhile. */
async function statementsFor(query: string, viewer: Member, first: number): Promise<number> {
  const counts: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const queries = jest.spyOn(server.app.database.pool, 'query');
    try {
      const variables = { n: network.id, tools: tools.id, cellar: cellar.id, first };
      const answer = await ask(server, viewer, query, variables);
      const { list } = answer.of;
      expect(list.nodes).toHaveLength(first);
      counts.push(queries.mock.calls.length);
    } finally {
      queries.mockRestore();
    }
  }
  return Math.min(...counts);
}

const inPool = (pool: string, selection: string) =>
  `query($${pool}: ID!, $first: Int) { of: node(id: $${pool}) { ... on Pool {
    list: resources(first: $first) { nodes { ${selection} } } } } }`;
const ofMembers = (selection: string) =>
  `query($n: ID!, $first: Int) { of: network(id: $n) { list: members(first: $first) { nodes { ${selection} } } } }`;

test.each([
  ['shares of things', inPool('tools', 'shares { nodes { shareCount member { id } } }')],
  ['moves of shares', inPool('tools', 'shareMoves { nodes { shareCount from { id } to { id } } }')],
  ['what happened to things', inPool('tools', 'records { nodes { kind by { id } } }')],
  [
    'what was done to things',
    inPool('tools', 'maintenance { records { nodes { note by { id } plan { id } } } }'),
  ],
  ['pictures of things', inPool('tools', 'photos { caption }')],
  [
    'bookings of things',
    inPool(
      'tools',
      'bookings(from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { nodes { id booker { id } } }',
    ),
  ],
  [
    'moves of stocks',
    inPool('cellar', 'stock { moves { nodes { amount member { id } } } quota { period } }'),
  ],
  ['accounts of members', ofMembers('accounts { nodes { id } }')],
  ['shares of members', ofMembers('shares { nodes { shareCount resource { id } } }')],
  ['bookings of members', ofMembers('bookings { nodes { id } }')],
  ['what members alone see', ofMembers('shareOffers { nodes { id } } calendarFeeds { id }')],
])('%s are read in as many statements for many as for few', async (_, query) => {
  for (const viewer of [stew, network.founder]) {
    await statementsFor(query, viewer, 1);

    expect(await statementsFor(query, viewer, MANY)).toBe(await statementsFor(query, viewer, FEW));
  }
});
