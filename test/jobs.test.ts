import type { Actor } from '../src/kernel/actor.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../src/kernel/clock.ts';
import { JobRunner, whileJobsRest, type JobHandlers } from '../src/kernel/jobs.ts';
import { openLog } from '../src/kernel/log.ts';
import { unitOfWork, type RunUnit } from '../src/kernel/unit-of-work.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
let run: RunUnit;
beforeAll(async () => {
  server = await startTestServer();
  const { database } = server.app;
  run = unitOfWork({ database, clock: server.clock, reactions: {}, onCommit: () => {} });
});
afterAll(() => server.close());
beforeEach(() => server.app.database.db.execute('delete from job'));

const system: Actor = { kind: 'system', name: 'test' };
const log = openLog({ logLevel: 'silent' });
const runnerWith = (handlers: JobHandlers, recurring: { kind: string; everyMs: number }[] = []) =>
  new JobRunner(server.app.database.db, server.clock, log, handlers, recurring);
const jobsOf = (kind: string) =>
  server.app.database.db.rows<{ attempts: number; dueAt: Date; failedAt: Date | null }>(
    'select attempts, due_at, failed_at, last_error from job where kind = $1 order by id',
    [kind],
  );

describe('jobs', () => {
  test('are tried again later when they fail, until they succeed', async () => {
    const runs: object[] = [];
    const runner = runnerWith({
      greet: async (payload: object) => {
        runs.push(payload);
        if (runs.length === 1) throw new Error('Nobody at home');
      },
    });
    await run(system, async (tx) => tx.enqueue({ kind: 'greet', payload: { name: 'Ana' } }));

    const done = [await runner.runDue(), await runner.runDue()];
    const waiting = await jobsOf('greet');
    server.clock.advance(10 * SECOND_MS);
    done.push(await runner.runDue());

    expect(done).toEqual([0, 0, 1]);
    expect(runs).toEqual([{ name: 'Ana' }, { name: 'Ana' }]);
    expect(waiting).toEqual([
      {
        attempts: 1,
        dueAt: server.clock.now(),
        failedAt: null,
        lastError: 'Error: Nobody at home',
      },
    ]);
    expect(await jobsOf('greet')).toEqual([]);
  });

  test('wait until they are due', async () => {
    const runs: Date[] = [];
    const runner = runnerWith({ later: async (_: never, now: Date) => void runs.push(now) });
    const dueAt = new Date(server.clock.now().getTime() + MINUTE_MS);
    await run(system, async (tx) => tx.enqueue({ kind: 'later', payload: {}, dueAt }));

    server.clock.advance(MINUTE_MS - 1);
    await runner.runDue();
    server.clock.advance(1);
    await runner.runDue();

    expect(runs).toEqual([dueAt]);
  });

  test('with a key wait once', async () => {
    await run(system, async (tx) => {
      tx.enqueue({ kind: 'tidy', payload: {}, key: 'tidy' });
      tx.enqueue({ kind: 'tidy', payload: {}, key: 'tidy' });
    });
    await run(system, async (tx) => tx.enqueue({ kind: 'tidy', payload: {}, key: 'tidy' }));

    expect(await jobsOf('tidy')).toHaveLength(1);
  });

  test('run once, however many runners look at the same instant', async () => {
    const runs: number[] = [];
    const handlers: JobHandlers = { count: async ({ n }: { n: number }) => void runs.push(n) };
    const numbers = Array.from({ length: 30 }, (_, n) => n);
    await run(system, async (tx) => {
      for (const n of numbers) tx.enqueue({ kind: 'count', payload: { n } });
    });

    const done = await Promise.all(Array.from({ length: 4 }, () => runnerWith(handlers).runDue()));

    expect(runs.toSorted((a, b) => a - b)).toEqual(numbers);
    expect(done.reduce((sum, count) => sum + count, 0)).toBe(30);
  });

  test('are taken by nobody while something has them rest, and afterwards again', async () => {
    const runner = runnerWith({ due: async () => {} });
    await run(system, async (tx) => tx.enqueue({ kind: 'due', payload: {} }));

    const { pool } = server.app.database;
    const during = await whileJobsRest(pool, () => runner.runDue());
    const failed = whileJobsRest(pool, () => Promise.reject(new Error('The demo failed')));

    await expect(failed).rejects.toThrow('The demo failed');
    expect(during).toBe(0);
    expect(await runner.runDue()).toBe(1);
  });

  test('of a process that died are taken by another once the lease is over', async () => {
    const runs: string[] = [];
    const dying = runnerWith({ lease: () => new Promise(() => void runs.push('died')) });
    const next = runnerWith({ lease: async () => void runs.push('done') });
    await run(system, async (tx) => tx.enqueue({ kind: 'lease', payload: {} }));

    void dying.runDue();
    while (runs.length === 0) await server.app.database.db.rows('select 1');
    const during = await next.runDue();
    server.clock.advance(2 * MINUTE_MS);
    const afterwards = await next.runDue();

    expect([during, afterwards]).toEqual([0, 1]);
    expect(runs).toEqual(['died', 'done']);
  });

  test('that fail are tried at growing intervals for about three days, and then stay for a person', async () => {
    const runs: Date[] = [];
    const runner = runnerWith({
      broken: async (_: never, now: Date) => {
        runs.push(now);
        throw new Error('Out of order');
      },
    });
    await run(system, async (tx) => tx.enqueue({ kind: 'broken', payload: {} }));

    await runner.runDue();
    for (let [job] = await jobsOf('broken'); job && !job.failedAt; [job] = await jobsOf('broken')) {
      server.clock.moveTo(job.dueAt);
      await runner.runDue();
    }
    server.clock.advance(DAY_MS);
    await runner.runDue();

    const waits = runs.slice(1).map((at, index) => at.getTime() - (runs[index]?.getTime() ?? 0));
    expect(waits.slice(0, 4)).toEqual([10, 20, 40, 80].map((seconds) => seconds * SECOND_MS));
    expect(Math.max(...waits)).toBe(6 * HOUR_MS);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.reduce((sum, wait) => sum + wait, 0) / DAY_MS).toBeCloseTo(3, 0);
    expect(await jobsOf('broken')).toEqual([
      expect.objectContaining({
        attempts: runs.length,
        failedAt: runs.at(-1),
        lastError: 'Error: Out of order',
      }),
    ]);
  });
});

