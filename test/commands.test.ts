import fs from 'node:fs/promises';
import path from 'node:path';
import { migrations } from '../migrations/index.ts';
import type { Json } from './support/api.ts';
import { buildProgram, givenDataDir, runBench, runCommand, type CommandResult } from './support/process.ts';
import { givenEmptyDatabase, rowsAt, type EmptyDatabase } from './support/server.ts';

/** The built commands as people run them, one after the other on one database. */

let dataDir: string;
let database: EmptyDatabase;

beforeAll(async () => {
  await buildProgram();
  dataDir = await givenDataDir();
  database = await givenEmptyDatabase();
});

afterAll(async () => {
  await database.drop();
  await fs.rm(dataDir, { recursive: true, force: true });
});

function run(words: string[], settings: Record<string, string> = {}): Promise<CommandResult> {
  const urls = { DATABASE_URL: database.url('app'), DATABASE_OWNER_URL: database.url('owner') };
  return runCommand(words, { DATA_DIR: dataDir, ...urls, ...settings });
}

const rows = (statement: string): Promise<Json[]> => rowsAt(database.url('owner'), statement);
const done = (stdout: string | RegExp) => ({
  code: 0,
  stdout: typeof stdout === 'string' ? stdout : expect.stringMatching(stdout),
  stderr: '',
});
const refused = (stderr: string | RegExp) => ({ code: 1, stdout: '', stderr: expect.stringMatching(stderr) });

test('migrate says what it did, and does it once', async () => {
  const names = migrations.map((migration) => migration.name);

  expect(await run(['migrate'])).toEqual(done(`Applied ${names.join(', ')}\n`));
  expect(await run(['migrate'])).toEqual(done('Everything was up to date\n'));
});

describe('network create', () => {
  const create = (name: string, ...more: string[]) =>
    run(
      ['network', 'create', '--name', name, '--email', 'ana@example.org', '--template', 'timebank', ...more],
      // Whoever has the machine has the server.
      { NETWORK_CREATION: 'ADMINISTRATORS' },
    );

  test('registers a new founder and shows a password once', async () => {
    const result = await create('Río Abajo!');

    expect(result).toEqual(
      done(
        /^Made Río Abajo!: net_\w{26}, short name rio-abajo\nSign in as ana@example\.org with the password [\w-]{16}, and change it with the mutation passwordChange\n$/,
      ),
    );
    expect(await rows('select email, is_administrator from person')).toEqual([
      { email: 'ana@example.org', is_administrator: false },
    ]);
    expect(await rows('select state from membership')).toEqual([{ state: 'ACTIVE' }]);
  });

  test('takes a founder who is registered, with a password of their own', async () => {
    const place = ['--slug', 'other', '--locale', 'es', '--time-zone', 'Europe/Madrid'];

    const result = await create('Second', ...place);

    expect(result).toEqual(done(/^Made Second: net_\w{26}, short name other\n$/));
    expect(await rows('select email from person')).toEqual([{ email: 'ana@example.org' }]);
    expect(await rows(`select time_zone from network where slug = 'other'`)).toEqual([
      { time_zone: 'Europe/Madrid' },
    ]);
  });

  test('refuses a template that is none, and a short name that is taken', async () => {
    const before = await rows('select id from network');

    const wrong = await create('Third', '--template', 'kingdom');
    const taken = await create('Third', '--slug', 'other');

    expect(wrong).toEqual(refused(/^There is no template kingdom\. Choose one of .*TIMEBANK/));
    expect(taken).toEqual(refused(/^SLUG_TAKEN: /));
    expect(await rows('select id from network')).toEqual(before);
  });
});

test('administrator grant and revoke, and say no to an address that nobody has', async () => {
  const administrators = () => rows('select email from person where is_administrator');

  expect(await run(['administrator', 'grant', 'Ana@example.org'])).toEqual(
    done('ana@example.org is an administrator of this server\n'),
  );
  expect(await administrators()).toEqual([{ email: 'ana@example.org' }]);
  expect(await run(['administrator', 'revoke', 'ana@example.org'])).toEqual(
    done('ana@example.org is no administrator of this server\n'),
  );
  expect(await administrators()).toEqual([]);
  expect(await run(['administrator', 'grant', 'nobody@example.org'])).toEqual(
    refused(/^Nobody is registered with the address nobody@example\.org\.$/m),
  );
});

