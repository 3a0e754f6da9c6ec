import pg from 'pg';
import { newId } from '../../src/kernel/ids.ts';
import { faultsIn, Keeper, posting, type Books } from '../support/books.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

// Whoever has taken over the server has the rights of its role and its connections. They reach no further than what the
// ledger's functions let through.

let server: TestServer;
let keeper: Keeper;
let books: Books;
let ana: string;
let ben: string;
let other: string;
let closed: string;
let waits: string;
let held: string;
let posted: string;
let client: pg.Client;

beforeAll(async () => {
  server = await startTestServer();
  keeper = await Keeper.of(server);
  client = await connect();
  books = await keeper.books();
  [ana, ben] = [await books.account(), await books.account()];
  const unit = await books.addUnit('CREDIT');
  other = await books.account({ unitId: unit.id });
  closed = await books.account({ state: 'CLOSED' });
  const payment = posting([ana, ben, 100n]);
  await books.post([payment]);
  posted = payment.id;
  waits = await books.request([ana, ben, 7n]);
  held = await books.hold([ana, 5n, ben]);
});
afterAll(async () => {
  await client.end();
  await keeper.close();
  await server.close();
});

async function connect(): Promise<pg.Client> {
  const connection = new pg.Client(server.databaseUrl('app'));
  await connection.connect();
  return connection;
}

/** Fills in what the texts of these tests name. */
function filled(text: string): string {
  const names: Record<string, string> = {
    NETWORK: books.networkId,
    UNIT: books.unit.id,
    ANA: ana,
    BEN: ben,
    OTHER: other,
    CLOSED: closed,
    WAITS: waits,
    HELD: held,
    POSTED: posted,
    NEW: newId('transfer'),
  };
  return text.replaceAll(/<([A-Z]+)>/g, (_, name: string) => `'${names[name]}'`);
}

/** Tries it, expects to be refused with these words, and looks that nothing has changed. */
async function expectRefused(text: string, words: RegExp): Promise<void> {
  const before = await books.everything();
  await expect(client.query(filled(text))).rejects.toThrow(words);
  await client.query('rollback');
  expect(await books.everything()).toEqual(before);
}

const DENIED = /permission denied|must be owner|must be superuser|must be able to SET ROLE/;

describe('the tables refuse the serving role', () => {
  test.each([
    `insert into entry (network_id, account_id, seq, transfer_id, amount_minor, balance_after_minor, received_after_minor, is_levy, posted_at)
     values (<NETWORK>, <ANA>, 2, <POSTED>, 100, 0, 0, false, now())`,
    `insert into entry select * from entry`,
    `update entry set amount_minor = 1 where account_id = <ANA>`,
    `update entry set posted_at = now()`,
    `delete from entry where account_id = <ANA>`,
    `truncate entry`,
    `merge into entry e using account a on e.account_id = a.id when matched then update set amount_minor = 1`,
    `copy entry from stdin`,
    `select * from entry for update`,
    `insert into transfer select network_id, <NEW>, unit_id from transfer`,
    `update transfer set amount_minor = 1`,
    `update transfer set state = 'POSTED', posted_at = now() where id = <WAITS>`,
    `delete from transfer where id = <POSTED>`,
    `truncate transfer`,
    `insert into hold select * from hold`,
    `update hold set amount_minor = 1 where id = <HELD>`,
    `delete from hold`,
    `truncate hold`,
    `insert into ledger_link values (<NETWORK>, 9, sha256('x'), '{}', now())`,
    `update ledger_link set hash = sha256('x')`,
    `delete from ledger_link`,
    `truncate ledger_link`,
    `insert into ledger_head values ('net_00000000000000000000000000', 0, sha256('x'), 0)`,
    `update ledger_head set transfer_count = 0`,
    `delete from ledger_head`,
    `truncate ledger_head`,
  ])('%s', (text) => expectRefused(text, DENIED));
});

describe('an account keeps from the serving role', () => {
  const insert = (more: string, value: string) =>
    `insert into account (network_id, id, unit_id, holder_kind, name, state, follows_policy, opened_at, ${more})
     values (<NETWORK>, 'acc_00000000000000000000000000', <UNIT>, 'NETWORK', '', 'OPEN', false, now(), ${value})`;

  test.each([
    `update account set balance_minor = 0 where id = <ANA>`,
    `update account set reserved_minor = 0 where id = <ANA>`,
    `update account set entry_count = 0 where id = <ANA>`,
    `update account set received_minor = 1000 where id = <ANA>`,
    `update account set last_posted_at = null where id = <ANA>`,
    `update account set unit_id = (select unit_id from account where id = <OTHER>) where id = <ANA>`,
    `update account set network_id = network_id`,
    `update account set membership_id = null, holder_kind = 'NETWORK' where id = <ANA>`,
    insert('balance_minor', '100'),
    insert('balance_minor', '0'),
    insert('reserved_minor', '0'),
    insert('entry_count', '7'),
    insert('received_minor', '7'),
    insert('last_posted_at', 'now()'),
    `insert into account (network_id, id, unit_id, holder_kind, name, state, follows_policy, opened_at)
     select network_id, id, unit_id, holder_kind, name, state, follows_policy, opened_at from account where id = <ANA>
         on conflict on constraint pk_account do update set balance_minor = 0`,
    `delete from account where id = <OTHER>`,
    `truncate account cascade`,
  ])('%s', (text) => expectRefused(text, DENIED));

  test.each([
    [`update account set state = 'CLOSED', closed_at = now() where id = <BEN>`, 'ck_account_closed_is_empty'],
    [`update account set state = 'SHUT' where id = <BEN>`, 'ck_account_state'],
    [`update account set floor_minor = 1, follows_policy = false where id = <BEN>`, 'ck_account_limits'],
    [`update account set floor_minor = -1 where id = <BEN>`, 'ck_account_follows_policy'],
  ])('%s, by %s', (text, constraint) => expectRefused(text, new RegExp(constraint)));

  test('closing it while something is reserved', async () => {
    const saver = await books.account();
    await books.hold([saver, 1n]);

    await expectRefused(
      `update account set state = 'CLOSED' where id = '${saver}'`,
      /ck_account_closed_is_empty/,
    );
  });
});