describe('a prompt job', () => {
  test('does not wait for another one that takes long', async () => {
    const runs: string[] = [];
    let letGo = () => {};
    const handlers: JobHandlers = {
      letter: () => new Promise<void>((resolve) => (letGo = resolve)),
      closing: async () => void runs.push('closing'),
    };
    const { db } = server.app.database;
    const runner = new JobRunner(db, server.clock, log, handlers, [], ['closing']);
    await run(system, async (tx) => tx.enqueue({ kind: 'letter', payload: {} }));
    runner.start();
    while ((await jobsOf('letter'))[0]?.attempts !== 1) await db.rows('select 1');

    await run(system, async (tx) => tx.enqueue({ kind: 'closing', payload: {} }));
    runner.wake();
    while ((await jobsOf('closing')).length > 0) await db.rows('select 1');

    expect(runs).toEqual(['closing']);
    expect(await jobsOf('letter')).toHaveLength(1);
    letGo();
    await runner.stop();
    expect(await jobsOf('letter')).toEqual([]);
  });
});

describe('a key', () => {
  test('is free again when its job is taken: what is asked meanwhile is done afterwards', async () => {
    const runs: string[] = [];
    const ask = (order: string) =>
      run(system, async (tx) => tx.enqueue({ kind: 'count', payload: { order }, key: 'count' }));
    const runner = runnerWith({
      count: async ({ order }: { order: string }) => {
        runs.push(order);
        if (order === 'first') await ask('second');
      },
    });
    await ask('first');

    await runner.runDue();

    expect(runs).toEqual(['first', 'second']);
  });

  test('is free again when its job was given up', async () => {
    const runs: boolean[] = [];
    const runner = runnerWith({
      mend: async ({ isMended }: { isMended: boolean }) => {
        runs.push(isMended);
        if (!isMended) throw new Error('Out of order');
      },
    });
    const ask = (isMended: boolean) =>
      run(system, async (tx) => tx.enqueue({ kind: 'mend', payload: { isMended }, key: 'mend' }));
    await ask(false);
    await runner.runDue();
    await server.app.database.db.execute('update job set failed_at = due_at');

    await ask(true);
    await runner.runDue();

    expect(runs).toEqual([false, true]);
  });
});

describe('a runner that was too slow', () => {
  /** Lets a first run go on only after another runner has taken its job and begun. */
  async function overtaken(isFailing: boolean, recurring: { kind: string; everyMs: number }[] = []) {
    const going: Record<string, () => void> = {};
    const runnerNamed = (name: string) =>
      runnerWith(
        {
          slow: async () => {
            await new Promise<void>((resolve) => (going[name] = resolve));
            if (name === 'late' && isFailing) throw new Error('Too late');
          },
        },
        recurring,
      );
    const begun = async (name: string) => {
      while (!going[name]) await server.app.database.db.rows('select 1');
    };
    const late = runnerNamed('late').runDue(once());
    await begun('late');
    server.clock.advance(2 * MINUTE_MS);
    const other = runnerNamed('other').runDue(once());
    await begun('other');
    going['late']?.();
    await late;
    const between = await jobsOf('slow');
    going['other']?.();
    await other;
    return { between, afterwards: await jobsOf('slow') };
  }

  function once(): () => boolean {
    let isFirst = true;
    return () => isFirst && !(isFirst = false);
  }

  test.each([
    ['when it is done', false],
    ['when it fails', true],
  ])('leaves the job to the one that has it now, %s', async (_, isFailing) => {
    await run(system, async (tx) => tx.enqueue({ kind: 'slow', payload: {} }));

    const { between, afterwards } = await overtaken(isFailing);

    expect(between).toEqual([expect.objectContaining({ attempts: 2, lastError: null })]);
    expect(afterwards).toEqual([]);
  });

  test('does not give a recurring job its next turn', async () => {
    const recurring = [{ kind: 'slow', everyMs: DAY_MS }];
    await runnerWith({}, recurring).schedule();
    server.clock.advance(DAY_MS);

    const { between, afterwards } = await overtaken(false, recurring);

    expect(between).toEqual([expect.objectContaining({ attempts: 2 })]);
    const tomorrow = new Date(server.clock.now().getTime() + DAY_MS);
    expect(afterwards).toEqual([expect.objectContaining({ attempts: 0, dueAt: tomorrow })]);
  });
});
