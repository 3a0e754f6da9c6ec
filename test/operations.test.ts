import fs from 'node:fs/promises';
import http from 'node:http';
import type { Json } from './support/api.ts';
import {
  buildProgram,
  freePort,
  givenDataDir,
  postgresIn,
  spawnServer,
  startServer,
  until,
  type ServerProcess,
} from './support/process.ts';

let dataDir: string;
let environment: Record<string, string>;
let running: ServerProcess[] = [];

beforeAll(async () => {
  await buildProgram();
  dataDir = await givenDataDir();
  environment = { DATA_DIR: dataDir, PORT: await freePort() };
});

afterEach(async () => {
  for (const server of running) server.child.kill('SIGKILL');
  await Promise.all(running.map((server) => server.exit));
  running = [];
  await until('PostgreSQL is gone', () => postgresIn(dataDir) === null);
});

afterAll(() => fs.rm(dataDir, { recursive: true, force: true }));

async function started(more: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await startServer({ ...environment, ...more });
  running.push(server);
  return server;
}

const PASSWORD = 'correct horse battery';
const REGISTER = `mutation($input: PersonRegisterInput!) {
  personRegister(input: $input) { person { name } errors { code } }
}`;

function registration(name: string): string {
  const email = `${name}@example.org`;
  return JSON.stringify({ query: REGISTER, variables: { input: { name, email, password: PASSWORD } } });
}

async function post(server: ServerProcess, body: string): Promise<Json> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
  return response.json();
}

/** A request of which the server has one half; `finish` sends the other and gives the answer. */
async function halfSent(server: ServerProcess, body: string): Promise<{ finish(): Promise<Json> }> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const request = http.request(`${server.url}/graphql`, { method: 'POST', headers, agent: false });
  await new Promise((resolve) => request.write(body.slice(0, 20), resolve));
  const answer = new Promise<Json>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ ...JSON.parse(text), connection: response.headers.connection }));
    });
  });
  return {
    finish() {
      request.end(body.slice(20));
      return answer;
    },
  };
}

async function postgresOf(directory: string): Promise<number> {
  const pid = postgresIn(directory);
  if (pid === null) throw new Error('PostgreSQL does not run');
  return pid;
}

test.each([
  ['SIGTERM', 'process'],
  ['SIGINT', 'group'],
] as const)('answers every request under way when %s reaches the %s', async (signal, to) => {
  const server = await started();
  const names = Array.from({ length: 12 }, (_, index) => `${signal.toLowerCase()}.${index}`);
  const requests = await Promise.all(names.map((name) => halfSent(server, registration(name))));
  await until('all have arrived', async () => (await fetch(`${server.url}/healthz`)).ok);

  server.signal(signal, to);
  await until('it stops', () => server.stderr().includes('"stopping"'));
  const answers = await Promise.all(requests.map((request) => request.finish()));

  expect(answers.map((answer) => answer.data.personRegister)).toEqual(
    names.map((name) => ({ person: { name }, errors: [] })),
  );
  expect(new Set(answers.map((answer) => answer.connection))).toEqual(new Set(['close']));
  expect(await server.exit).toBe(0);
  expect(postgresIn(dataDir)).toBeNull();
});

/** Whether the first start has come to making the cluster. */
async function isMakingCluster(directory: string): Promise<boolean> {
  return (await fs.readdir(directory)).some((name) => name.endsWith('.unfinished'));
}

test('leaves nothing behind when its first start is broken off', async () => {
  const breaks = [
    { signal: 'SIGINT', code: 0, at: isMakingCluster },
    { signal: 'SIGKILL', code: null, at: isMakingCluster },
    { signal: 'SIGTERM', code: 0, at: (directory: string) => postgresIn(directory) !== null },
  ] as const;

  // Together, because most of the time is spent waiting.
  await Promise.all(
    breaks.map(async ({ signal, code, at }) => {
      const directory = await givenDataDir();
      const own = { ...environment, PORT: await freePort(), DATA_DIR: directory };
      const broken = spawnServer(own);
      await until('the start has come so far', () => at(directory));
      broken.signal(signal, 'group');

      expect(await broken.exit).toBe(code);
      await until('PostgreSQL is gone', () => postgresIn(directory) === null);
      const server = await startServer(own);
      server.signal('SIGTERM');
      expect(await server.exit).toBe(0);
      expect(postgresIn(directory)).toBeNull();
      expect(await isMakingCluster(directory)).toBe(false);
      await fs.rm(directory, { recursive: true });
    }),
  );
});

