import type { Actor } from '../src/kernel/actor.ts';
import { DomainError, OutcomeUnknown } from '../src/kernel/errors.ts';
import { once } from '../src/kernel/idempotency.ts';
import { newId } from '../src/kernel/ids.ts';
import { unitOfWork, type Reactions, type RunUnit, type Tx } from '../src/kernel/unit-of-work.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const system: Actor = { kind: 'system', name: 'test' };
const person: Actor = {
  kind: 'person',
  personId: newId('person'),
  address: '127.0.0.1',
  isAdministrator: false,
  credential: { kind: 'session', sessionId: newId('session'), hasSecondFactor: false },
  actingForMembershipId: newId('membership'),
};

class Refused extends DomainError {
  constructor() {
    super('INVALID_CHOICE', 'This is refused.');
  }
}

function unitWith(reactions: Reactions, onCommit: () => void = () => {}): RunUnit {
  return unitOfWork({ database: server.app.database, clock: server.clock, reactions, onCommit });
}

// A table that no rule looks at serves as the thing that is written.
const write = (tx: Tx, key: string) => tx.db.execute('insert into throttle values ($1, 0, null)', [key]);
const read = (key: string) =>
  server.app.database.db.row<{ points: number }>('select points from throttle where key = $1', [key]);
const raise = (tx: Tx, key: string) =>
  tx.db.execute('update throttle set points = points + 1 where key = $1', [key]);

const eventsOf = (networkId: string) =>
  server.app.database.db.rows<{ kind: string }>(
    `select kind, subject_id, actor_person_id, acting_for_membership_id, actor_system, data, at from event
      where network_id = $1 order by id`,
    [networkId],
  );
const jobsOf = (kind: string) =>
  server.app.database.db.rows<{ attempts: number }>(
    'select attempts, due_at, failed_at, last_error from job where kind = $1 order by id',
    [kind],
  );

describe('a unit of work', () => {
  test('stores rows, events and jobs together, and tells of the jobs after the commit', async () => {
    const networkId = newId('network');
    const told: boolean[] = [];
    const run = unitWith({}, () => told.push(true));

    const result = await run(system, async (tx) => {
      await write(tx, networkId);
      tx.emit({ networkId, kind: 'Happened', subjectId: networkId, data: { count: 2 } });
      tx.enqueue({ kind: networkId, payload: {} });
      expect(told).toEqual([]);
      return 'done';
    });

    expect(result).toBe('done');
    expect(await read(networkId)).toEqual({ points: 0 });
    expect(await eventsOf(networkId)).toEqual([
      {
        kind: 'Happened',
        subjectId: networkId,
        actorPersonId: null,
        actingForMembershipId: null,
        actorSystem: 'test',
        data: { count: 2 },
        at: server.clock.now(),
      },
    ]);
    expect(await jobsOf(networkId)).toHaveLength(1);
    expect(told).toEqual([true]);
  });

  test('leaves nothing when its work fails', async () => {
    const networkId = newId('network');
    const told: boolean[] = [];

    const attempt = unitWith({}, () => told.push(true))(system, async (tx) => {
      await write(tx, networkId);
      tx.emit({ networkId, kind: 'Happened', subjectId: networkId });
      tx.enqueue({ kind: networkId, payload: {} });
      throw new Refused();
    });

    await expect(attempt).rejects.toThrow(Refused);
    expect(await read(networkId)).toBeUndefined();
    expect(await eventsOf(networkId)).toEqual([]);
    expect(await jobsOf(networkId)).toEqual([]);
    expect(told).toEqual([]);
  });

  test('writes who acted and for whom into every event', async () => {
    const networkId = newId('network');

    await unitWith({})(person, async (tx) => {
      tx.emit({ networkId, kind: 'First', subjectId: networkId });
      tx.emit({ networkId, kind: 'Second', subjectId: networkId });
    });

    const names = {
      actorPersonId: person.personId,
      actingForMembershipId: person.actingForMembershipId,
      actorSystem: null,
    };
    expect(await eventsOf(networkId)).toEqual([
      expect.objectContaining({ kind: 'First', ...names }),
      expect.objectContaining({ kind: 'Second', ...names }),
    ]);
  });

  test('tries again what the database asks to try again, three times at most', async () => {
    let tries = 0;
    const fail = (code: string) =>
      unitWith({})(system, async () => {
        tries++;
        throw Object.assign(new Error('not now'), { code });
      });

    await expect(fail('40001')).rejects.toThrow('not now');
    const afterConflict = tries;
    await expect(fail('23505')).rejects.toThrow('not now');

    expect(afterConflict).toBe(3);
    expect(tries).toBe(4);
  });

  test('does not try a refusal again', async () => {
    let tries = 0;

    const attempt = unitWith({})(system, async () => {
      tries++;
      throw new OutcomeUnknown();
    });

    await expect(attempt).rejects.toThrow(OutcomeUnknown);
    expect(tries).toBe(1);
  });

  test('gives its connection back, however it ends', async () => {
    const { pool } = server.app.database;
    const run = unitWith({});
    const units = Array.from({ length: 40 }, (_, index) =>
      run(system, async (tx) => {
        await tx.db.rows('select 1');
        if (index % 2 === 0) throw new Refused();
      }),
    );

    await Promise.allSettled(units);

    expect(pool.waitingCount).toBe(0);
    expect(pool.idleCount).toBe(pool.totalCount);
  });
});

