import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { ask, givenPerson, mutate, send, type Answer, type Caller, type Json } from '../support/api.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** What a client sees of a database that is busy, restarting or gone. */

let server: TestServer;
let ana: Caller;
const logged: string[] = [];
beforeAll(async () => {
  server = await startTestServer({}, pino({ level: 'error' }, { write: (line) => void logged.push(line) }));
  ana = await givenPerson(server, 'Ana');
});
afterAll(() => server.close());

const RENAME = 'mutation($input: PersonUpdateInput!) { personUpdate(input: $input) { errors { code } } }';
const VIEWER = '{ viewer { person { name } } }';
const TERMINATE_ALL = `select pg_terminate_backend(pid) from pg_stat_activity
  where usename = 'mutuality_app' and datname = current_database()`;
const TERMINATE_WAITING = `${TERMINATE_ALL} and wait_event_type = 'Lock'`;
const unavailable = (path?: string[]) => ({
  message: 'The database is not available just now. Try again in a moment.',
  ...(path && { path }),
  extensions: { code: 'UNAVAILABLE', retryable: true, errorId: expect.stringMatching(/^evt_/) },
});

/** The line of the log that belongs to the first error of an answer. */
function logOf({ errors }: Answer): Json {
  const line = logged.find((entry) => entry.includes(errors?.[0]?.extensions['errorId']));
  return line && JSON.parse(line);
}

async function withSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(server.databaseUrl('superuser'));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('says that a lock was waited for in vain, and may be had a little later', async () => {
  await setLockTimeout('50ms');
  const answer = await withSuperuser(async (client) => {
    await client.query('begin');
    await client.query('select 1 from person where id = $1 for update', [ana.personId]);
    return send(server, RENAME, { input: { name: 'Anna' } }, ana);
  });
  await setLockTimeout('3s');

  expect(answer.status).toBe(200);
  expect(answer.errors).toEqual([unavailable(['personUpdate'])]);
  expect(logOf(answer)).toMatchObject({ err: { code: '55P03' } });
  await mutate(server, ana, 'personUpdate', { name: 'Anna' }, 'person { name }');
});

/** Sets it on every connection of the pool, so that the test need not wait for seconds. */
async function setLockTimeout(text: string): Promise<void> {
  const { pool } = server.app.database;
  const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  for (const client of clients) {
    await client.query(`set lock_timeout = '${text}'`);
    client.release();
  }
}

test('says so when sessions are ended again and again', async () => {
  let ended = 0;
  const answer = await withSuperuser(async (holder) => {
    await holder.query('begin');
    await holder.query('select 1 from person where id = $1 for update', [ana.personId]);
    const answering = send(server, RENAME, { input: { name: 'Ann' } }, ana);
    // On another connection: within one transaction PostgreSQL shows the same activity for ever.
    await withSuperuser(async (client) => {
      while (!(await Promise.race([answering, sleep(10)]))) {
        ended += (await client.query(TERMINATE_WAITING)).rowCount ?? 0;
      }
    });
    return answering;
  });

  expect(ended).toBe(3);
  expect(answer.errors).toEqual([unavailable(['personUpdate'])]);
  await mutate(server, ana, 'personUpdate', { name: 'Ann' }, 'person { name }');
});

test('answers 503 while it cannot find out who asks, and recovers by itself', async () => {
  const admit = (connections: number) =>
    withSuperuser(async (client) => {
      await client.query(`alter database ${client.database} connection limit ${connections}`);
      await client.query(TERMINATE_ALL);
    });
  await admit(0);
  await until('the pool has noticed', () => server.app.database.pool.totalCount === 0);
  const answer = await send(server, VIEWER, {}, ana);
  await admit(-1);

  expect(answer).toEqual({ status: 503, errors: [unavailable()] });
  expect(logOf(answer)).toMatchObject({ err: { code: '53300' } });
  expect((await ask(server, ana, VIEWER)).viewer.person.name).toBe('Ann');
});

test('says of a fault that it is one', async () => {
  await withSuperuser((client) => client.query('alter table session rename to session_gone'));
  const answer = await send(server, VIEWER, {}, ana);
  await withSuperuser((client) => client.query('alter table session_gone rename to session'));

  expect(answer.status).toBe(500);
  expect(answer.errors?.[0]?.extensions).toEqual({
    code: 'INTERNAL',
    errorId: expect.stringMatching(/^evt_/),
  });
});
