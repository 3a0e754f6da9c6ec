import { createHash } from 'node:crypto';
import pg from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type QueryBuilder,
} from 'typeorm';
import { assert } from './errors.ts';
import { Lookups } from './lookups.ts';
import { camelCase, SnakeCaseNames } from './naming.ts';

export type EntityClass<E> = new () => E;
export type Match<E> = { [K in keyof E]?: E[K] | readonly E[K][] };

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  entities: EntityClass<object>[];
  /** Called when an idle connection breaks; without a listener Node would end the process. */
  onConnectionError: (error: Error) => void;
}

export interface Database {
  dataSource: DataSource;
  pool: pg.Pool;
  /** Reads outside a transaction, on the primary. */
  db: Db;
  close(): Promise<void>;
}

const INT8: number = pg.types.builtins.INT8;
const DATE: number = pg.types.builtins.DATE;
const INT8_ARRAY: number = 1016;
const parseArray = pg.types.getTypeParser(INT8_ARRAY, 'text') as (text: string) => unknown;

// Balances are bigint end to end: pg's default for int8 is a string, and '10' + 5 is '105'. A day of the calendar is text:
// pg's default is an instant in the time zone of the server.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return BigInt;
    if (oid === DATE) return String;
    if (oid === INT8_ARRAY) return (text: string) => bigintsIn(parseArray(text));
    return pg.types.getTypeParser(oid, format ?? 'text');
  }) as never,
};

function bigintsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bigintsIn);
  return value === null ? null : BigInt(value as string);
}

/**
 * Connects to PostgreSQL. The timeouts let the pool heal within about ten seconds after a silent network drop.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  let isClosing = false;
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities,
    namingStrategy: new SnakeCaseNames(),
    installExtensions: false,
    // A connection that is being closed may still hear that its server stops: no news for anybody.
    poolErrorHandler: (error: Error) => isClosing || options.onConnectionError(error),
    extra: {
      types,
      max: options.poolSize,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 5_000,
      query_timeout: 6_000,
      lock_timeout: 3_000,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      application_name: 'mutuality',
    },
  });
  await dataSource.initialize();
  const pool = (dataSource.driver as unknown as { master: pg.Pool }).master;
  return {
    dataSource,
    pool,
    db: new Db(dataSource.manager, pool),
    close: () => {
      isClosing = true;
      return dataSource.destroy();
    },
  };
}

/**
 * The settings with which a crash could lose what was acknowledged, as this connection sees them: they may also come
 * from its role, its database or its address.
 */
export async function unsafeSettings(db: Db): Promise<string[]> {
  const rows = await db.rows<{ name: string }>(
    `select name from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
      order by name`,
  );
  return rows.map((row) => row.name);
}

interface Statement {
  name: string;
  keys: string[] | null;
}

// A statement is parsed and planned once per connection under its name; the texts are few and fixed by the code.
const statements = new Map<string, Statement>();

function statementFor(text: string): Statement {
  let statement = statements.get(text);
  if (!statement) {
    statement = { name: createHash('sha1').update(text).digest('base64url'), keys: null };
    statements.set(text, statement);
  }
  return statement;
}

/**
 * Typed access to the database, inside a transaction or outside.
 *
 * Reads are named statements, which cost a third of what the object-relational mapper's own reads do. Writes are put
 * into words by TypeORM, which knows the columns. There is no `save()`: it overwrites what others wrote meanwhile.
 */
export class Db {
  // Outside of transactions the same questions of many requests go together.
  private readonly lookups: Lookups | null;

  constructor(
    private readonly manager: EntityManager,
    private readonly connection: pg.Pool | pg.PoolClient,
  ) {
    const isPool = connection instanceof pg.Pool;
    this.lookups = isPool ? new Lookups(manager, this) : null;
  }