describe('a unit stays what it was made', () => {
  test.each([
    `update unit set scale = 0 where id = <UNIT>`,
    `update unit set kind = 'POINTS' where id = <UNIT>`,
    `update unit set code = 'OTHER' where id = <UNIT>`,
    `update unit set created_at = now() where id = <UNIT>`,
    `update unit set network_id = network_id`,
    `insert into unit select * from unit where id = <UNIT>
         on conflict on constraint pk_unit do update set scale = 0`,
    `delete from unit where id = <UNIT>`,
    `truncate unit cascade`,
  ])('%s', (text) => expectRefused(text, DENIED));
});

describe('the serving role cannot come by more rights', () => {
  test.each([
    `alter table entry disable trigger all`,
    `alter table account drop constraint ck_account_closed_is_empty`,
    `alter table entry owner to mutuality_app`,
    `alter function ledger_seal(text, text[], text[], bytea, timestamptz) owner to mutuality_app`,
    `drop table entry`,
    `drop function ledger_seal(text, text[], text[], bytea, timestamptz)`,
    `grant execute on function ledger_seal(text, text[], text[], bytea, timestamptz) to mutuality_app`,
    `grant mutuality_owner to mutuality_app`,
    `set role mutuality_owner`,
    `set session authorization mutuality_owner`,
    `set session_replication_role = replica`,
    `alter role mutuality_app superuser`,
    `alter system set fsync = off`,
    `update pg_proc set prosecdef = false`,
    `create trigger t before insert on entry for each row execute function suppress_redundant_updates_trigger()`,
    `create rule r as on insert to entry do instead nothing`,
    `create policy p on entry`,
    `create index on entry (posted_at)`,
    `create table public.entry2 (like entry)`,
    `create schema evil`,
    `create function public.ledger_field(text, text) returns text language sql as 'select 1::text'`,
    `create or replace function public.ledger_field(p_text text) returns text language sql as 'select 1::text'`,
    `create function evil() returns void language sql security definer as 'delete from entry'`,
    `do $$ begin delete from entry; end $$`,
    `select ledger_seal(<NETWORK>, array[<POSTED>], null, 'x', now())`,
    `select pg_read_file('PG_VERSION')`,
    `copy (select 1) to program 'true'`,
  ])('%s', (text) => expectRefused(text, DENIED));
});

test('a grant by the serving role gives nothing', async () => {
  await client.query('grant update on entry to mutuality_app');

  const { rows } = await client.query(`select has_table_privilege('entry', 'update') as may`);
  expect(rows).toEqual([{ may: false }]);
});