test('schema print writes the schema, or compares it, without a database', async () => {
  const file = path.join(dataDir, 'schema.graphql');

  const printed = await runCommand(['schema', 'print']);
  await fs.writeFile(file, printed.stdout);
  const same = await runCommand(['schema', 'print', '--check', file]);
  await fs.appendFile(file, '\ntype More { a: Int }\n');
  const differs = await runCommand(['schema', 'print', '--check', file]);

  expect(printed).toEqual(done(/\ntype Query \{\n/));
  expect(same).toEqual(done(''));
  expect(differs).toEqual(refused(/schema\.graphql is not what the code says: run .* schema print > /));
});

test('demo fills a network once, its books balance, and its letters reach nobody', async () => {
  const signIns =
    'Sign in with the password "mutual aid demo" as\n(  [a-z.]+@demo\\.invalid  \\([a-z]+\\)\n){5}$';

  const decided =
    'One vote is decided and stands in the register, one goes on, and a payment waits for the coordinator’s signature\\.';

  const shared =
    'A library of things has something fetched, something overdue, something asked for and somebody waiting\\.';

  const first = await run(['demo'], { NETWORK_CREATION: 'ADMINISTRATORS' });
  const [counts] = await rows(`
    select (select count(*)::int from membership m where m.network_id = n.id and state = 'ACTIVE') as members,
           (select count(*)::int from transfer t where t.network_id = n.id) as transfers,
           (select sum(balance_minor)::int from account a where a.network_id = n.id) as balance,
           (select sum(amount_minor)::int from entry e where e.network_id = n.id) as entries,
           (select array_agg(state order by state) from proposal p where p.network_id = n.id) as proposals,
           (select array_agg(outcome) from resolution r where r.network_id = n.id) as resolutions,
           (select array_agg(a.state || ' ' || (select count(*) from action_signature s where s.action_id = a.id))
              from signed_action a where a.network_id = n.id) as actions,
           (select array_agg(distinct kind order by kind) from resource where network_id = n.id) as kinds,
           (select array_agg(distinct owner_kind order by owner_kind) from resource where network_id = n.id) as owners,
           (select array_agg(many || ' ' || state order by state)
              from (select state, count(*) as many from booking where network_id = n.id group by state) b) as bookings,
           (select count(*)::int from booking where network_id = n.id and state = 'CHECKED_OUT' and until_at < now()) as overdue,
           (select count(*)::int from transfer where network_id = n.id and posted_at > now()) as ahead
      from network n where slug = 'riverbend'`);
  const second = await run(['demo']);

  expect(first).toEqual(
    done(
      new RegExp(
        `^Made the network riverbend: 40 members, ${counts.transfers} transfers\\.\n${decided}\n${shared}\n${signIns}`,
      ),
    ),
  );
  expect(counts).toMatchObject({
    members: 40,
    balance: 0,
    entries: 0,
    proposals: ['EXECUTED', 'OPEN'],
    resolutions: ['PASSED'],
    actions: ['PENDING 1'],
    kinds: ['ITEM', 'LAND', 'SPACE', 'STOCK', 'VEHICLE'],
    owners: ['CO_OWNERS', 'MEMBER', 'POOL'],
    bookings: ['2 APPROVED', '1 CANCELLED', '3 CHECKED_OUT', '1 REQUESTED', '6 RETURNED', '1 WAITING'],
    overdue: 1,
    ahead: 0,
  });
  expect(counts.transfers).toBeGreaterThan(200);
  expect(second).toEqual(done(new RegExp(`^The network riverbend is there already\\.\n${signIns}`)));
  expect(await rows(`select id from transfer offset ${counts.transfers}`)).toEqual([]);
  const recipients = await rows(`select distinct payload->>'to' as to from job where kind = 'letter'`);
  const reached = recipients.filter(({ to }) => !to.endsWith('@demo.invalid'));
  // The founder of the first network is no part of the demo.
  expect(reached).toEqual([{ to: 'ana@example.org' }]);
}, 120_000);

describe('bench', () => {
  const usage =
    /^Usage: npm run bench -- <crash\|ledger\|networks\|pools\|server\|tally\|votes> \[--json\]\n/;

  test('says how it is used', async () => {
    expect(await runBench(['--help'])).toEqual(done(usage));
    expect(await runBench(['ledger', '-h'])).toEqual(done(usage));
  });

  test.each([
    ['an option that is unknown', ['ledger', '--fast'], "Unknown option '--fast'"],
    ['a number that is none', ['ledger', '--rounds', 'many'], '--rounds needs a number above zero'],
    ['a number without a value', ['crash', '--kills'], "Option '--kills <value>' argument missing"],
    ['a measurement that is unknown', ['toString'], 'Name one measurement'],
    ['nothing', [], 'Name one measurement'],
    ['two measurements', ['ledger', 'crash'], 'Name one measurement'],
  ])('refuses %s in a few lines', async (_, words, message) => {
    const { code, stdout, stderr } = await runBench(words);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining(message),
      expect.stringContaining(
        'Usage: npm run bench -- <crash|ledger|networks|pools|server|tally|votes> [--json]',
      ),
      '  ledger [--rounds n] [--seconds s] [--large [--entries n]]',
      '  crash [--kills n] [--seed n]',
      '  votes [--rounds n] [--seconds s]',
      '  tally [--seed n]',
      '  pools [--rounds n]',
      '',
    ]);
  });
});
