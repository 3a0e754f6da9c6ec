import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { CannotStart } from './cannot-start.ts';
import { requireKnownPostgres } from './postgres-version.ts';

/** What the serving role may do beyond reading; it may write to tables that are not named as it likes. */
export interface Privileges {
  tables: Record<string, TablePrivileges>;
  /** Names of the functions that it may execute. */
  functions: readonly string[];
}

export interface TablePrivileges {
  /** All columns of a new row, or these alone; it may add none if absent. */
  insert?: 'all' | readonly string[];
  update?: 'all' | readonly string[];
  delete?: boolean;
}

export interface MigrateOptions {
  /** Connects as the role that owns the tables. */
  ownerUrl: string;
  /** The role that serves requests; null if it is the owner itself. */
  appRole: string | null;
  migrations: (new () => MigrationInterface)[];
  privileges: Privileges;
}

// Any fixed number: it only has to be the same for every process that migrates this database.
const MIGRATION_LOCK = 7_305_413_201;

/**
 * Applies what has not been applied, then grants the serving role what it needs. Safe to run from several
 * processes at once: they take turns.
 *
 * @returns the names of the migrations that were applied now
 * @throws CannotStart if the database lets nobody in or is too old
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const lock = await connect(options.ownerUrl);
  try {
    await requireKnownVersion(lock);
    // On a connection of its own: TypeORM's own run takes no lock, and parallel runs fail.
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await runMigrations(options);
    if (options.appRole) await grant(lock, options.appRole, options.privileges);
    return applied;
  } finally {
    await lock.end();
  }
}

/** @throws CannotStart saying why the database lets nobody in */
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new CannotStart(
      `The database cannot be reached (${message || code}): check DATABASE_URL and DATABASE_OWNER_URL.`,
      { cause },
    );
  }
}

async function requireKnownVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  requireKnownPostgres(rows[0]?.version ?? 0);
}

async function runMigrations({ ownerUrl, migrations }: MigrateOptions): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    installExtensions: false,
  });
  await dataSource.initialize();
  try {
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

async function grant(client: pg.Client, role: string, privileges: Privileges): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const tables = Object.entries(privileges.tables).flatMap(([table, may]) => tableGrants(table, may, name));
  const functions = privileges.functions.map((one) => `grant execute on function ${one} to ${name};`);
  await client.query(`
    begin;
    grant usage on schema public to ${name};
    grant select, insert, update, delete on all tables in schema public to ${name};
    revoke execute on all functions in schema public from ${name};
    ${[...tables, ...functions].join('\n')}
    commit;
  `);
}

function tableGrants(table: string, may: TablePrivileges, role: string): string[] {
  const statements = [`revoke insert, update, delete on ${table} from ${role};`];
  for (const verb of ['insert', 'update'] as const) {
    const columns = may[verb];
    if (!columns) continue;
    const list = columns === 'all' ? '' : ` (${columns.join(', ')})`;
    statements.push(`grant ${verb}${list} on ${table} to ${role};`);
  }
  if (may.delete) statements.push(`grant delete on ${table} to ${role};`);
  return statements;
}