test('recovers after it was killed, and after its PostgreSQL was killed', async () => {
  const first = await started();
  await post(first, registration('kept'));
  const postgres = await postgresOf(dataDir);
  first.signal('SIGKILL');

  // At once, while the old PostgreSQL is still going down.
  const second = await started();
  expect(await postgresOf(dataDir)).not.toBe(postgres);
  expect((await post(second, registration('kept'))).data.personRegister.errors).toEqual([
    { code: 'EMAIL_TAKEN' },
  ]);
  process.kill(await postgresOf(dataDir), 'SIGKILL');
  expect(await second.exit).toBe(1);
  expect(second.log()).toContainEqual(expect.objectContaining({ level: 60, msg: 'PostgreSQL has ended' }));

  const third = await started();
  expect((await post(third, registration('kept'))).data.personRegister.errors).toEqual([
    { code: 'EMAIL_TAKEN' },
  ]);
});

test('does not start twice on one port, leaves the first alone, and has another port for metrics', async () => {
  const metricsPort = await freePort();
  const first = await started({ METRICS_PORT: metricsPort });
  const postgres = await postgresOf(dataDir);

  const second = spawnServer(environment);

  expect(await second.exit).toBe(1);
  expect(second.stderr()).toBe(
    `Port ${environment['PORT']} on 127.0.0.1 is taken: is the server running already? (EADDRINUSE). Set PORT or HOST.\n`,
  );
  expect(await postgresOf(dataDir)).toBe(postgres);
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  expect((await fetch(`${first.url}/metrics`)).status).toBe(404);
  const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  expect(await metrics.text()).toContain('mutuality_database_answering 1');
});

test('says in a sentence what is wrong with its settings', async () => {
  const cases: [Record<string, string>, string][] = [
    [{ PORT: 'abc', SECRET_KEY: 'short' }, 'The configuration is not valid:\n  PORT: '],
    [{ DATABASE_URL: 'postgres://127.0.0.1:1/a' }, 'The database cannot be reached'],
  ];

  await Promise.all(
    cases.map(async ([settings, sentence]) => {
      const server = spawnServer({ ...environment, LOG_LEVEL: 'silent', ...settings });

      expect(await server.exit).toBe(1);
      expect(server.stderr()).toContain(sentence);
      expect(server.stderr()).not.toContain('    at ');
    }),
  );
});

test('logs who did what with which outcome, and no secret', async () => {
  const server = await started();
  await post(server, registration('ana'));
  const signIn = `mutation($input: SessionStartInput!) {
    one: sessionStart(input: $input) { token errors { code } }
  }`;
  const input = { email: 'ana@example.org', password: PASSWORD };
  const { data } = await post(server, JSON.stringify({ query: signIn, variables: { input } }));
  const { token } = data.one;
  const wrong = { ...input, password: 'incorrect horse battery' };
  await post(server, JSON.stringify({ query: signIn, variables: { input: wrong } }));
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: 'query Mine { viewer { person { id } } }' });
  const mine: Json = await (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).json();
  await post(server, JSON.stringify({ query: '{ viewer { person { id } } }' }));
  await post(server, '{"query": "{ nonsense }"}');
  server.signal('SIGTERM');
  await server.exit;

  const lines = server.log().filter((line) => line.msg === 'request' && line.outcome);

  expect(
    lines.map(({ operation, fields, outcome, codes, personId }) => ({
      operation,
      fields,
      outcome,
      codes,
      personId,
    })),
  ).toEqual([
    { operation: 'mutation', fields: ['personRegister'], outcome: 'OK' },
    { operation: 'mutation', fields: ['sessionStart'], outcome: 'OK' },
    { operation: 'mutation', fields: ['sessionStart'], outcome: 'REFUSED', codes: ['SIGN_IN_REFUSED'] },
    { operation: 'query', fields: ['viewer'], outcome: 'OK', personId: mine.data.viewer.person.id },
    { operation: 'query', fields: ['viewer'], outcome: 'REFUSED', codes: ['UNAUTHENTICATED'] },
    { outcome: 'INVALID', codes: ['GRAPHQL_VALIDATION_FAILED'] },
  ]);
  for (const secret of [PASSWORD, wrong.password, token, 'ana@example.org']) {
    expect(server.stderr() + server.stdout()).not.toContain(secret);
  }
});
