import pg from 'pg';
import type { Actor } from '../src/kernel/actor.ts';
import { newId } from '../src/kernel/ids.ts';
import { openLog } from '../src/kernel/log.ts';
import { Outbox, type OutboxEvent } from '../src/kernel/outbox.ts';
import { until } from './support/process.ts';
import { rowsAt, startTestServer, type TestServer } from './support/server.ts';

/** How events of this process and of others are learnt of after their commit. */

let server: TestServer;
let outbox: Outbox;
let told: string[];
let stop: () => void;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

beforeEach(async () => {
  outbox = givenOutbox();
  told = [];
  stop = await outbox.listen(noteIn(told));
});
afterEach(() => outbox.stop());

const system: Actor = { kind: 'system', name: 'test' };
const networkId = newId('network');

/** As another process of the same server would have it. */
function givenOutbox(): Outbox {
  const log = openLog(server.app.services.config);
  return new Outbox({ db: server.app.database.db, url: server.databaseUrl('app'), log });
}

const noteIn = (list: string[]) => (events: OutboxEvent[]) =>
  void list.push(...events.map(({ kind }) => kind));
const untilTold = (...kinds: string[]) =>
  until(`${kinds.join(', ')} is told`, () => kinds.every((kind) => told.includes(kind)));

const emit = (...kinds: string[]) =>
  server.app.services.run(system, async (tx) => {
    for (const kind of kinds) tx.emit({ networkId, kind, subjectId: networkId });
  });

const INSERT = `insert into event (network_id, id, kind, subject_id, actor_system, data, at)
                values ($1, $2, $3, $1, 'test', '{}', now())`;
const write = (client: pg.Client, kind: string) => client.query(INSERT, [networkId, newId('event'), kind]);

/** Ends a transaction and lets the outbox know, as a unit of work does. */
async function end(client: pg.Client, how: 'commit' | 'rollback' = 'commit'): Promise<void> {
  await client.query(how);
  outbox.hint();
}

async function connected(): Promise<pg.Client> {
  const client = new pg.Client(server.databaseUrl('app'));
  await client.connect();
  return client;
}

test('tells in order what was committed, with whom it concerns', async () => {
  const seen: OutboxEvent[] = [];
  await outbox.listen((events) => void seen.push(...events));

  await emit('First', 'Second');
  await emit('Third');
  await untilTold('Third');

  expect(told).toEqual(['First', 'Second', 'Third']);
  expect(seen[0]).toMatchObject({ networkId, kind: 'First', subjectId: networkId, data: {} });
});

test('tells what commits out of order: neither missed nor waited for', async () => {
  const [slow, quick] = [await connected(), await connected()];
  await slow.query('begin');
  await write(slow, 'Slow');

  await quick.query('begin');
  await write(quick, 'Quick');
  await end(quick);
  await untilTold('Quick');
  expect(told).not.toContain('Slow');
  await end(slow);
  await untilTold('Slow');

  expect(told).toEqual(['Quick', 'Slow']);
  await Promise.all([slow.end(), quick.end()]);
});

test('tells nothing of what was rolled back, and all of many that end in any order', async () => {
  const clients = await Promise.all(Array.from({ length: 8 }, connected));
  for (const [index, client] of clients.entries()) {
    await client.query('begin');
    await write(client, `Of ${index}`);
  }

  await end(clients[0]!, 'rollback');
  for (const index of [5, 2, 7, 1, 6, 3, 4]) {
    await end(clients[index]!);
    await untilTold(`Of ${index}`);
  }
  await emit('End');
  await untilTold('End');

  expect(told).toEqual([...[5, 2, 7, 1, 6, 3, 4].map((index) => `Of ${index}`), 'End']);
  await Promise.all(clients.map((client) => client.end()));
});

test('tells more than one batch holds, each once', async () => {
  const client = await connected();
  await client.query(
    `insert into event (network_id, id, kind, subject_id, actor_system, data, at)
     select $1, $2 || lpad(n::text, 5, '0'), 'Number ' || n, $1, 'test', '{}', now() from generate_series(1, 1234) as n`,
    [networkId, newId('event').slice(0, -5)],
  );
  await untilTold('Number 1234');

  expect(told).toEqual(Array.from({ length: 1234 }, (_, index) => `Number ${index + 1}`));
  await client.end();
});

test('tells only what comes after one began to listen', async () => {
  await emit('Before');
  await untilTold('Before');
  stop();
  await emit('Unheard');
  const later: string[] = [];
  await outbox.listen(noteIn(later));

  await emit('After');
  await until('it is told', () => later.length > 0);

  expect(later).toEqual(['After']);
  expect(told).toEqual(['Before']);
});

test('goes on for the others when a listener fails', async () => {
  const other: string[] = [];
  stop();
  await outbox.listen(() => {
    throw new Error('out of order');
  });
  await outbox.listen(noteIn(other));

  await emit('One');
  await until('it is told', () => other.length > 0);

  expect(other).toEqual(['One']);
});

describe('the connection that listens', () => {
  const listeners = () =>
    rowsAt(
      server.databaseUrl('superuser'),
      `select pid from pg_stat_activity where datname = current_database() and application_name = 'mutuality listening'
          and query = 'listen mutuality_outbox'`,
    );

  test('is there only while somebody listens', async () => {
    await until('it listens', async () => (await listeners()).length === 1);
    stop();

    await until('it is gone', async () => (await listeners()).length === 0);
  });

  test('comes back when it was cut, and what came meanwhile is told', async () => {
    await until('it listens', async () => (await listeners()).length === 1);
    const [before] = await listeners();

    await rowsAt(server.databaseUrl('superuser'), 'select pg_terminate_backend($1, 5000)', [before!['pid']]);
    const client = await connected();
    await write(client, 'Meanwhile');
    await untilTold('Meanwhile');
    await until('it listens again', async () => (await listeners()).length === 1);

    expect(await listeners()).not.toEqual([before]);
    await client.end();
  });
});

test('after a commit other processes are told to look, in one notice for many', async () => {
  const client = await connected();
  let notices = 0;
  client.on('notification', () => notices++);
  await client.query('listen mutuality_outbox');

  await Promise.all(Array.from({ length: 40 }, (_, index) => emit(`Commit ${index}`)));
  await untilTold(...Array.from({ length: 40 }, (_, index) => `Commit ${index}`));
  await until('a notice has come', () => notices > 0);

  expect(notices).toBeLessThan(40);
  await client.end();
});
