import pg from 'pg';
import { newId } from '../../src/kernel/ids.ts';
import { faultsIn, Keeper, posting, type Books } from '../support/books.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';

// Whoever has taken over the server calls the posting function with what it likes.

let server: TestServer;
let keeper: Keeper;
let books: Books;
let client: pg.Client;
let ana: string;
let ben: string;
let cleo: string;
let dora: string;
let waits: string;
let held: string;
let posted: string;

beforeAll(async () => {
  server = await startTestServer();
  keeper = await Keeper.of(server);
  books = await keeper.books();
  [ana, ben] = [await books.account(), await books.account()];
  [cleo, dora] = [await books.account(), await books.account()];
  const payment = posting([ana, ben, 100n]);
  await books.post([payment]);
  posted = payment.id;
  waits = await books.request([ana, ben, 7n]);
  held = await books.hold([ana, 5n, ben]);
  client = new pg.Client(server.databaseUrl('app'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await keeper.close();
  await server.close();
});

type Row = Record<string, unknown>;

// The arrays of the function, with their types and what a payment gives for each.
const COLUMNS: [name: string, type: string, usual: unknown][] = [
  ['ids', 'text', null],
  ['events', 'text', null],
  ['payers', 'text', null],
  ['payees', 'text', null],
  ['amounts', 'bigint', 3],
  ['kinds', 'text', 'PAYMENT'],
  ['descriptions', 'text', 'garden work'],
  ['persons', 'text', null],
  ['acting_for', 'text', null],
  ['systems', 'text', 'test'],
  ['causes', 'text', null],
  ['pending', 'boolean', false],
  ['reverses', 'text', null],
  ['holds', 'text', null],
  ['releases', 'boolean', false],
  ['owners', 'text', null],
  ['keys', 'text', null],
  ['hashes', 'bytea', null],
];

const CALL = `select verdict from ledger_post($1, $2, false, ${COLUMNS.map(
  ([name, type], index) => `p_${name} => $${index + 3}::${type}[]`,
).join(', ')})`;

/** Calls the function with these transfers, some arrays of which may be replaced. */
async function call(rows: Row[], replaced: Row = {}, now: Date | string | null = START): Promise<string[]> {
  const arrays = COLUMNS.map(([name]) => (name in replaced ? replaced[name] : columnOf(rows, name)));
  const result = await client.query<{ verdict: string }>(CALL, [books.networkId, now, ...arrays]);
  return result.rows.map(({ verdict }) => verdict);
}

function columnOf(rows: Row[], name: string): unknown[] {
  const usual = COLUMNS.find((column) => column[0] === name)?.[2];
  return rows.map((row) => (name in row ? row[name] : usual));
}

const payment = (more: Row = {}): Row => ({ ids: newId('transfer'), payers: ana, payees: ben, ...more });

describe('whatever arrays the function is given, the books agree:', () => {
  const text = (value: unknown) => (value === null ? 'NULL' : JSON.stringify(value));
  const WAYS: [name: string, make: (values: unknown[]) => unknown][] = [
    ['none', () => null],
    ['an empty one', () => []],
    ['a short one', ([first]) => [first]],
    ['a long one', ([first, second]) => [first, second, second]],
    ['nothing in it', () => [null, null]],
    ['nothing in its second place', ([first]) => [first, null]],
    ['places from 0', (values) => `[0:1]={${values.map(text).join(',')}}`],
    ['places from 2', (values) => `[2:3]={${values.map(text).join(',')}}`],
    ['two dimensions', (values) => values.map((value) => [value])],
  ];

  test.each(COLUMNS.map(([name]) => name))('%s', async (column) => {
    const wrong: string[] = [];

    for (const [way, make] of WAYS) {
      // All of them differ, so that one in the place of another is seen.
      const rows = [payment({ amounts: 3 }), payment({ payers: cleo, payees: dora, amounts: 4 })];
      await client.query('begin');
      await client.query('savepoint before');
      await call(rows, { [column]: make(columnOf(rows, column)) }).catch(() =>
        client.query('rollback to before'),
      );
      wrong.push(...(await faultsIn(client)).map((fault) => `${way}: ${fault}`));
      await client.query('rollback');
    }

    expect(wrong).toEqual([]);
  });
});

describe('the function refuses', () => {
  const back = (more: Row) => payment({ payers: ben, payees: ana, amounts: 100, reverses: posted, ...more });
  const asked = (more: Row) => payment({ ids: waits, amounts: 7, kinds: 'REQUEST', pending: true, ...more });

  test.each<[string, () => Row[], RegExp]>([
    [
      'a reversal of another amount',
      () => [back({ amounts: 99, kinds: 'REVERSAL' })],
      /goes the other way round/,
    ],
    [
      'a reversal the same way round',
      () => [back({ payers: ana, payees: ben, kinds: 'REVERSAL' })],
      /goes the other way round/,
    ],
    ['a reversal that calls itself a payment', () => [back({})], /goes the other way round/],
    ['a reversal of nothing', () => [payment({ kinds: 'REVERSAL' })], /ck_transfer_reversal/],
    ['a waiting transfer with another amount', () => [asked({ amounts: 8 })], /waits with another content/],
    [
      'a waiting transfer the other way round',
      () => [asked({ payers: ben, payees: ana })],
      /waits with another content/,
    ],
    ['a waiting transfer as another kind', () => [asked({ kinds: 'DUES' })], /waits with another content/],
    ['a transfer that is there already', () => [payment({ ids: posted })], /pk_transfer/],
    ['a waiting transfer as a new one', () => [payment({ ids: waits })], /pk_transfer/],
    [
      'one transfer twice',
      () => {
        const twice = payment();
        return [twice, twice];
      },
      /pk_transfer/,
    ],
    ['a kind that there is not', () => [payment({ kinds: 'GIFT' })], /ck_transfer_kind/],
    [
      'a hold of another account',
      () => [payment({ payers: ben, payees: ana, holds: held })],
      /for another payment/,
    ],
    ['a hold for another payee', () => [payment({ payees: cleo, holds: held })], /for another payment/],
    ['no author', () => [payment({ systems: null })], /has one author/],
    ['two authors', () => [payment({ persons: newId('person') })], /has one author/],
    [
      'a key without an owner',
      () => [payment({ keys: 'a', hashes: Buffer.from('x') })],
      /null value in column "owner"/,
    ],
    [
      'one key twice',
      () => {
        const keyed = { owners: 'x', keys: 'a', hashes: Buffer.from('x') };
        return [payment(keyed), payment(keyed)];
      },
      /an idempotency key is being used/,
    ],
    ['less than nothing', () => [payment({ amounts: -3 })], /OUT_OF_RANGE/],
  ])('%s', async (_name, rows, words) => {
    const before = await books.everything();

    const said = await call(rows()).then(String, String);

    expect(said).toMatch(words);
    expect(await books.everything()).toEqual(before);
  });

  test.each([null, 'infinity', '-infinity'])('%s for an instant', async (now) => {
    const before = await books.everything();

    await expect(call([payment()], {}, now)).rejects.toThrow(/at an instant/);

    expect(await books.everything()).toEqual(before);
  });

  test('levies to an account of another unit, whatever the policy says', async () => {
    const mixed = await keeper.books();
    const unit = await mixed.addUnit('CREDIT');
    const levyAccountId = await mixed.common({ unitId: unit.id });
    await mixed.setPolicy({ payerLevyPpm: 500_000, levyAccountId });
    const sides = [await mixed.account(), await mixed.account()] as const;

    await mixed.post([posting([...sides, 10n])]).catch(() => []);

    expect(await faultsIn(client)).toEqual([]);
  });
});
