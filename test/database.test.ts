import { privileges } from '../migrations/index.ts';
import { entities } from '../src/entities/index.ts';
import type { Db } from '../src/kernel/database.ts';
import { columnsOf, constraintsOf, tablesOf, type CatalogueColumn } from './support/catalogue.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
let db: Db;
beforeAll(async () => {
  server = await startTestServer();
  db = server.app.database.db;
});
afterAll(() => server.close());

describe('entities and tables agree', () => {
  // Tables that the kernel reads and writes by statements of its own, and that of the migrations.
  const WITHOUT_ENTITY = ['idempotency_key', 'job', 'migration', 'throttle'];
  // Columns that only statements read; the mapper does not know their types, and names others otherwise.
  const WITHOUT_FIELD = ['event.xid', 'ledger_link.waited_ids', 'ledger_link.xid', 'resource.search'];
  const CATALOGUE_TYPES: Record<string, string> = { timestamptz: 'timestamp with time zone' };

  const metadata = () => entities.map((entity) => server.app.database.dataSource.getMetadata(entity));

  test('every table has an entity, and every entity a table', async () => {
    const named = [...metadata().map(({ tableName }) => tableName), ...WITHOUT_ENTITY];

    expect(await tablesOf(db)).toEqual(named.toSorted());
  });

  test('in the names, types and nullability of their columns', async () => {
    const inCode: CatalogueColumn[] = metadata().flatMap(({ tableName, columns }) =>
      columns.map((column) => ({
        table: tableName,
        name: column.databaseName,
        isNullable: column.isNullable,
        type: CATALOGUE_TYPES[column.type as string] ?? (column.type as string),
        isList: column.isArray,
      })),
    );
    const inDatabase = (await columnsOf(db)).filter(
      ({ table, name }) => !WITHOUT_ENTITY.includes(table) && !WITHOUT_FIELD.includes(`${table}.${name}`),
    );

    expect(byPlace(inCode)).toEqual(byPlace(inDatabase));
  });

  test('in their primary keys', async () => {
    const inCode = metadata().map(({ tableName, primaryColumns }) => [
      tableName,
      primaryColumns.map((column) => column.databaseName),
    ]);
    const inDatabase = (await constraintsOf(db))
      .filter(({ type, table }) => type === 'primary' && !WITHOUT_ENTITY.includes(table))
      .map(({ table, columns }) => [table, columns]);

    expect(Object.fromEntries(inCode)).toEqual(Object.fromEntries(inDatabase));
  });
});

function byPlace(columns: CatalogueColumn[]): Record<string, CatalogueColumn> {
  return Object.fromEntries(columns.map((column) => [`${column.table}.${column.name}`, column]));
}

describe('a row belongs to a network', () => {
  // Global tables that name a network: a directory of who has to do with which networks.
  const DIRECTORIES = ['person_network'];
  const GLOBAL = [
    'access_token',
    'job',
    'mailed_secret',
    'migration',
    'network',
    'person',
    'person_identity',
    ...DIRECTORIES,
    'provider_sign_in',
    'recovery_code',
    'session',
    'throttle',
  ];

  const tenantTables = async () =>
    (await columnsOf(db))
      .filter(({ name, table }) => name === 'network_id' && !DIRECTORIES.includes(table))
      .map(({ table }) => table);

  test('unless its table stands in the list of global ones', async () => {
    expect([...(await tenantTables()), ...GLOBAL].toSorted()).toEqual(await tablesOf(db));
  });

  test('and its keys begin with the network', async () => {
    const tables = await tenantTables();
    const keys = (await constraintsOf(db)).filter(({ type }) => type !== 'foreign');
    const wrong = keys.filter(({ table, columns }) => tables.includes(table) && columns[0] !== 'network_id');

    expect(
      tables.filter((table) => !keys.some((key) => key.table === table && key.type === 'primary')),
    ).toEqual([]);
    expect(wrong).toEqual([]);
  });

  test('and points at rows of the same network only', async () => {
    const tables = await tenantTables();
    const wrong = (await constraintsOf(db)).filter(
      ({ type, target, columns, targetColumns }) =>
        type === 'foreign' &&
        tables.includes(target ?? '') &&
        !(columns[0] === 'network_id' && targetColumns[0] === 'network_id'),
    );

    expect(wrong).toEqual([]);
  });

  test('and no unique index stands beside the constraints', async () => {
    const indexes = await db.rows(
      `select indexrelid::regclass::text as name from pg_index
        where indisunique and indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
          and not exists (select 1 from pg_constraint where conindid = indexrelid)`,
    );

    expect(indexes).toEqual([]);
  });
});

