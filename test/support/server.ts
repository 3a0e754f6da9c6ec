import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { makeApp, type App } from '../../src/app.ts';
import { TravelClock } from '../../src/kernel/clock.ts';
import { readConfig, type Config } from '../../src/kernel/config.ts';
import { openLog, type Log } from '../../src/kernel/log.ts';
import { TEMPLATE_DATABASE } from './global-setup.ts';

/** A whole server on a database of its own, listening on a free port, with a clock that tests move. */
export interface TestServer {
  app: App;
  clock: TravelClock;
  url: string;
  dataDir: string;
  databaseUrl(role: 'superuser' | 'owner' | 'app'): string;
  close(): Promise<void>;
}

export const START = new Date('2026-03-02T09:00:00Z');

let count = 0;

/** Clones the migrated template and starts everything on it; the caller closes it when its file is done. */
export async function startTestServer(overrides: Partial<Config> = {}, log?: Log): Promise<TestServer> {
  const database = `test_${process.env['JEST_WORKER_ID']}_${process.pid}_${count++}`;
  await asSuperuser(`create database ${database} template ${TEMPLATE_DATABASE} strategy file_copy`);
  const databaseUrl: TestServer['databaseUrl'] = (role) => {
    const url = new URL(process.env[`TEST_POSTGRES_${role.toUpperCase()}`] ?? '');
    url.pathname = `/${database}`;
    return url.href;
  };
  const dataDir = await fs.mkdtemp(path.join(os.tmpdir(), 'mutuality-data-'));
  const environment = {
    DATA_DIR: dataDir,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    PASSWORD_MEMORY_KIB: '8',
    DATABASE_POOL_SIZE: '8',
  };
  const clock = new TravelClock(START);
  const config = { ...readConfig(environment), ...overrides };
  const app = await makeApp({ config, clock, databaseUrl: databaseUrl('app'), log: log ?? openLog(config) });
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.server.address() as AddressInfo;
  return {
    app,
    clock,
    dataDir,
    databaseUrl,
    url: `http://127.0.0.1:${port}`,
    async close() {
      await app.close();
      await asSuperuser(`drop database ${database} with (force)`);
      await fs.rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface EmptyDatabase {
  url(role: 'owner' | 'app'): string;
  drop(): Promise<void>;
}

/** A new, empty database, made as docs/operations.md tells. */
export async function givenEmptyDatabase(): Promise<EmptyDatabase> {
  const name = `empty_${process.pid}_${count++}`;
  await asSuperuser(`create database ${name} owner mutuality_owner encoding 'UTF8' template template0`);
  return {
    url(role) {
      const url = new URL(process.env[`TEST_POSTGRES_${role.toUpperCase()}`] ?? '');
      url.pathname = `/${name}`;
      return url.href;
    },
    drop: () => asSuperuser(`drop database ${name} with (force)`),
  };
}

async function asSuperuser(statement: string): Promise<void> {
  await rowsAt(process.env['TEST_POSTGRES_SUPERUSER'] ?? '', statement);
}

/** Runs one statement on a connection of its own. */
export async function rowsAt(
  url: string,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    // Without values several statements may stand in one text.
    const result = await (values.length > 0 ? client.query(statement, values) : client.query(statement));
    return result.rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}
