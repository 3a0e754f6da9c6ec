import type pg from 'pg';
import { Person } from '../src/entities/person.ts';
import type { Actor } from '../src/kernel/actor.ts';
import { OutcomeUnknown } from '../src/kernel/errors.ts';
import { newId } from '../src/kernel/ids.ts';
import { unitOfWork, type RunUnit, type Tx } from '../src/kernel/unit-of-work.ts';
import { until } from './support/process.ts';
import { rowsAt, startTestServer, type TestServer } from './support/server.ts';

/** Connections that break at every moment of a unit of work, for real: the backend is terminated or the socket cut. */

let server: TestServer;
let run: RunUnit;
beforeAll(async () => {
  server = await startTestServer();
  const { database } = server.app;
  run = unitOfWork({ database, clock: server.clock, reactions: {}, onCommit: () => {} });
  // A commit that takes its time, so that it can be hit.
  await asSuperuser(`
    create table slow (key text);
    grant select, insert on slow to mutuality_app;
    create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return null; end $$;
    create constraint trigger slow after insert on slow deferrable initially deferred
      for each row execute function dawdle()`);
});
afterAll(() => server.close());

const system: Actor = { kind: 'system', name: 'test' };

const asSuperuser = (statement: string, values: unknown[] = []) =>
  rowsAt(server.databaseUrl('superuser'), statement, values);
const terminate = (pid: number) => asSuperuser('select pg_terminate_backend($1, 5000)', [pid]);

const write = (tx: Tx, key: string) => tx.db.execute('insert into throttle values ($1, 0, null)', [key]);
const writeSlowly = (tx: Tx, key: string) => tx.db.execute('insert into slow values ($1)', [key]);
const written = (table: 'throttle' | 'slow', key: string) =>
  asSuperuser(`select key from ${table} where key = $1`, [key]);

async function backendOf(tx: Tx): Promise<number> {
  return (await tx.db.row<{ pid: number }>('select pg_backend_pid() as pid'))?.pid ?? 0;
}

/** Waits until the backend is at a statement that begins like this. */
async function untilAt(pid: number, statement: string): Promise<void> {
  const question = `select 1 from pg_stat_activity where pid = $1 and state = 'active' and query ilike $2`;
  await until(statement, async () => (await asSuperuser(question, [pid, `${statement}%`])).length > 0);
}

/** The pool answers, holds no broken connection, and none is missing. */
async function expectHealthyPool(): Promise<void> {
  const { pool } = server.app.database;
  await Promise.all(Array.from({ length: 8 }, () => pool.query('select 1')));

  expect(pool.waitingCount).toBe(0);
  expect(pool.idleCount).toBe(pool.totalCount);
}

afterEach(expectHealthyPool);

test('a connection lost between two statements is made anew, and the work done again', async () => {
  const key = newId('network');
  let tries = 0;

  await run(system, async (tx) => {
    await write(tx, key);
    if (++tries === 1) await terminate(await backendOf(tx));
    await tx.db.rows('select 1');
  });

  expect(tries).toBe(2);
  expect(await written('throttle', key)).toEqual([{ key }]);
});

test('a connection lost after the last statement is noticed before the commit', async () => {
  const key = newId('network');
  let tries = 0;

  await run(system, async (tx) => {
    await write(tx, key);
    if (++tries > 1) return;
    const lost = new Promise((resolve) => clientOf(tx).once('error', resolve));
    await terminate(await backendOf(tx));
    await lost;
  });

  expect(tries).toBe(2);
  expect(await written('throttle', key)).toEqual([{ key }]);
});

test('a connection lost during a statement is made anew, and the work done again', async () => {
  const key = newId('network');
  let tries = 0;

  await run(system, async (tx) => {
    await write(tx, key);
    if (++tries > 1) return;
    const pid = await backendOf(tx);
    await Promise.all([
      tx.db.rows('select pg_sleep(4)::text'),
      untilAt(pid, 'select pg_sleep').then(() => terminate(pid)),
    ]);
  });

  expect(tries).toBe(2);
  expect(await written('throttle', key)).toEqual([{ key }]);
});

test('inserts and updates of entities notice a lost connection as well', async () => {
  let tries = 0;

  const count = await run(system, async (tx) => {
    if (++tries === 1) await terminate(await backendOf(tx));
    return tx.db.update(Person, { id: newId('person') }, { name: 'Nobody' });
  });

  expect([tries, count]).toEqual([2, 0]);
});

test('connections that are lost every time are given up after three tries', async () => {
  const key = newId('network');
  let tries = 0;

  const attempt = run(system, async (tx) => {
    tries++;
    await terminate(await backendOf(tx));
    await write(tx, key);
  });

  await expect(attempt).rejects.toThrow(/terminat|not queryable/);
  expect(tries).toBe(3);
  expect(await written('throttle', key)).toEqual([]);
});

test('a refusal stays a refusal when the connection is lost before the rollback', async () => {
  let tries = 0;

  const attempt = run(system, async (tx) => {
    tries++;
    await terminate(await backendOf(tx));
    throw new Error('The first one');
  });

  await expect(attempt).rejects.toThrow('The first one');
  expect(tries).toBe(1);
});

test('a backend terminated at the commit leaves the outcome unknown', async () => {
  const key = newId('network');
  let tries = 0;

  const attempt = run(system, async (tx) => {
    tries++;
    await writeSlowly(tx, key);
    const pid = await backendOf(tx);
    void untilAt(pid, 'commit').then(() => terminate(pid));
  });

  await expect(attempt).rejects.toThrow(OutcomeUnknown);
  expect(tries).toBe(1);
  expect(await written('slow', key)).toEqual([]);
});

test('a socket cut at the commit leaves the outcome unknown, and here it was done', async () => {
  const key = newId('network');
  let tries = 0;

  const attempt = run(system, async (tx) => {
    tries++;
    await writeSlowly(tx, key);
    const pid = await backendOf(tx);
    const { stream } = (clientOf(tx) as unknown as { connection: { stream: { destroy(): void } } })
      .connection;
    void untilAt(pid, 'commit').then(() => stream.destroy());
  });

  await expect(attempt).rejects.toThrow(OutcomeUnknown);
  expect(tries).toBe(1);
  await until('the commit is through', async () => (await written('slow', key)).length > 0);
});

test('a transaction that the database has given up is not taken for committed', async () => {
  const key = newId('network');

  const attempt = run(system, async (tx) => {
    await write(tx, key);
    await tx.db.rows('select 1 / 0').catch(() => {});
  });

  await expect(attempt).rejects.toThrow('Broken invariant');
  expect(await written('throttle', key)).toEqual([]);
});

test('a connection that answers no more is not given to the next one', async () => {
  const key = newId('network');
  let tries = 0;
  const clients: pg.PoolClient[] = [];

  await run(system, async (tx) => {
    await write(tx, key);
    clients.push(clientOf(tx));
    if (++tries > 1) return;
    // What the driver says when an answer does not come in time; the connection is still waiting for it.
    await clientOf(tx).query({ text: 'select pg_sleep(2)', query_timeout: 50 } as pg.QueryConfig);
  });

  expect(tries).toBe(2);
  expect(clients[1]).not.toBe(clients[0]);
  expect(await written('throttle', key)).toEqual([{ key }]);
});

function clientOf(tx: Tx): pg.PoolClient {
  return (tx.db as unknown as { connection: pg.PoolClient }).connection;
}