describe('the serving role', () => {
  const WRITABLE_AS_IT_LIKES = 'insert, update, delete';

  test('is nobody special, and can neither migrate nor own anything', async () => {
    const [role] = await db.rows(
      `select current_user::text as name, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
              (select count(*)::int from pg_class
                where relnamespace = 'public'::regnamespace and relkind = 'r'
                  and has_table_privilege(oid, 'truncate, trigger, references')) as truncatable,
              has_schema_privilege('public', 'create') as can_create,
              (select count(*)::int from pg_shdepend where refobjid = r.oid and deptype = 'o') as owned,
              (select count(*)::int from pg_auth_members where member = r.oid) as memberships
         from pg_roles r where rolname = current_user`,
    );

    expect(role).toEqual({
      name: 'mutuality_app',
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      truncatable: 0,
      canCreate: false,
      owned: 0,
      memberships: 0,
    });
  });

  test('may do with each table exactly what is written down', async () => {
    const tables = await db.rows<{ table: string; may: string }>(
      `select c.relname as table, concat_ws(', ',
              case when has_table_privilege(c.oid, 'insert') then 'insert'
                   when has_any_column_privilege(c.oid, 'insert') then 'insert columns' end,
              case when has_table_privilege(c.oid, 'update') then 'update'
                   when has_any_column_privilege(c.oid, 'update') then 'update columns' end,
              case when has_table_privilege(c.oid, 'delete') then 'delete' end) as may
         from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
    );
    const narrowed = tables.filter(({ may }) => may !== WRITABLE_AS_IT_LIKES);

    expect(Object.fromEntries(narrowed.map(({ table, may }) => [table, may]))).toEqual({
      account: 'insert columns, update columns',
      action_signature: 'insert',
      ballot: '',
      ballot_box: '',
      ballot_roll: '',
      ballot_salt: 'update columns, delete',
      ballot_seal: '',
      ballot_version: '',
      bylaws_version: 'insert',
      charge_run: 'insert, update columns',
      comment: 'insert, update columns',
      consent_record: '',
      conversion: 'insert',
      conversion_rate: 'insert',
      delegated_vote: '',
      delegation: 'insert, delete',
      delegation_book: 'insert, update columns',
      demurrage_charge: 'insert',
      dues_charge: 'insert, update columns',
      dues_rule: 'insert, update columns',
      elector: '',
      entry: '',
      event: 'insert',
      hold: '',
      ledger_head: '',
      ledger_link: '',
      maintenance_record: 'insert',
      migration: '',
      network_terms: 'insert',
      objection: '',
      proposal: 'insert columns, update columns',
      proposal_version: 'insert',
      resolution: 'insert',
      resource_record: 'insert',
      share_move: 'insert',
      share_offer: 'insert, update columns',
      signed_action: 'insert columns, update columns',
      stance: '',
      stock_move: 'insert',
      transfer: '',
      unit: 'insert, update columns',
      unit_policy: 'insert',
    });
    expect(Object.keys(privileges.tables).toSorted()).toEqual(narrowed.map(({ table }) => table).toSorted());
  });

  test('cannot name a column of an account that only the ledger’s functions write', async () => {
    const closed = await db.rows<{ name: string }>(
      `select attname::text as name from pg_attribute
        where attrelid = 'account'::regclass and attnum > 0 and not attisdropped
          and not has_column_privilege('account', attnum, 'insert')
          and not has_column_privilege('account', attnum, 'update') order by attname`,
    );

    expect(closed.map(({ name }) => name)).toEqual([
      'balance_minor',
      'entry_count',
      'last_posted_at',
      'received_minor',
      'reserved_minor',
    ]);
  });

  test('executes only the functions that are written down, all of them with a fixed search path', async () => {
    const functions = await db.rows<{ name: string; mayExecute: boolean; isDefiner: boolean; path: string }>(
      `select proname::text as name, has_function_privilege(oid, 'execute') as may_execute, prosecdef as is_definer,
              coalesce((select setting from unnest(proconfig) as setting where setting like 'search_path=%'), '') as path
         from pg_proc where pronamespace = 'public'::regnamespace order by proname`,
    );

    expect(functions.filter(({ mayExecute }) => mayExecute).map(({ name }) => name)).toEqual(
      privileges.functions.toSorted(),
    );
    expect(
      functions.filter(({ isDefiner, path }) => isDefiner && path !== 'search_path=public, pg_temp'),
    ).toEqual([]);
    expect(functions.filter(({ isDefiner }) => isDefiner).map(({ name }) => name)).toEqual(
      `ballot_cast_open ballot_cast_secret ballot_seal_rest consent_say ledger_answer ledger_hold_close ledger_hold_place ledger_post
        ledger_request proposal_amend proposal_close proposal_move proposal_open signed_action_move`.split(
        /\s+/,
      ),
    );
  });

  test.each([
    'ballot',
    'ballot_box',
    'ballot_roll',
    'ballot_seal',
    'ballot_version',
    'consent_record',
    'delegated_vote',
    'elector',
    'entry',
    'transfer',
    'hold',
    'conversion',
    'conversion_rate',
    'ledger_link',
    'ledger_head',
    'event',
    'maintenance_record',
    'resource_record',
    'share_move',
    'stock_move',
    'network_terms',
    'unit_policy',
  ])('is refused when it tries with %s', async (table) => {
    const tries = [
      `update ${table} set network_id = network_id`,
      `delete from ${table}`,
      `truncate ${table}`,
    ];

    for (const statement of tries) await expect(db.execute(statement)).rejects.toThrow(/permission denied/);
  });
});

test('whole numbers of 64 bits come as bigint, alone and in lists', async () => {
  const row = await db.row(
    `select 9007199254740993::bigint as one, null::bigint as none, '{1,NULL,-9007199254740993}'::bigint[] as list,
            '{{1,2},{3,4}}'::bigint[] as table, '{}'::bigint[] as empty, array[1, 2] as small`,
  );

  expect(row).toEqual({
    one: 9_007_199_254_740_993n,
    none: null,
    list: [1n, null, -9_007_199_254_740_993n],
    table: [
      [1n, 2n],
      [3n, 4n],
    ],
    empty: [],
    small: [1, 2],
  });
});

test('a day of the calendar comes as text', async () => {
  expect(await db.row(`select date '2026-03-29' as day, null::date as none`)).toEqual({
    day: '2026-03-29',
    none: null,
  });
});

test('the schema has no trigger, and no sequence but that of the migrations', async () => {
  const [found] = await db.rows(
    `select (select count(*)::int from pg_trigger where not tgisinternal) as triggers,
            (select array_agg(relname::text) from pg_class
              where relnamespace = 'public'::regnamespace and relkind = 'S') as sequences`,
  );

  expect(found).toEqual({ triggers: 0, sequences: ['migration_id_seq'] });
});
