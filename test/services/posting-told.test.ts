import { newId } from '../../src/kernel/ids.ts';
import { post } from '../../src/services/ledger/posting.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { ACTOR, Keeper, posting, type Books } from '../support/books.ts';

/** How others learn of what was posted: from the links, in the order of their transactions. */

let server: TestServer;
let keeper: Keeper;
let books: Books;
let ana: string;
let ben: string;

beforeAll(async () => {
  server = await startTestServer();
  keeper = await Keeper.of(server);
});
afterAll(async () => {
  await keeper.close();
  await server.close();
});
beforeEach(async () => {
  books = await keeper.books();
  [ana, ben] = [await books.account(), await books.account()];
});

const payment = () => posting([ana, ben, 1n]);
const eventOf = (id: string) => `evt${id.slice(3)}`;

async function now(): Promise<string> {
  const row = await books.db.row<{ now: string }>('select pg_current_snapshot()::text as now');
  return row?.now ?? '';
}

/** All that is told between two snapshots, read in pages; only of these books. */
async function toldBetween(from: string, until: string, pageSize: number) {
  const told: { kind: string; id: string; subjectId: string; networkId: string; xid: string }[] = [];
  for (;;) {
    const last = told.at(-1);
    const page = await books.db.rows<(typeof told)[number]>(
      'select network_id, id, kind, subject_id, data, xid::text from outbox_read($1, $2, $3, $4, $5)',
      [from, until, last?.xid ?? '0', last?.id ?? '', pageSize],
    );
    told.push(...page);
    if (page.length < pageSize) return told.filter(({ networkId }) => networkId === books.networkId);
  }
}

test.each([1, 2, 3, 100])(
  'each transfer once, between the events around it, in pages of %i',
  async (pageSize) => {
    const before = await now();
    const first = Array.from({ length: 5 }, payment);
    const inOne = Array.from({ length: 4 }, payment);
    const last = payment();

    await books.post(first);
    await server.app.services.run(ACTOR, async (tx) => {
      tx.emit({ networkId: books.networkId, kind: 'Between', subjectId: ana });
      // Each call seals a link of its own, all in one transaction.
      for (const one of inOne)
        await post(tx.db, books.networkId, { postings: [one], now: tx.now, isAtomic: true });
    });
    await books.post([last]);
    const told = await toldBetween(before, await now(), pageSize);

    const kinds = told.map(({ kind, subjectId }) => (kind === 'TransferPosted' ? subjectId : kind));
    expect(kinds).toEqual([...first.map(({ id }) => id), ...inOne.map(({ id }) => id), 'Between', last.id]);
    expect(told.filter(({ kind }) => kind === 'TransferPosted').map(({ id }) => id)).toEqual(
      [...first, ...inOne, last].map(({ id }) => eventOf(id)),
    );
  },
);

test('when its transaction ends, however long that takes, and not before', async () => {
  const slow = payment();
  const other = await keeper.books();
  const [cleo, dan] = [await other.account(), await other.account()];
  const before = await now();

  const between = await server.app.services.run(ACTOR, async (tx) => {
    await post(tx.db, books.networkId, { postings: [slow], now: tx.now, isAtomic: true });
    // In another network, since the head of the chain is locked.
    await other.post([posting([cleo, dan, 1n])]);
    return now();
  });
  const until = await now();

  expect(await toldBetween(before, between, 10)).toEqual([]);
  expect((await toldBetween(between, until, 10)).map(({ subjectId }) => subjectId)).toEqual([slow.id]);
  expect((await toldBetween(before, until, 10)).map(({ subjectId }) => subjectId)).toEqual([slow.id]);
});

test('what had waited once, by an event with an id of its posting', async () => {
  const id = await books.request([ana, ben, 5n]);
  const before = await now();

  await books.post([payment(), posting([ana, ben, 5n], { kind: 'REQUEST', pendingId: id })]);
  const told = await toldBetween(before, await now(), 10);

  expect(told).toHaveLength(2);
  const [event] = await books.db.rows<{ id: string }>('select id from event where subject_id = $1', [id]);
  expect(told.find(({ subjectId }) => subjectId === id)?.id).toBe(event?.id);
  expect(event?.id).not.toBe(eventOf(id));
});

test('nothing of what is refused or rolled back', async () => {
  const before = await now();

  await books.post([posting([ana, newId('account'), 1n])]);
  const failing = server.app.services.run(ACTOR, async (tx) => {
    await post(tx.db, books.networkId, { postings: [payment()], now: tx.now, isAtomic: true });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');

  expect(await toldBetween(before, await now(), 10)).toEqual([]);
});
