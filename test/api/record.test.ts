import { ask, mutate } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, transferInput, type Member, type TestNetwork } from '../support/world.ts';

/** The record of what was done: events, and transfers as the record of their own posting. */

let server: TestServer;
let network: TestNetwork;
let ben: Member;
const paid: string[] = [];

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ben = await givenMember(server, network);
  await pay();
  await mutate(
    server,
    network.founder,
    'networkUpdate',
    { networkId: network.id, sponsorsNeeded: 1 },
    'network { id }',
  );
  await pay();
  await pay();
});
afterAll(() => server.close());

async function pay(): Promise<void> {
  const input = transferInput(network, ben, network.founder, '1');
  const { transfer } = await mutate(server, ben, 'transferCreate', input, 'transfer { id }');
  paid.push(transfer.id);
}

interface Fact {
  id: string;
  kind: string;
  subjectId: string;
}

async function record(filter: object, first: number, after: string | null = null) {
  const query = `query($id: ID!, $filter: EventFilterInput, $first: Int, $after: String) { network(id: $id) {
    auditLog(filter: $filter, first: $first, after: $after) {
      nodes { id kind subjectId at data actor { displayName } } pageInfo { hasNextPage endCursor } } } }`;
  const data = await ask(server, network.founder, query, { id: network.id, filter, first, after });
  return data.network.auditLog as {
    nodes: Fact[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

test('shows payments among other facts, newest first', async () => {
  const { nodes } = await record({}, 4);

  expect(nodes.map(({ kind, subjectId }) => [kind, subjectId])).toEqual([
    ['TransferPosted', paid[2]],
    ['TransferPosted', paid[1]],
    ['NetworkUpdated', network.id],
    ['TransferPosted', paid[0]],
  ]);
  expect(nodes[0]).toEqual({
    id: `evt${paid[2]!.slice(3)}`,
    kind: 'TransferPosted',
    subjectId: paid[2],
    at: server.clock.now().toISOString(),
    data: '{}',
    actor: { displayName: 'Ben' },
  });
});

test('shows the same in pages of two', async () => {
  const all = (await record({}, 100)).nodes;
  const inPages: Fact[] = [];

  for (let after: string | null = null, more = true; more;) {
    const { nodes, pageInfo } = await record({}, 2, after);
    inPages.push(...nodes);
    after = pageInfo.endCursor;
    more = pageInfo.hasNextPage;
  }

  expect(inPages).toEqual(all);
  expect(all.length).toBeGreaterThan(4);
});

test('is looked through by kind and by what it is about', async () => {
  const ids = async (filter: object) => (await record(filter, 10)).nodes.map(({ subjectId }) => subjectId);

  expect(await ids({ kind: 'TransferPosted' })).toEqual(paid.toReversed());
  expect(await ids({ kind: 'NetworkUpdated' })).toEqual([network.id]);
  expect(await ids({ subjectId: paid[1] })).toEqual([paid[1]]);
  expect(await ids({ subjectId: paid[1], kind: 'NetworkUpdated' })).toEqual([]);
});

test('is found by its id, for who may read it', async () => {
  const { nodes } = await record({}, 4);
  const query =
    'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Event { kind subjectId actor { displayName } } } }';
  const ids = nodes.map(({ id }) => id);

  const seen = await ask(server, network.founder, query, { ids });
  const hidden = await ask(server, ben, query, { ids });

  expect(seen.nodes).toMatchObject(nodes.map(({ id, kind, subjectId }) => ({ id, kind, subjectId })));
  expect(hidden.nodes).toEqual([null, null, null, null]);
});
