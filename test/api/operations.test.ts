import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { givenPerson, send, tryMutate } from '../support/api.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const METRICS_TOKEN = 'a token for the operator';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ metrics: { port: null, token: METRICS_TOKEN } });
});
afterAll(() => server.close());

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, { headers });
}

async function metrics(): Promise<string> {
  return (await get('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` })).text();
}

/** Runs statements with all rights on the server's own database. */
async function asSuperuser(...statements: string[]): Promise<void> {
  const url = new URL(server.databaseUrl('superuser'));
  const database = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client(url.href);
  await client.connect();
  for (const statement of statements) await client.query(statement.replaceAll('DATABASE', database));
  await client.end();
}

test('is ready while all connections of the pool are taken', async () => {
  const { pool } = server.app.database;
  const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));

  const response = await get('/readyz');

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ready' });
  for (const client of taken) client.release();
});

test('is alive and not ready while the database is away, and ready again when it is back', async () => {
  await asSuperuser(
    'alter database DATABASE allow_connections false',
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'DATABASE'",
  );
  await until('it is not ready', async () => (await get('/readyz')).status === 503);

  const answer = await send(server, '{ viewer { person { id } } }', {}, { token: 'mus_'.padEnd(40, 'x') });

  expect((await get('/healthz')).status).toBe(200);
  expect(await metrics()).toContain('mutuality_database_answering 0');
  expect(await metrics()).toContain('mutuality_jobs_due Nan');
  // Whichever it meets first: a connection that was cut, or a database that takes none.
  expect(['INTERNAL', 'UNAVAILABLE']).toContain(answer.errors?.[0]?.extensions['code']);
  await asSuperuser('alter database DATABASE allow_connections true');
  await until('it is ready', async () => (await get('/readyz')).status === 200);
});

test('shows metrics to the operator only', async () => {
  const answers = await Promise.all([
    get('/metrics'),
    get('/metrics', { authorization: 'Bearer wrong' }),
    get('/metrics', { authorization: METRICS_TOKEN }),
  ]);

  expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404]);
  expect(await metrics()).toContain('process_resident_memory_bytes');
});

test('counts requests and operations by names of its own', async () => {
  const ana = await givenPerson(server, 'Ana');
  await send(server, 'query ChosenByClient { chosenByClient: viewer { person { id } } }', {}, ana);
  await send(server, '{ viewer { person { id } } }');
  await send(server, '{ chosenByClient }');
  await tryMutate(
    server,
    null,
    'personRegister',
    { name: 'Ana', email: ana.email, password: '123' },
    'person { id }',
  );
  await get('/chosenByClient');
  await sleep(20);

  const text = await metrics();

  expect(text).toContain('mutuality_graphql_operation_seconds_count{type="query",outcome="OK"} 1');
  expect(text).toContain('mutuality_graphql_operation_seconds_count{type="query",outcome="REFUSED"} 1');
  expect(text).toContain('mutuality_graphql_operation_seconds_count{type="unknown",outcome="INVALID"} 1');
  expect(text).toContain('mutuality_graphql_operation_seconds_count{type="mutation",outcome="REFUSED"} 1');
  expect(text).toMatch(/mutuality_http_requests_total{route="\/graphql",status="200"} \d/);
  expect(text).toMatch(/mutuality_http_requests_total{route="none",status="404"} \d/);
  expect(text).toMatch(/mutuality_database_pool_connections [1-8]\n/);
  expect(text).toContain('mutuality_database_pool_waiting 0');
  expect(text).toContain('mutuality_jobs_failed 0');
  expect(text).not.toContain('hosenByClient');
});