test('two units that lock each other out both come to their end', async () => {
  const [a, b] = [newId('network'), newId('network')];
  const run = unitWith({});
  await run(system, async (tx) => {
    await write(tx, a);
    await write(tx, b);
  });
  const tries = { ab: 0, ba: 0 };
  const haveBoth = barrier(2);
  const cross = (name: 'ab' | 'ba', [first, second]: [string, string]) =>
    run(system, async (tx) => {
      tries[name]++;
      await raise(tx, first);
      // Only the first try waits for the other: then each holds what the other wants.
      if (tries[name] === 1) await haveBoth();
      await raise(tx, second);
      tx.emit({ networkId: a, kind: 'Raised', subjectId: b });
    });

  await Promise.all([cross('ab', [a, b]), cross('ba', [b, a])]);

  expect(tries.ab + tries.ba).toBe(3);
  expect([await read(a), await read(b)]).toEqual([{ points: 2 }, { points: 2 }]);
  expect(await eventsOf(a)).toHaveLength(2);
});

/** Lets its callers go on once so many of them wait. */
function barrier(size: number): () => Promise<void> {
  let waiting = 0;
  let open: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return () => {
    if (++waiting === size) open();
    return opened;
  };
}

describe('reactions', () => {
  test('run in the same transaction, in order, and to facts of other reactions too', async () => {
    const networkId = newId('network');
    const order: string[] = [];
    const reactions: Reactions = {
      First: [
        async (tx) => {
          order.push('first, once');
          tx.emit({ networkId, kind: 'Third', subjectId: networkId });
        },
        async () => void order.push('first, twice'),
      ],
      Second: [async () => void order.push('second')],
      Third: [async (tx, event) => void order.push(`third, ${await write(tx, event.subjectId)} row`)],
    };

    await unitWith(reactions)(system, async (tx) => {
      tx.emit({ networkId, kind: 'First', subjectId: networkId });
      tx.emit({ networkId, kind: 'Second', subjectId: networkId });
      order.push('work');
    });

    expect(order).toEqual(['work', 'first, once', 'first, twice', 'second', 'third, 1 row']);
    expect((await eventsOf(networkId)).map(({ kind }) => kind)).toEqual(['First', 'Second', 'Third']);
    expect(await read(networkId)).toEqual({ points: 0 });
  });

  test('may refuse all that was done', async () => {
    const networkId = newId('network');
    const reactions: Reactions = {
      Happened: [
        async () => {
          throw new Refused();
        },
      ],
    };

    const attempt = unitWith(reactions)(system, async (tx) => {
      await write(tx, networkId);
      tx.emit({ networkId, kind: 'Happened', subjectId: networkId });
      tx.enqueue({ kind: networkId, payload: {} });
    });

    await expect(attempt).rejects.toThrow(Refused);
    expect(await read(networkId)).toBeUndefined();
    expect(await eventsOf(networkId)).toEqual([]);
    expect(await jobsOf(networkId)).toEqual([]);
  });
});

describe('an idempotency key', () => {
  const networkId = newId('network');
  const keysOf = (key: string) =>
    server.app.database.db.rows('select result_id from idempotency_key where key = $1', [key]);

  interface Asked {
    key: string;
    content?: object;
    operation?: string;
    actor?: Actor;
  }

  /** Writes a row under a fresh id, once for the key. */
  function doOnce(
    { key, content = { amount: '1' }, operation = 'write', actor = person }: Asked,
    before?: () => Promise<void>,
  ): Promise<string> {
    return unitWith({})(actor, (tx) =>
      once(tx, {
        networkId,
        key,
        operation,
        content,
        work: async () => {
          await before?.();
          const id = newId('transfer');
          await write(tx, id);
          return { id, result: id };
        },
        again: async (id) => id,
      }),
    );
  }

  test('answers a repetition with what was made the first time', async () => {
    const first = await doOnce({ key: 'a', content: { amount: '1', note: null, lines: [{ x: 1, y: 2 }] } });
    const again = await doOnce({ key: 'a', content: { lines: [{ y: 2, x: 1 }], amount: '1' } });

    expect(again).toBe(first);
    expect(await keysOf('a')).toEqual([{ resultId: first }]);
  });

  test.each([
    ['other content', { content: { amount: '2' } }],
    ['another operation', { operation: 'erase' }],
    ['content in another order of items', { content: { amount: ['1', '2'] } }],
  ])('is refused with %s', async (_, change) => {
    const key = `refused with ${JSON.stringify(change)}`;
    await doOnce({ key, content: { amount: ['2', '1'] } });

    await expect(doOnce({ key, content: { amount: ['2', '1'] }, ...change })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test('belongs to the person who sends it', async () => {
    const other: Actor = { ...person, personId: newId('person') };

    const ids = [await doOnce({ key: 'mine' }), await doOnce({ key: 'mine', actor: other })];

    expect(new Set(ids).size).toBe(2);
  });

  test('that a helper sent for one member is refused for another', async () => {
    const forAnother: Actor = { ...person, actingForMembershipId: newId('membership') };
    await doOnce({ key: 'helper' });

    await expect(doOnce({ key: 'helper', actor: forAnother })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  test('is not used up by a refusal', async () => {
    const refusal = doOnce({ key: 'b' }, async () => {
      throw new Refused();
    });

    await expect(refusal).rejects.toThrow(Refused);
    expect(await keysOf('b')).toEqual([]);
    const made = await doOnce({ key: 'b', content: { amount: '5' } });
    expect(await keysOf('b')).toEqual([{ resultId: made }]);
  });

  test('lets one of many equal requests work and the others wait for it', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => doOnce({ key: 'crowd' })));

    expect(new Set(ids).size).toBe(1);
    const rows = await server.app.database.db.rows('select key from throttle where key = any($1)', [ids]);
    expect(rows).toHaveLength(1);
  });
});
