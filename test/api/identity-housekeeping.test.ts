import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { deleteExpired } from '../../src/kernel/housekeeping.ts';
import { JobRunner } from '../../src/kernel/jobs.ts';
import { openLog } from '../../src/kernel/log.ts';
import { newId } from '../../src/kernel/ids.ts';
import { givenPerson } from '../support/api.ts';
import { isSignedIn } from '../support/identity.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => server.app.database.db.execute('delete from job'));

const TABLES = ['session', 'mailed_secret', 'provider_sign_in', 'throttle', 'idempotency_key'];

async function counts(): Promise<Record<string, number>> {
  const entries = TABLES.map(async (table): Promise<[string, number]> => {
    return [table, (await server.app.database.db.rows(`select 1 from ${table}`)).length];
  });
  return Object.fromEntries(await Promise.all(entries));
}

const dueJobs = () =>
  server.app.database.db.rows(
    'select kind, due_at, attempts, failed_at from job where unique_key is not null',
  );
const inDays = (days: number) => new Date(server.clock.now().getTime() + days * DAY_MS);

/** One row in each table that ends now, and one that ends in a year, beside those of a signed-in person. */
async function givenRemains(): Promise<void> {
  const { db } = server.app.database;
  const now = server.clock.now();
  for (const [name, at] of Object.entries({ old: now, young: inDays(365) })) {
    await db.execute('insert into provider_sign_in values ($1, $2, $2, $2, $3)', [
      Buffer.from(name),
      name,
      at,
    ]);
    await db.execute('insert into throttle values ($1, 1, $2)', [name, at.getTime()]);
    await db.execute('insert into idempotency_key values ($1, $2, $2, $3, null, $4)', [
      newId('network'),
      name,
      Buffer.from(name),
      at,
    ]);
  }
}

test('once a day it deletes what is over, and nothing else', async () => {
  await givenRemains();
  const ana = await givenPerson(server);
  // It counts by the clock on the wall.
  await server.app.database.db.execute(`delete from throttle where key not in ('old', 'young')`);
  await server.app.jobs.schedule();
  const before = await counts();

  server.clock.advance(DAY_MS - 1);
  await server.app.jobs.runDue();
  const tooEarly = await counts();
  server.clock.advance(1);
  await server.app.jobs.runDue();
  const afterDay = await counts();
  for (let day = 2; day <= 91; day++) {
    if (day % 20 === 0) await isSignedIn(server, ana);
    server.clock.advance(DAY_MS);
    await server.app.jobs.runDue();
  }
  const afterMonths = await counts();

  const all = { session: 1, mailed_secret: 1, provider_sign_in: 2, throttle: 2, idempotency_key: 2 };
  expect(before).toEqual(all);
  expect(tooEarly).toEqual(all);
  expect(afterDay).toEqual({ ...all, provider_sign_in: 1, throttle: 1 });
  expect(afterMonths).toEqual({
    session: 1,
    mailed_secret: 0,
    provider_sign_in: 1,
    throttle: 1,
    idempotency_key: 1,
  });
});

test('it deletes jobs that were given up thirty days ago: they may hold secrets', async () => {
  const { db } = server.app.database;
  const failedAt = server.clock.now();
  for (const [kind, at] of [
    ['given up', failedAt],
    ['waiting', null],
  ] as const) {
    await db.execute(
      `insert into job (id, kind, payload, due_at, attempts, failed_at, created_at) values ($1, $2, '{}', $3, 0, $4, $5)`,
      [newId('job'), kind, inDays(365), at, failedAt],
    );
  }
  const kinds = async () => {
    const jobs = await db.rows<{ kind: string }>(
      `select kind from job where kind in ('given up', 'waiting') order by kind`,
    );
    return jobs.map((job) => job.kind);
  };
  await server.app.jobs.schedule();

  server.clock.advance(30 * DAY_MS);
  await server.app.jobs.runDue();
  const onTheDay = await kinds();
  server.clock.advance(DAY_MS);
  await server.app.jobs.runDue();

  expect(onTheDay).toEqual(['given up', 'waiting']);
  expect(await kinds()).toEqual(['waiting']);
});

test('deletes more than one batch', async () => {
  const { db } = server.app.database;
  await db.execute('delete from throttle');
  await db.execute(`insert into throttle select 'key ' || n, 1, n from generate_series(1, 12001) n`);

  const expiry = { table: 'throttle', column: 'expire', cutoff: () => 12_001 };
  const deleted = await deleteExpired(db, [expiry], server.clock.now());

  expect(deleted).toEqual({ throttle: 12_000 });
  expect(await db.rows('select key from throttle')).toEqual([{ key: 'key 12001' }]);
});

describe('a recurring job', () => {
  const log = openLog({ logLevel: 'silent' });

  test('waits once for its turn, however many processes schedule it', async () => {
    await Promise.all(Array.from({ length: 5 }, () => server.app.jobs.schedule()));

    const scheduled = (await dueJobs()) as { kind: string }[];
    expect(new Set(scheduled.map(({ kind }) => kind)).size).toBe(scheduled.length);
    for (const kind of ['housekeeping', 'charges']) {
      expect(scheduled).toContainEqual({ kind, dueAt: inDays(1), attempts: 0, failedAt: null });
    }
  });

  test('comes again one interval after it ran; when it fails it is tried earlier and never given up', async () => {
    const runs: Date[] = [];
    let isBroken = true;
    const handlers = {
      count: async (_: never, now: Date) => {
        runs.push(now);
        if (isBroken) throw new Error('Out of order');
      },
    };
    const { db } = server.app.database;
    const runner = new JobRunner(db, server.clock, log, handlers, [{ kind: 'count', everyMs: HOUR_MS }]);
    await runner.schedule();

    for (let tries = 1; tries <= 30; tries++) {
      const [job] = await db.rows<{ dueAt: Date }>('select due_at from job');
      server.clock.moveTo(job?.dueAt ?? inDays(0));
      await runner.runDue();
    }
    const afterFailures = await dueJobs();
    isBroken = false;
    server.clock.advance(HOUR_MS);
    const done = await runner.runDue();

    expect(runs).toHaveLength(31);
    expect(afterFailures).toEqual([{ kind: 'count', dueAt: runs.at(-1), attempts: 30, failedAt: null }]);
    expect(done).toBe(1);
    expect(await dueJobs()).toEqual([{ kind: 'count', dueAt: inDays(1 / 24), attempts: 0, failedAt: null }]);
  });
});
