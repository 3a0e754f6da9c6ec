import pg from 'pg';
import { checkLedger, checkSnapshot, type CheckLine } from '../../src/services/ledger/check.ts';
import { givenLivelyLedger, LINES, type LivelyLedger } from '../support/lively-ledger.ts';
import { buildProgram, runCommand } from '../support/process.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import { givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

/** A lively ledger is sound; and each way to break it is found. */

let server: TestServer;
let client: pg.Client;
let ledger: LivelyLedger;
let network: TestNetwork;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
  ledger = await givenLivelyLedger(server);
  ({ network, ben } = ledger);
  client = new pg.Client(server.databaseUrl('superuser'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

/** What is found if these statements had been executed; nothing of them stays. */
async function after(...statements: string[]): Promise<CheckLine[]> {
  await client.query('begin');
  try {
    // Whoever breaks in does not keep to foreign keys and checks either.
    await client.query('set local session_replication_role = replica');
    for (const table of ['transfer', 'entry', 'hold', 'account']) {
      const { rows } = await client.query<{ name: string }>(
        `select conname as name from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
        [table],
      );
      for (const { name } of rows) await client.query(`alter table ${table} drop constraint ${name}`);
    }
    for (const statement of statements) await client.query(fill(statement));
    return await checkSnapshot(client, network.id);
  } finally {
    await client.query('rollback');
  }
}

/** Puts ids in the places of their names: `ANA`, `$first`. */
function fill(text: string): string {
  const { ana, fund, transfers, holds } = ledger;
  const ids: Record<string, string> = { ...transfers, ...holds };
  return text
    .replaceAll('ANA', ana.accountId)
    .replaceAll('BEN', ben.accountId)
    .replaceAll('FUND', fund)
    .replaceAll('NETWORK', network.id)
    .replaceAll('UNIT', network.unitId)
    .replaceAll(/\$(\w+)/g, (_, name: string) => ids[name] ?? name);
}

test('a lively ledger is sound, and each line says how much it looked at', async () => {
  const lines = await checkLedger(client, network.id);

  expect(lines).toEqual(LINES.map(([name, rows]) => ({ name, rows, fault: null })));
});

test('a network in which nothing was posted is sound', async () => {
  const other = await givenNetwork(server);

  const lines = await checkLedger(client, other.id);

  expect(lines.filter(({ fault }) => fault)).toEqual([]);
});

const ENTRY = (account: string, seq: number) =>
  `network_id = 'NETWORK' and account_id = '${account}' and seq = ${seq}`;
const TRANSFER = (name: string) => `network_id = 'NETWORK' and id = '$${name}'`;

test.each<[what: string, statements: string[], rule: string, key: string[], expected: string, found: string]>(
  [
    [
      'a balance',
      [`update account set balance_minor = balance_minor + 1 where id = 'ANA'`],
      'an account has the balance of its last entry',
      ['ANA'],
      '-273',
      '-272',
    ],
    [
      'a balance, against the sum of all',
      [`update account set balance_minor = balance_minor + 1 where id = 'ANA'`],
      'the balances of a unit add up to zero',
      ['UNIT'],
      '0',
      '1',
    ],
    [
      'the amount of an entry',
      [`update entry set amount_minor = amount_minor + 7 where ${ENTRY('BEN', 1)}`],
      'the entries of a transfer add up to zero',
      ['$first'],
      '0',
      '7',
    ],
    [
      'the amount of an entry, against the sum of all',
      [`update entry set amount_minor = amount_minor + 7 where ${ENTRY('BEN', 1)}`],
      'the entries of a unit add up to zero',
      ['UNIT'],
      '0',
      '7',
    ],
    [
      'amounts of both entries of a transfer',
      [`update entry set amount_minor = amount_minor * 2 where transfer_id = '$first'`],
      'a posted transfer has the entries that it tells of',
      ['$first'],
      'ANA -300, BEN 300',
      'ANA -600, BEN 600',
    ],
    [
      'who bears the levy',
      [
        `update entry set account_id = 'FUND', seq = 99 where transfer_id = '$levied' and is_levy and account_id = 'ANA'`,
      ],
      'a posted transfer has the entries that it tells of',
      ['$levied'],
      'ANA -500, BEN 500, FUND 15 (levies 10 + 5)',
      'FUND 15 (levy), FUND -10 (levy), ANA -500, BEN 500, BEN -5 (levy)',
    ],
    [
      'an entry that was deleted',
      [`delete from entry where ${ENTRY('BEN', 2)}`],
      'entries are numbered without gaps',
      ['BEN', '3'],
      '2',
      '3',
    ],
    [
      'the last entry of an account, deleted',
      [
        `delete from entry where account_id = 'FUND' and seq = (select max(seq) from entry where account_id = 'FUND')`,
      ],
      'an account counts its entries',
      ['FUND'],
      '4',
      '5',
    ],
    [
      'a number that was skipped',
      [
        `update entry set seq = 50 where account_id = 'ANA' and seq = (select max(seq) from entry where account_id = 'ANA')`,
      ],
      'entries are numbered without gaps',
      ['ANA', '50'],
      '9',
      '50',
    ],
    [
      'a running balance',
      [`update entry set balance_after_minor = 0 where ${ENTRY('BEN', 1)}`],
      'an entry carries the balance on',
      ['BEN', '1'],
      '300',
      '0',
    ],
    [
      'what was received',
      [`update entry set received_after_minor = 1 where ${ENTRY('BEN', 1)}`],
      'an entry carries on what was received',
      ['BEN', '1'],
      '300',
      '1',
    ],
    [
      'what an account has received',
      [`update account set received_minor = 1000000 where id = 'BEN'`],
      'an account has received what its last entry says',
      ['BEN'],
      '420',
      '1000000',
    ],
    [
      'the time of an entry',
      [`update entry set posted_at = '2020-01-01T00:00:00Z' where ${ENTRY('BEN', 2)}`],
      'entries of an account stand in the order of their time',
      ['BEN', '2'],
      'not before 2026-03-02 09:00:00+00',
      '2020-01-01 00:00:00+00',
    ],
    [
      'the time of the last entry',
      [`update account set last_posted_at = null where id = 'BEN'`],
      'an account knows the time of its last entry',
      ['BEN'],
      '2026-03-02 09:04:00+00',
      'never',
    ],
    [
      'the time of a transfer',
      [`update transfer set posted_at = posted_at + interval '1 day' where ${TRANSFER('first')}`],
      'an entry was posted when its transfer was',
      ['ANA', '1'],
      '2026-03-03 09:00:00+00',
      '2026-03-02 09:00:00+00',
    ],
    [
      'the amount of a transfer',
      [`update transfer set amount_minor = 301 where ${TRANSFER('first')}`],
      'a posted transfer has the entries that it tells of',
      ['$first'],
      'ANA -301, BEN 301',
      'ANA -300, BEN 300',
    ],
    [
      'the payee of a transfer',
      [`update transfer set payee_account_id = 'FUND' where ${TRANSFER('first')}`],
      'a posted transfer has the entries that it tells of',
      ['$first'],
      'ANA -300, FUND 300',
      'ANA -300',
    ],
    [
      'a posted transfer without entries',
      [`delete from entry where transfer_id = '$first'`],
      'a posted transfer has the entries that it tells of',
      ['$first'],
      'ANA -300, BEN 300',
      'no entries',
    ],
    [
      'a pending transfer with an entry',
      [
        `insert into entry select network_id, account_id, 90, '$pending', 50, 0, 0, posted_at, false from entry where ${ENTRY('BEN', 1)}`,
      ].map((statement) =>
        statement.replace(
          'insert into entry select',
          'insert into entry (network_id, account_id, seq, transfer_id, amount_minor, balance_after_minor, received_after_minor, posted_at, is_levy) select',
        ),
      ),
      'an entry belongs to a posted transfer',
      ['BEN', '90'],
      'the posted transfer $pending',
      'PENDING',
    ],
    [
      'a pending transfer that names an entry',
      [`update transfer set payee_seq = 1 where ${TRANSFER('pending')}`],
      'a transfer that is not posted has no entries',
      ['$pending'],
      'no entries while PENDING',
      '0',
    ],
    [
      'an entry that its transfer does not name',
      [`update transfer set payee_seq = 2 where ${TRANSFER('first')}`],
      'an entry is one of those that its transfer names',
      ['BEN', '1'],
      'named by $first',
      'not named',
    ],
    [
      'a transfer that names the entry of another',
      [`update transfer set payee_seq = 2 where ${TRANSFER('first')}`],
      'a posted transfer has the entries that it tells of',
      ['$first'],
      'ANA -300, BEN 300',
      'ANA -300',
    ],
    [
      'an entry of a transfer that is not posted',
      [`update transfer set state = 'PENDING', posted_at = null where ${TRANSFER('first')}`],
      'an entry belongs to a posted transfer',
      ['ANA', '1'],
      'the posted transfer $first',
      'PENDING',
    ],
    [
      'a transfer that was deleted',
      [`delete from transfer where ${TRANSFER('first')}`],
      'an entry belongs to a posted transfer',
      ['ANA', '1'],
      'the posted transfer $first',
      'none',
    ],
    [
      'a transfer that was deleted, against the chain',
      [`delete from transfer where ${TRANSFER('first')}`],
      'every posted transfer is sealed once, and nothing else is',
      ['$first'],
      'posted, since it is sealed',
      'not posted',
    ],
    [
      'entries of an account that does not exist',
      [`update entry set account_id = 'acc_00000000000000000000000000' where ${ENTRY('FUND', 1)}`],
      'an entry belongs to an account that exists',
      ['acc_00000000000000000000000000', '1'],
      'the account acc_00000000000000000000000000',
      'none',
    ],
    [
      'the unit of an account',
      [`update account set unit_id = 'uni_00000000000000000000000000' where id = 'BEN'`],
      'an entry is in the unit of its transfer',
      ['BEN', '1'],
      'UNIT',
      'uni_00000000000000000000000000',
    ],
    [
      'a reversal that names another transfer',
      [`update transfer set reverses_id = '$first' where ${TRANSFER('reversal')}`],
      'a reversal undoes the transfer that it names',
      ['$reversal'],
      '$first REVERSED by $reversal: 500 from ANA to BEN',
      'POSTED by none: 300 from ANA to BEN',
    ],
    [
      'a reversed transfer without a reversal',
      [`update transfer set state = 'REVERSED', reversed_by_id = '$levied' where ${TRANSFER('first')}`],
      'a reversed transfer names what undoes it',
      ['$first'],
      '$levied posted and reverses $first',
      'reverses none',
    ],
    [
      'what is reserved',
      [`update account set reserved_minor = 0 where id = 'ANA'`],
      'what is reserved is what open holds have left',
      ['ANA'],
      '280',
      '0',
    ],
    [
      'the amount of a hold',
      [`update hold set amount_minor = 150 where id = '$open'`],
      'what is reserved is what open holds have left',
      ['ANA'],
      '230',
      '280',
    ],
    [
      'what was captured of a hold',
      [`update hold set captured_minor = 110 where id = '$captured'`],
      'transfers have taken of a hold what it says',
      ['$captured'],
      '120',
      '110',
    ],
    [
      'a link that was removed',
      [`delete from ledger_link where number = 3`],
      'links are numbered without gaps',
      ['4'],
      '3',
      '4',
    ],
    [
      'a transfer that is sealed twice',
      [`update ledger_link set transfer_ids = transfer_ids || '{$first}' where number = 2`],
      'every posted transfer is sealed once, and nothing else is',
      ['$first'],
      'sealed once',
      'sealed 2 times',
    ],
    [
      'a transfer that nothing seals',
      [`update ledger_link set transfer_ids = '{}' where number = 1`],
      'every posted transfer is sealed once, and nothing else is',
      ['$first'],
      'sealed once',
      'sealed 0 times',
    ],
  ],
)('finds %s', async (_, statements, rule, key, expected, found) => {
  const lines = await after(...statements);

  expect(lines.find(({ name }) => name === rule)?.fault).toMatchObject({
    key: key.map(fill),
    expected: fill(expected),
    found: fill(found),
  });
});

test.each<[what: string, statement: string, number: string]>([
  [
    'the description of a transfer',
    `update transfer set description = 'other' where ${TRANSFER('levied')}`,
    '2',
  ],
  ['who made a transfer', `update transfer set actor_system = 'other' where ${TRANSFER('levied')}`, '2'],
  ['a link’s hash', `update ledger_link set hash = sha256('x') where number = 3`, '3'],
  [
    'an entry, with all that follows from it',
    `update entry set is_levy = not is_levy where ${ENTRY('FUND', 1)}`,
    '2',
  ],
  ['what a link seals', `update ledger_link set transfer_ids = '{}' where number = 4`, '4'],
])('finds by the chain that somebody changed %s', async (_, statement, number) => {
  const fault = (await after(statement)).find(
    ({ name }) => name === 'a link has the hash of what it seals',
  )?.fault;

  expect(fault).toEqual({
    table: 'ledger_link',
    key: [number],
    expected: expect.stringMatching(/^[0-9a-f]{64}$/),
    found: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(fault?.expected).not.toBe(fault?.found);
});

test.each([
  ['moved', `update ledger_head set number = 4`],
  ['given another hash', `update ledger_head set hash = sha256('x')`],
  ['given another count', `update ledger_head set transfer_count = 7`],
  ['removed', `delete from ledger_head`],
  ['ahead of the last link', `delete from ledger_link where number = 5`],
])('finds that the head was %s', async (_, statement) => {
  const faults = (
    await after(`${statement}${statement.includes('where') ? ' and' : ' where'} network_id = 'NETWORK'`)
  )
    .filter(({ name }) => name === 'the head is the last link')
    .map(({ fault }) => fault?.key);

  expect(faults).toEqual([[network.id]]);
});

test.each([1, 2, 3, 7])('walks in slices of %i as if they were one', async (rowsAtOnce) => {
  await client.query('begin isolation level repeatable read read only');
  const lines = await checkSnapshot(client, network.id, rowsAtOnce);
  await client.query('rollback');

  expect(lines).toEqual(LINES.map(([name, rows]) => ({ name, rows, fault: null })));
});

describe('the command', () => {
  beforeAll(buildProgram);

  const check = (...words: string[]) =>
    runCommand(['ledger', 'check', ...words], {
      DATABASE_URL: server.databaseUrl('app'),
      DATABASE_OWNER_URL: server.databaseUrl('owner'),
    });

  test('prints a line for each check and ends with 0 when all is sound', async () => {
    const result = await check('--network', network.slug);

    const lines = LINES.map(([name, rows]) => `${network.slug}: ${name} (${rows}): ok\n`);
    expect(result).toEqual({ code: 0, stdout: lines.join(''), stderr: '' });
  });

  test('ends with 2 when it is called in the wrong way or cannot look', async () => {
    const unknown = await check('--network', 'nowhere');
    const wrong = await check('--wrong');
    const away = await runCommand(['ledger', 'check'], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      DATABASE_OWNER_URL: 'postgres://nobody@127.0.0.1:1/none',
    });

    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toBe('There is no network with the short name nowhere.\n');
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--wrong') });
    expect(away).toMatchObject({ code: 2, stdout: '' });
  });

  test('names the first broken row and ends with 1', async () => {
    await rowsAt(
      server.databaseUrl('superuser'),
      fill(`update entry set balance_after_minor = 1 where ${ENTRY('BEN', 1)}`),
    );

    const text = await check();
    const json = await check('--network', network.slug, '--json');

    const key = [ben.accountId, '1'];
    expect(text.code).toBe(1);
    expect(text.stdout).toContain(
      `${network.slug}: an entry carries the balance on (27): BROKEN: entry ${key.join(' ')}: expected 300, found 1\n`,
    );
    expect(json.code).toBe(1);
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toContainEqual({
      network: network.slug,
      name: 'an entry carries the balance on',
      rows: 27,
      fault: { table: 'entry', key, expected: '300', found: '1' },
    });
  });
});
