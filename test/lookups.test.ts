import { Membership } from '../src/entities/membership.ts';
import { Network } from '../src/entities/network.ts';
import type { Db } from '../src/kernel/database.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from './support/world.ts';

let server: TestServer;
let db: Db;
let network: TestNetwork;
let members: Member[];

beforeAll(async () => {
  server = await startTestServer();
  db = server.app.database.db;
  network = await givenNetwork(server);
  members = [];
  for (const name of ['A', 'B', 'C']) members.push(await givenMember(server, network, name));
});
afterAll(() => server.close());

/** How many statements the pool runs during the work. */
async function statementsDuring(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(server.app.database.pool, 'query');
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

test('each of many questions at once gets its own answer, in a few statements', async () => {
  const asked = Array.from({ length: 60 }, (_, index) => members[index % 3]!);
  let answers: (Membership | undefined)[] = [];

  const statements = await statementsDuring(async () => {
    answers = await Promise.all(
      asked.map(({ personId }) => db.one(Membership, { networkId: network.id, personId })),
    );
  });

  expect(answers.map((answer) => answer?.id)).toEqual(asked.map(({ membershipId }) => membershipId));
  expect(statements).toBeLessThan(10);
});

test('nobody gets the row that another one holds', async () => {
  const [first, second] = await Promise.all([
    db.one(Network, { id: network.id }),
    db.one(Network, { id: network.id }),
  ]);

  expect(first).toEqual(second);
  expect(first).not.toBe(second);
});

test('what is not there is not found, and what was written before the question is', async () => {
  const id = 'net_01h455vb4pex5vsknk084sn02q';
  const [absent, present] = await Promise.all([db.one(Network, { id }), db.one(Network, { id: network.id })]);
  await db.update(Network, { id: network.id }, { placeName: 'Riverbend' });

  expect(absent).toBeUndefined();
  expect(present?.placeName).toBeNull();
  expect((await db.one(Network, { id: network.id }))?.placeName).toBe('Riverbend');
});

test('questions that name a list, nothing or no text are asked alone', async () => {
  const inList = await db.all(Membership, {
    networkId: network.id,
    personId: members.map(({ personId }) => personId),
  });
  const notArchived = await db.all(Network, { id: network.id, archivedAt: null });

  expect(inList).toHaveLength(3);
  expect(notArchived).toHaveLength(1);
});