  /** Runs a statement and returns its rows with camelCase keys. */
  async rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    const statement = statementFor(text);
    const result = await this.connection.query({ name: statement.name, text, values, rowMode: 'array' });
    const keys = (statement.keys ??= result.fields.map((field) => camelCase(field.name)));
    return (result.rows as unknown[][]).map((row) => objectOf(keys, row) as Row);
  }

  async row<Row>(text: string, values: unknown[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(text, values))[0];
  }

  /** Runs a statement for its effect and returns how many rows it touched. */
  async execute(text: string, values: unknown[] = []): Promise<number> {
    const result = await this.connection.query({ name: statementFor(text).name, text, values });
    return result.rowCount ?? 0;
  }

  /** Whole entities by a tail such as `where network_id = $1 order by id`. */
  async select<E extends object>(entity: EntityClass<E>, tail: string, values: unknown[] = []): Promise<E[]> {
    const { columns, table } = this.tableOf(entity);
    return this.rows<E>(`select ${columns} from ${table} ${tail}`, values);
  }

  /**
   * The one row that a statement finds for a key, asked together with the same question of other requests.
   *
   * @param text takes the keys as one list of texts and returns the key of each row as `key`
   */
  async lookUp<Row>(text: string, key: string): Promise<Row | undefined> {
    if (this.lookups) return (await this.lookups.findBy(text, key)) as Row | undefined;
    return this.row<Row>(text, [[key]]);
  }

  /** Entities whose columns equal the values; an array matches any of its members, null matches null. */
  async all<E extends object>(entity: EntityClass<E>, match: Match<E>, suffix = ''): Promise<E[]> {
    if (suffix === '' && this.lookups?.covers(entity, match)) return this.lookups.find(entity, match);
    const { condition, values } = this.conditionFor(entity, match);
    return this.select(entity, `where ${condition} ${suffix}`.trimEnd(), values);
  }

  async one<E extends object>(entity: EntityClass<E>, match: Match<E>): Promise<E | undefined> {
    return (await this.all(entity, match))[0];
  }

  /** The same row, locked until the transaction ends. Lock several rows of one table in id order only. */
  async lock<E extends object>(entity: EntityClass<E>, match: Match<E>): Promise<E | undefined> {
    return (await this.all(entity, match, 'for no key update'))[0];
  }

  async exists<E extends object>(entity: EntityClass<E>, match: Match<E>): Promise<boolean> {
    const { condition, values } = this.conditionFor(entity, match);
    const rows = await this.rows(
      `select 1 from ${this.tableOf(entity).table} where ${condition} limit 1`,
      values,
    );
    return rows.length > 0;
  }

  /** Inserts complete rows: the caller names every column, so that no default hides in the database. */
  async insert<E extends object>(entity: EntityClass<E>, rows: E | E[]): Promise<void> {
    const statement = this.manager
      .createQueryBuilder()
      .insert()
      .into<ObjectLiteral>(entity)
      .values(rows)
      .updateEntity(false);
    await this.write(statement);
  }

  /** Updates the rows that match and returns how many there were. */
  async update<E extends object>(entity: EntityClass<E>, match: Match<E>, set: Partial<E>): Promise<number> {
    const { condition, values } = this.conditionFor(entity, match);
    const statement = this.manager
      .createQueryBuilder()
      .update(entity as EntityTarget<ObjectLiteral>)
      .set(set)
      .where(
        condition.replaceAll(/\$(\d+)/g, ':m$1'),
        Object.fromEntries(values.map((value, index) => [`m${index + 1}`, value])),
      );
    return this.write(statement);
  }

  async delete<E extends object>(entity: EntityClass<E>, match: Match<E>): Promise<number> {
    const { condition, values } = this.conditionFor(entity, match);
    return this.execute(`delete from ${this.tableOf(entity).table} where ${condition}`, values);
  }

  // Not by the mapper's own execute(), which would take a connection of its own.
  private async write(statement: QueryBuilder<ObjectLiteral>): Promise<number> {
    const [text, values] = statement.getQueryAndParameters();
    return (await this.connection.query(text, values)).rowCount ?? 0;
  }

  private tableOf(entity: EntityClass<object>): { table: string; columns: string } {
    const metadata = this.manager.connection.getMetadata(entity);
    return {
      table: metadata.tableName,
      columns: metadata.columns.map((column) => column.databaseName).join(', '),
    };
  }

  private conditionFor<E extends object>(
    entity: EntityClass<E>,
    match: Match<E>,
  ): { condition: string; values: unknown[] } {
    const metadata = this.manager.connection.getMetadata(entity);
    const values: unknown[] = [];
    const parts = Object.entries(match).map(([property, value]) => {
      const column = metadata.findColumnWithPropertyName(property);
      assert(
        column && value !== undefined,
        `a match names a column and a value (${metadata.tableName}.${property})`,
      );
      if (value === null) return `${column.databaseName} is null`;
      values.push(value);
      const isList = Array.isArray(value) && !column.isArray;
      return `${column.databaseName} = ${isList ? `any($${values.length})` : `$${values.length}`}`;
    });
    assert(parts.length > 0, 'a match is never empty: it would mean the whole table');
    return { condition: parts.join(' and '), values };
  }
}

function objectOf(keys: string[], row: unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let index = 0; index < keys.length; index++) object[keys[index]!] = row[index];
  return object;
}

/** Whether an error is the database's refusal by the constraint with this name. */
export function violates(error: unknown, constraint: string): boolean {
  return (error as { constraint?: unknown } | null)?.constraint === constraint;
}