describe('names that the serving role makes for itself', () => {
  const SHADOWED = [
    'account',
    'transfer',
    'entry',
    'hold',
    'unit',
    'unit_policy',
    'event',
    'idempotency_key',
  ];
  const CHAIN = ['ledger_link', 'ledger_head'];
  const pay = (payee: string) => `
    select verdict from public.ledger_post(<NETWORK>, now(), false, array[<NEW>], null, array[<ANA>], array[${payee}],
      array[1]::bigint[], array['PAYMENT'], array['x'], array[null], array[null], array['test'], array[null],
      array[false], array[null], array[null], array[false], array[null], array[null], array[null::bytea])`;
  const hold = (account: string) => `
    select verdict from public.ledger_hold_place(<NETWORK>, 'hld_00000000000000000000000001', ${account}, null, 1, 'x',
      null, null, 'test', null, now(), now() + interval '1 day')`;

  test('lead the ledger’s functions nowhere else', async () => {
    const before = await books.balances(ana, ben);
    const shadows = await connect();
    // Tables of the same names, in which nobody is closed, and functions that look away.
    for (const table of [...SHADOWED, ...CHAIN]) {
      await shadows.query(`create temp table ${table} (like public.${table})`);
    }
    await shadows.query(`
      insert into pg_temp.account select * from public.account;
      update pg_temp.account set balance_minor = 1000000000, state = 'OPEN';
      create function pg_temp.ledger_seal(text, text[], text[], bytea, timestamptz) returns void language sql as 'select';
      create function pg_temp.ledger_seq_at(text, text, bigint, timestamptz) returns bigint language sql as 'select 0::bigint';
      create function pg_temp.sha256(bytea) returns bytea language sql as 'select ''''::bytea';
      create function pg_temp.same(text, text) returns boolean language sql as 'select true';
      create operator pg_temp.= (leftarg = text, rightarg = text, function = pg_temp.same);
      set search_path = pg_temp, public`);

    const said: unknown[] = [];
    for (const text of [pay('<BEN>'), pay('<CLOSED>'), hold('<CLOSED>')]) {
      said.push(...(await shadows.query(filled(text))).rows);
    }
    const { rows: written } = await shadows.query(`
      select (select count(*)::int from pg_temp.entry) as entries, (select count(*)::int from pg_temp.hold) as holds,
             (select count(*)::int from pg_temp.ledger_link) as links`);
    await shadows.end();

    expect(said).toEqual([
      { verdict: 'POSTED' },
      { verdict: 'NOT_OPEN:CLOSED' },
      { verdict: 'NOT_OPEN:CLOSED' },
    ]);
    expect(written).toEqual([{ entries: 0, holds: 0, links: 0 }]);
    expect(await books.balances(ana, ben)).toEqual([before[0]! - 1n, before[1]! + 1n]);
    expect(await faultsIn(client)).toEqual([]);
  });
});

describe('the other functions refuse', () => {
  const request = (more: {
    id?: string;
    payer?: string;
    payee?: string;
    amount?: string;
    expires?: string;
  }) =>
    `select ledger_request(<NETWORK>, ${more.id ?? '<NEW>'}, ${more.payer ?? '<ANA>'}, ${more.payee ?? '<BEN>'},
       ${more.amount ?? '1'}, 'x', null, null, 'test', null, now(), ${more.expires ?? 'now()'}, null)`;
  const UNFIT = /a request has two accounts of one unit and an amount/;

  test.each<[string, string, RegExp]>([
    ['an answer that posts', `select ledger_answer(<NETWORK>, <WAITS>, 'POSTED', now())`, /not an answer/],
    [
      'an answer that reverses',
      `select ledger_answer(<NETWORK>, <WAITS>, 'REVERSED', now())`,
      /not an answer/,
    ],
    ['an answer that is none', `select ledger_answer(<NETWORK>, <WAITS>, null, now())`, /null value/],
    ['capturing by closing', `select ledger_hold_close(<NETWORK>, <HELD>, 'CAPTURED', now())`, /not an end/],
    ['opening by closing', `select ledger_hold_close(<NETWORK>, <HELD>, 'OPEN', now())`, /not an end/],
    ['an end that is none', `select ledger_hold_close(<NETWORK>, <HELD>, null, now())`, /null value/],
    ['a request in two units', request({ payee: '<OTHER>' }), UNFIT],
    ['a request to a closed account', request({ payer: '<CLOSED>' }), UNFIT],
    ['a request for a closed account', request({ payee: '<CLOSED>' }), UNFIT],
    ['a request for less than nothing', request({ amount: '-1' }), UNFIT],
    ['a request for nothing', request({ amount: '0' }), UNFIT],
    ['a request without an amount', request({ amount: 'null' }), /null value/],
    ['a request to oneself', request({ payee: '<ANA>' }), /ck_transfer_two_accounts/],
    ['a request without an end', request({ expires: 'null' }), /ck_transfer_expires/],
    ['a request in the place of a transfer', request({ id: '<POSTED>' }), /pk_transfer/],
    [
      'a hold in the place of another',
      `select ledger_hold_place(<NETWORK>, <HELD>, <ANA>, null, 1, 'x', null, null, 'test', null, now(), now())`,
      /pk_hold/,
    ],
  ])('%s', (_name, text, words) => expectRefused(text, words));

  test.each(['-1', '0', 'null', '1000000000000000001'])('to hold %s', async (amount) => {
    const before = await books.everything();

    const { rows } = await client.query<{ verdict: string }>(
      filled(`select verdict from ledger_hold_place(<NETWORK>, 'hld_00000000000000000000000002', <ANA>, null, ${amount}, 'x',
        null, null, 'test', null, now(), now())`),
    );

    expect(rows).toEqual([{ verdict: 'OUT_OF_RANGE' }]);
    expect(await books.everything()).toEqual(before);
  });

  test.each([
    `ledger_answer(<NETWORK>, <POSTED>, 'CANCELLED', now())`,
    `ledger_answer(<NETWORK>, <NEW>, 'CANCELLED', now())`,
    `ledger_hold_close(<NETWORK>, 'hld_00000000000000000000000003', 'RELEASED', now())`,
  ])('and say that there is nothing to end: %s', async (call) => {
    const before = await books.everything();

    const { rows } = await client.query(filled(`select ${call} as done`));

    expect(rows).toEqual([{ done: false }]);
    expect(await books.everything()).toEqual(before);
  });
});
