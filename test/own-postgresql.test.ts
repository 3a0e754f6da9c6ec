import fs from 'node:fs/promises';
import type { Json } from './support/api.ts';
import {
  buildProgram,
  freePort,
  givenDataDir,
  spawnServer,
  startServer,
  type ServerProcess,
} from './support/process.ts';
import { givenEmptyDatabase, rowsAt, type EmptyDatabase } from './support/server.ts';

/** The built program with a PostgreSQL that the configuration names. */

let dataDir: string;
let database: EmptyDatabase;
let running: ServerProcess | undefined;

beforeAll(() => buildProgram());

beforeEach(async () => {
  dataDir = await givenDataDir();
  database = await givenEmptyDatabase();
});

afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.exit;
  await database.drop();
  await fs.rm(dataDir, { recursive: true, force: true });
});

async function started(environment: Record<string, string>): Promise<ServerProcess> {
  // The cluster of the tests is made for speed.
  const mayBeUnsafe = { ALLOW_UNSAFE_DATABASE: 'true' };
  running = await startServer({ DATA_DIR: dataDir, PORT: await freePort(), ...mayBeUnsafe, ...environment });
  return running;
}

const REGISTER = `mutation {
  personRegister(input: { name: "Ana", email: "ana@example.org", password: "correct horse battery" }) {
    person { name } errors { code }
  }
}`;

async function register(server: ServerProcess): Promise<Json> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: REGISTER });
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
  return ((await response.json()) as Json).data.personRegister;
}

const warnings = (server: ServerProcess) =>
  server.log().flatMap(({ level, msg }) => (level === 40 ? [msg as string] : []));

test('serves with one role and migrates with the other', async () => {
  const server = await started({
    DATABASE_URL: database.url('app'),
    DATABASE_OWNER_URL: database.url('owner'),
  });
  const answer = await register(server);
  const ready = await fetch(`${server.url}/readyz`);
  server.signal('SIGTERM');

  expect(answer).toEqual({ person: { name: 'Ana' }, errors: [] });
  expect(ready.status).toBe(200);
  expect(await server.exit).toBe(0);
  expect(warnings(server)).toEqual(['PostgreSQL may lose acknowledged transfers in a crash']);
  expect(await rowsAt(database.url('owner'), 'select name from person')).toEqual([{ name: 'Ana' }]);
  await expect(rowsAt(database.url('app'), 'delete from event')).rejects.toThrow('permission denied');
});

test('works with the owner alone, and says what that means', async () => {
  const server = await started({ DATABASE_URL: database.url('owner') });
  const answer = await register(server);
  server.signal('SIGTERM');

  expect(answer).toEqual({ person: { name: 'Ana' }, errors: [] });
  expect(await server.exit).toBe(0);
  expect(warnings(server)).toContain(
    'DATABASE_OWNER_URL is not set: the server could rewrite its own books. See docs/operations.md',
  );
});

/** Starts a server that must refuse, and returns the sentence with which it does. */
async function refusal(environment: Record<string, string>): Promise<string> {
  running = spawnServer({ DATA_DIR: dataDir, PORT: await freePort(), ...environment });
  expect(await running.exit).toBe(1);
  expect(running.stdout()).toBe('');
  return running.stderr();
}

const UNSAFE = (settings: string) =>
  `PostgreSQL runs with ${settings} off: a crash could lose transfers that people were told are done. Switch them on, or set ALLOW_UNSAFE_DATABASE=true if the data may be lost.`;

test('refuses a PostgreSQL that could lose acknowledged transfers', async () => {
  const sentence = await refusal({
    DATABASE_URL: database.url('app'),
    DATABASE_OWNER_URL: database.url('owner'),
  });

  expect(sentence).toContain(UNSAFE('fsync, full_page_writes, synchronous_commit'));
});

test('judges by what its own connection sees', async () => {
  const url = new URL(database.url('app'));
  url.searchParams.set('options', '-c synchronous_commit=on');

  const sentence = await refusal({ DATABASE_URL: url.href, DATABASE_OWNER_URL: database.url('owner') });

  expect(sentence).toContain(UNSAFE('fsync, full_page_writes'));
});
