import { DataSource } from 'typeorm';
import { migrations, privileges } from '../migrations/index.ts';
import { migrate } from '../src/kernel/migrate.ts';
import { rowsAt } from './support/server.ts';

const NAMES = migrations.map((migration) => migration.name);
let databases: string[] = [];

async function givenEmptyDatabase(): Promise<string> {
  const name = `migrations_${process.pid}_${databases.length}`;
  await asSuperuser(`create database ${name} owner mutuality_owner`);
  databases.push(name);
  const url = new URL(process.env['TEST_POSTGRES_OWNER'] ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

afterAll(async () => {
  for (const name of databases) await asSuperuser(`drop database ${name} with (force)`);
  databases = [];
});

async function givenSource(url: string): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    installExtensions: false,
  });
  return source.initialize();
}

async function givenSchemaBefore(migration: string) {
  const url = await givenEmptyDatabase();
  const source = await givenSource(url);
  await source.runMigrations();
  const later = NAMES.length - NAMES.indexOf(migration);
  for (let undone = 0; undone < later; undone++) await source.undoLastMigration();
  const superuser = new URL(process.env['TEST_POSTGRES_SUPERUSER'] ?? '');
  superuser.pathname = new URL(url).pathname;
  return { url, superuser: superuser.href, source };
}

test('migrations go up, down and up again', async () => {
  const url = await givenEmptyDatabase();
  const source = await givenSource(url);
  const states: string[] = [];

  await source.runMigrations();
  states.push(await fingerprint(url));
  for (const _ of migrations) await source.undoLastMigration();
  states.push(await fingerprint(url));
  await source.runMigrations();
  states.push(await fingerprint(url));
  await source.destroy();

  const [first, empty, again] = states;
  expect(empty).toBe('migration.id, migration.name, migration.timestamp');
  expect(again).toBe(first);
  expect(first).toContain('entry.balance_after_minor');
});

test('migrations number the entries of transfers that were posted before', async () => {
  const { url, superuser, source } = await givenSchemaBefore('Records1790000000016');
  await rowsAt(
    superuser,
    `set session_replication_role = replica;
     insert into transfer (network_id, id, unit_id, kind, state, payer_account_id, payee_account_id, amount_minor, description,
         payer_levy_minor, payee_levy_minor, is_beyond_limit, created_at, posted_at, expires_at)
       select ${typeid('net')}, id, ${typeid('unt')}, 'REQUEST', state, ${typeid('acc')}, ${typeid('acc', 1)}, 5, '',
              0, 0, false, now(), case state when 'POSTED' then now() end, now()
         from (values (${typeid('trf', 1)}, 'POSTED'), (${typeid('trf', 2)}, 'POSTED'), (${typeid('trf', 3)}, 'PENDING'))
           as t (id, state);
     insert into entry (network_id, account_id, seq, transfer_id, amount_minor, balance_after_minor, received_after_minor,
         is_levy, posted_at)
       select ${typeid('net')}, account, seq, transfer, amount, 0, 0, is_levy, now()
         from (values (${typeid('acc')}, 1, ${typeid('trf', 1)}, -5, false), (${typeid('acc', 1)}, 1, ${typeid('trf', 1)}, 5, false),
                      (${typeid('acc')}, 2, ${typeid('trf', 2)}, -5, false), (${typeid('acc', 1)}, 2, ${typeid('trf', 2)}, 5, false),
                      (${typeid('acc')}, 3, ${typeid('trf', 2)}, -1, true), (${typeid('acc', 1)}, 3, ${typeid('trf', 2)}, 1, true))
           as e (account, seq, transfer, amount, is_levy)`,
  );

  await source.runMigrations();
  await source.destroy();

  expect(await rowsAt(url, 'select payer_seq, payee_seq from transfer order by id')).toEqual([
    { payer_seq: '1', payee_seq: '1' },
    { payer_seq: '2', payee_seq: '2' },
    { payer_seq: null, payee_seq: null },
  ]);
  const entries = `select seq from ledger_entries(${typeid('net')}, array[${typeid('trf', 2)}, ${typeid('trf', 3)}])`;
  expect(await rowsAt(url, `${entries} order by account_id, seq`)).toEqual(
    ['2', '3', '2', '3'].map((seq) => ({ seq })),
  );
});

