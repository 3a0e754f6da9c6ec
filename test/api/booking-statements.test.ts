import type { Pool } from '../../src/entities/pool.ts';
import { ask, mutate } from '../support/api.ts';
import { bookingKit } from '../support/bookings.ts';
import { fieldsWithin } from '../support/every-field.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

// A list asks for each of its fields once, however long it is.

const FEW = 8;
const MANY = 20;

let server: TestServer;
let network: TestNetwork;
let stew: Member;
let pool: Pool;

const { request, act, moveTo } = bookingKit(() => ({ server, network, pool }));

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  const members = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
  stew = await givenMember(server, network, 'Stew');
  pool = await givenPool(server, network, { stewards: [stew], needsApproval: true });
  const ids: string[] = [];
  for (let turn = 0; turn < MANY; turn++) {
    const booker = members[turn % 2]!;
    const thing = await givenResource(server, pool, { feePer: 'USE', feeMinor: 1n });
    const items = [{ resourceId: thing.id, quantity: 1 }];
    const input = { networkId: network.id, poolId: pool.id, name: `Kit ${turn}`, items };
    const { kit } = await mutate(server, stew, 'kitSet', input, 'kit { id }');
    const paid = { payerAccountId: booker.accountId };
    const { id } = await request(booker, thing, [1, 2], { items: null, kitId: kit.id, ...paid });
    await act(stew, 'bookingApprove', id);
    ids.push(id);
  }
  moveTo(1);
  for (const id of ids) await act(stew, 'bookingCheckOut', id);
}, 120_000);
afterAll(() => server.close());

async function statementsOf(list: string, selection: string): Promise<{ found: number; statements: number }> {
  const queries = jest.spyOn(server.app.database.pool, 'query');
  try {
    const query = `query($id: ID!) { node(id: $id) { ... on Pool { list: ${list} { nodes ${selection} } } } }`;
    const { node } = await ask(server, stew, query, { id: pool.id });
    return { found: node.list.nodes.length, statements: queries.mock.calls.length };
  } finally {
    queries.mockRestore();
  }
}

// What members and transfers tell of themselves is asked for elsewhere.
const LEADING_ELSEWHERE: Record<string, string> = {
  booker: 'booker { id displayName }',
  decidedBy: 'decidedBy { id displayName }',
  transfers: 'transfers { nodes { id amount { value } } }',
};

describe.each([
  ['bookings', 'Booking'],
  ['kits', 'Kit'],
])('%s', (list, type) => {
  // The pool is the one in which the list stands.
  const fields = fieldsWithin(type).filter(({ field }) => field !== 'pool');

  test.each(fields)(
    'are told with $field in as many statements for many as for few',
    async ({ field, selection: whole }) => {
      const selection = LEADING_ELSEWHERE[field] ?? whole;
      await statementsOf(`${list}(first: 1)`, `{ ${selection} }`);

      const few = await statementsOf(`${list}(first: ${FEW})`, `{ ${selection} }`);
      const turns = [];
      // The quietest of some, since jobs of the server may ask something meanwhile.
      for (let turn = 0; turn < 3; turn++) {
        turns.push(await statementsOf(`${list}(first: ${MANY})`, `{ ${selection} }`));
      }

      expect([few.found, turns[0]!.found]).toEqual([FEW, MANY]);
      expect(Math.min(...turns.map(({ statements }) => statements))).toBeLessThanOrEqual(few.statements);
    },
  );
});
