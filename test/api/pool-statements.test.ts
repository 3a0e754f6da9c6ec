import type { Pool } from '../../src/entities/pool.ts';
import { ask } from '../support/api.ts';
import { givenBooking } from '../support/given-booking.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

// A list asks for each of its fields once, however long it is.

const FEW = 3;
const MANY = 15;

let server: TestServer;
let network: TestNetwork;
let ben: Member;
let pool: Pool;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ben = await givenMember(server, network, 'Ben');
  const opening = { weekly: [{ weekday: 1, from: '00:00', until: '24:00' }], closures: [] };
  for (let count = 0; count < MANY; count++) pool = await givenPool(server, network, { stewards: [ben] });
  for (let count = 0; count < MANY; count++) {
    const thing = await givenResource(server, pool, {
      latitude: 1,
      longitude: 1,
      ...(count % 2 && { opening }),
    });
    await givenBooking(server, ben, [thing]);
  }
});
afterAll(() => server.close());

/** How many statements a request takes: the fewest of some, since jobs of the server may ask something meanwhile. */
async function statementsFor(query: string, first: number): Promise<number> {
  const counts: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const queries = jest.spyOn(server.app.database.pool, 'query');
    try {
      await ask(server, ben, query, { id: pool.id, n: network.id, first });
      counts.push(queries.mock.calls.length);
    } finally {
      queries.mockRestore();
    }
  }
  return Math.min(...counts);
}

const day = (days: number) => new Date(START.getTime() + days * 86_400_000).toISOString();
const THING = `name place { name } owner { kind membership { id } } custodian { id } rules { leadMinutes }
  fee { per } rates { memberClass } deposit { value } viewerCan { manage { allowed } retire { allowed } }
  availability(from: "${day(0)}", to: "${day(31)}") { from until free } maintenance { isOverdue plans { id } }`;

test.each([
  [
    'pools',
    `query($n: ID!, $first: Int) { network(id: $n) { pools(first: $first) { nodes {
      name unit { code } account { id } stewards { id } rules { leadMinutes } viewerCan { manage { allowed } }
    } } } }`,
  ],
  [
    'things with their availability of a month',
    `query($id: ID!, $first: Int) { node(id: $id) { ... on Pool { resources(first: $first) { nodes { ${THING} } } } } }`,
  ],
  [
    'what a search finds',
    `query($id: ID!, $first: Int) { node(id: $id) { ... on Pool {
      search(first: $first, text: "drill", near: { latitude: 1, longitude: 1, radiusKm: 5 }, freeFrom: "${day(7)}",
        freeTo: "${day(7.5)}") { nodes { ${THING} } }
    } } }`,
  ],
])('%s are read in as many statements for many as for few', async (_, query) => {
  await statementsFor(query, 1);

  expect(await statementsFor(query, MANY)).toBe(await statementsFor(query, FEW));
});