test('migrations make dues owed again whose transfer was reversed before, and count who was left out', async () => {
  const { url, superuser, source } = await givenSchemaBefore('Charges1790000000015');
  // Rows of before, without all to which they point.
  await rowsAt(
    superuser,
    `set session_replication_role = replica;
     insert into unit (network_id, id, code, name, symbol, kind, scale, policy_version, opens_member_accounts, created_at)
       values (${typeid('net')}, ${typeid('unt')}, 'HOUR', '{}', 'h', 'HOURS', 2, 1, true, now());
     insert into transfer (network_id, id, unit_id, kind, state, payer_account_id, payee_account_id, amount_minor, description,
         reversed_by_id, payer_levy_minor, payee_levy_minor, is_beyond_limit, created_at, posted_at)
       select ${typeid('net')}, id, ${typeid('unt')}, 'DUES', state, ${typeid('acc')}, ${typeid('acc', 1)}, 5, '2026',
              case state when 'REVERSED' then ${typeid('trf', 9)} end, 0, 0, false, now(), now()
         from (values (${typeid('trf', 1)}, 'POSTED'), (${typeid('trf', 2)}, 'REVERSED')) as t (id, state);
     insert into dues_charge (network_id, id, membership_id, unit_id, period, rule_id, amount_minor, state, charged_at,
         grace_until, arrears_at, paid_at, transfer_id)
       select network_id, 'due' || substr(id, 4), ${typeid('mbr')}, unit_id, id, ${typeid('dur')}, 5, 'PAID', now(),
              now(), now(), now(), id from transfer;
     insert into charge_run (network_id, id, kind, unit_id, period, charged_count, total_minor, left_out_ids, begun_at)
       select ${typeid('net')}, ${typeid('chr')}, 'DUES', ${typeid('unt')}, '2026', 1, 5,
              array(select n::text from generate_series(1, 150) n), now()`,
  );

  await source.runMigrations();
  await source.destroy();

  expect(
    await rowsAt(url, 'select state, transfer_id, arrears_at is null as fresh from dues_charge order by id'),
  ).toEqual([
    { state: 'PAID', transfer_id: 'trf_00000000000000000000000001', fresh: false },
    { state: 'UNPAID', transfer_id: null, fresh: true },
  ]);
  expect(
    await rowsAt(
      url,
      'select total_minor, left_out_count, cardinality(left_out_ids) as named from charge_run',
    ),
  ).toEqual([{ total_minor: '5', left_out_count: 150, named: 100 }]);
});

test('migrations fasten what was said before to the record of it', async () => {
  const { url, superuser, source } = await givenSchemaBefore('SealedDecisions1790000000025');
  const [ana, ben, objection] = [typeid('mbr', 1), typeid('mbr', 2), typeid('obj')];
  await rowsAt(
    superuser,
    `set session_replication_role = replica;
     insert into proposal (network_id, id, version, title, text, state, author_membership_id, created_by_person_id, actions,
         options, rule, wish, created_at)
       values (${typeid('net')}, ${typeid('prp')}, 1, '', '', 'DRAFT', ${ana}, ${typeid('prs')}, '[]', '[]', '{}', '{}', now());
     insert into objection (network_id, id, proposal_id, version, membership_id, reason, state, raised_at, resolution,
         resolved_by_membership_id, resolved_at)
       values (${typeid('net')}, ${objection}, ${typeid('prp')}, 1, ${ben}, 'It floods.', 'INTEGRATED', now(), null, ${ben}, now());
     insert into event (network_id, id, kind, subject_id, actor_system, data, at)
       select ${typeid('net')}, id, kind, ${typeid('prp')}, 'test', data::jsonb, now()
         from (values
           (${typeid('evt', 1)}, 'StanceTaken', json_build_object('membershipId', ${ana}, 'version', 1, 'stance', 'CONSENT', 'reason', 'Yes.')),
           (${typeid('evt', 2)}, 'ObjectionRaised', json_build_object('objectionId', ${objection}, 'version', 1)),
           (${typeid('evt', 3)}, 'ObjectionResolved', json_build_object('objectionId', ${objection}, 'state', 'INTEGRATED')))
           as e (id, kind, data)`,
  );

  await source.runMigrations();
  await source.destroy();

  const lines = 'select number, said, version, reason from consent_record order by number';
  expect(await rowsAt(url, lines)).toEqual([
    { number: 1, said: 'CONSENT', version: 1, reason: 'Yes.' },
    { number: 2, said: 'OBJECT', version: 1, reason: 'It floods.' },
    { number: 3, said: 'INTEGRATED', version: 1, reason: null },
  ]);
  const told = `select count(*) filter (where r.hash = decode(e.data->>'hash', 'hex'))::int as told,
      (select encode(head, 'hex') from ballot_box) = max(e.data->>'hash') filter (where r.number = 3) as is_head
    from consent_record r join event e on (e.data->>'number')::integer = r.number`;
  expect(await rowsAt(url, told)).toEqual([{ told: 3, is_head: true }]);
});

test('migrations are applied once when several processes begin at the same instant', async () => {
  const ownerUrl = await givenEmptyDatabase();
  const options = { ownerUrl, appRole: 'mutuality_app', migrations, privileges };

  const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(options)));

  expect(applied.filter((names) => names.length > 0)).toEqual([NAMES]);
  expect(await rowsAt(ownerUrl, 'select name from migration order by id')).toEqual(
    NAMES.map((name) => ({ name })),
  );
});

test('migrations are named by the instant in which they were written, in order', () => {
  const instants = NAMES.map((name) => Number(/\d{13}$/.exec(name)?.[0]));

  expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  expect(new Set(instants).size).toBe(NAMES.length);
});

/** Every column, constraint and index, as text. */
async function fingerprint(url: string): Promise<string> {
  const rows = await rowsAt(
    url,
    `select table_name || '.' || column_name as line from information_schema.columns where table_schema = 'public'
     union all
     select pg_get_constraintdef(oid) || conname from pg_constraint
      where connamespace = 'public'::regnamespace and conrelid::regclass::text <> 'migration'
     union all
     select indexdef from pg_indexes where schemaname = 'public' and tablename <> 'migration'
     order by line`,
  );
  return rows.map((row) => row['line']).join(', ');
}

/** An id in quotation marks. */
const typeid = (prefix: string, number = 0) => `'${prefix}_${String(number).padStart(26, '0')}'`;

async function asSuperuser(statement: string): Promise<void> {
  await rowsAt(process.env['TEST_POSTGRES_SUPERUSER'] ?? '', statement);
}
