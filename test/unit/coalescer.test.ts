import { Coalescer, type CoalescerBounds } from '../../src/kernel/coalescer.ts';
import { Overloaded } from '../../src/kernel/errors.ts';

/** A call of the work that is under way until the test ends it. */
interface Call {
  items: string[];
  finish(): void;
  fail(error: unknown): void;
}

let calls: Call[];
let elapsedMs: number;

beforeEach(() => {
  calls = [];
  elapsedMs = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => elapsedMs);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

function given(
  bounds: Partial<CoalescerBounds> = {},
  identity?: (item: string) => string | null,
  touches?: (item: string) => readonly string[],
): Coalescer<string, string> {
  const work = (items: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      calls.push({ items, finish: () => resolve(items.map((item) => `${item}!`)), fail: reject });
    });
  return new Coalescer(work, { batch: 10, lanes: 1, queue: 10, waitMs: 1_000, ...bounds }, identity, touches);
}

/** Ends a call and lets what waits for it go on. */
async function finish(index: number): Promise<void> {
  calls[index]?.finish();
  await settled();
}

async function fail(index: number, error: unknown): Promise<void> {
  calls[index]?.fail(error);
  await settled();
}

// What is answered in one turn of the event loop is followed by what waits in the next one.
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
}

const taken = () => calls.map(({ items }) => items.join(' '));

/** What came of each: the answer, or the name of the error. */
function outcomes(promises: Promise<string>[]): Promise<string[]> {
  return Promise.all(promises.map((promise) => promise.catch((error: Error) => error.name)));
}

test('takes an item at once while a lane is free', () => {
  const coalescer = given({ lanes: 2 });

  void coalescer.run('a');
  void coalescer.run('b');

  expect(taken()).toEqual(['a', 'b']);
});

test('takes together, in their order, what arrived while all lanes were busy', async () => {
  const coalescer = given({ lanes: 2 });
  const answers = outcomes(['a', 'b', 'c', 'd', 'e'].map((item) => coalescer.run(item)));

  await finish(1);
  expect(taken()).toEqual(['a', 'b', 'c d e']);
  await finish(2);
  await finish(0);

  expect(await answers).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
});

test('takes at most so many at once', async () => {
  const coalescer = given({ batch: 2 });
  for (const item of ['a', 'b', 'c', 'd']) void coalescer.run(item);

  await finish(0);
  await finish(1);

  expect(taken()).toEqual(['a', 'b c', 'd']);
});

test('never takes two of one identity in one call, and keeps their order', async () => {
  const coalescer = given({}, (item) => (item === 'z' ? null : item.slice(0, 1)));
  for (const item of ['a', 'b1', 'b2', 'c', 'b3', 'z', 'z']) void coalescer.run(item);

  await finish(0);
  await finish(1);
  await finish(2);

  expect(taken()).toEqual(['a', 'b1 c z z', 'b2', 'b3']);
});

test('keeps back what touches what a call under way touches, and takes others meanwhile', async () => {
  const coalescer = given({ lanes: 2 }, undefined, (item) => [...item]);
  for (const item of ['ab', 'bc', 'de', 'ad', 'f']) void coalescer.run(item);

  expect(taken()).toEqual(['ab', 'de']);
  await finish(1);
  expect(taken()).toEqual(['ab', 'de', 'f']);
  await finish(0);

  expect(taken()).toEqual(['ab', 'de', 'f', 'bc ad']);
});

test('lets nobody overtake who was kept back, where they touch the same', async () => {
  const coalescer = given({ lanes: 2 }, undefined, (item) => [...item]);
  for (const item of ['ab', 'bc', 'cd', 'de', 'x']) void coalescer.run(item);

  expect(taken()).toEqual(['ab', 'x']);
  await finish(0);
  await finish(1);

  expect(taken()).toEqual(['ab', 'x', 'bc cd de']);
});

test('takes those who wait for the same together, so that the other lanes have the others', async () => {
  const coalescer = given({ lanes: 2, batch: 4 }, undefined, (item) => [...item]);
  for (const item of ['x', 'y', 'ha', 'b', 'hc', 'd', 'he', 'f', 'hg', 'i']) void coalescer.run(item);

  await finish(0);
  await finish(1);

  expect(taken()).toEqual(['x', 'y', 'ha hc he hg', 'b d f i']);
});

test('takes whoever stands first before a crowd', async () => {
  const coalescer = given({ lanes: 2, batch: 3 }, undefined, (item) => [...item]);
  for (const item of ['x', 'y', 'a', 'b', 'hc', 'hd', 'he']) void coalescer.run(item);

  await finish(0);
  await finish(1);

  expect(taken()).toEqual(['x', 'y', 'a hc hd', 'b']);
  await finish(2);
  expect(taken().slice(4)).toEqual(['he']);
});

test('lets no crowd overtake who waits for the same as one of it', async () => {
  const coalescer = given({ lanes: 2, batch: 4 }, undefined, (item) => [...item]);
  for (const item of ['x', 'y', 'a', 'bc', 'hb', 'hd', 'he', 'f']) void coalescer.run(item);

  await finish(0);
  await finish(1);

  expect(taken()).toEqual(['x', 'y', 'a bc hb hd', 'f']);
  await finish(2);
  expect(taken().slice(4)).toEqual(['he']);
});

test('keeps nothing back any more for a call that has failed', async () => {
  const coalescer = given({ lanes: 2 }, undefined, (item) => [...item]);
  const answers = outcomes(['ab', 'b'].map((item) => coalescer.run(item)));

  await fail(0, new Error('broken'));
  await finish(1);

  expect(await answers).toEqual(['Error', 'b!']);
});

test('turns away who comes when the queue is full, and does nothing of it', async () => {
  const coalescer = given({ queue: 2 });
  const answers = outcomes(['a', 'b', 'c', 'd', 'e'].map((item) => coalescer.run(item)));

  await finish(0);
  await finish(1);

  expect(await answers).toEqual(['a!', 'b!', 'c!', 'Overloaded', 'Overloaded']);
  expect(taken()).toEqual(['a', 'b c']);
});

test('takes the next one again once there is room in the queue', async () => {
  const coalescer = given({ queue: 1 });
  const answers = outcomes([coalescer.run('a'), coalescer.run('b')]);
  await expect(coalescer.run('c')).rejects.toBeInstanceOf(Overloaded);

  await finish(0);
  const later = coalescer.run('d');
  await finish(1);
  await finish(2);

  expect([...(await answers), await later]).toEqual(['a!', 'b!', 'd!']);
});

test('turns away who has waited longer than the bound, and does nothing of it', async () => {
  const coalescer = given();
  const first = coalescer.run('a');
  const old = outcomes([coalescer.run('b')]);
  elapsedMs = 1;
  const young = coalescer.run('c');

  elapsedMs = 1_001;
  await finish(0);
  await finish(1);

  expect([await first, ...(await old), await young]).toEqual(['a!', 'Overloaded', 'c!']);
  expect(taken()).toEqual(['a', 'c']);
});

test('turns away who has waited longer than the bound while the work hangs', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
  const goOnTo = async (ms: number) => {
    for (; elapsedMs < ms; jest.advanceTimersByTime(1)) elapsedMs++;
    await settled();
  };
  const coalescer = given();
  const turnedAway: string[] = [];
  const run = (item: string) => coalescer.run(item).catch(() => turnedAway.push(item));
  const first = run('a');
  void run('b');
  await goOnTo(400);
  void run('c');
  void run('d');

  const told: string[] = [];
  for (const ms of [1_000, 1_001, 1_400, 1_401]) {
    await goOnTo(ms);
    told.push(`${turnedAway.join(' ')}, ${jest.getTimerCount()} timers`);
  }
  await finish(0);

  expect(told).toEqual([', 1 timers', 'b, 1 timers', 'b, 1 timers', 'b c d, 0 timers']);
  expect(await first).toBe('a!');
  expect(taken()).toEqual(['a']);
});

test('is free again when all who waited have waited too long', async () => {
  const coalescer = given();
  const answers = outcomes([coalescer.run('a'), coalescer.run('b')]);

  elapsedMs = 2_000;
  await finish(0);
  expect(coalescer.isIdle).toBe(true);
  const later = coalescer.run('c');
  await finish(1);

  expect([...(await answers), await later]).toEqual(['a!', 'Overloaded', 'c!']);
});

test('lets one that breaks a call fail alone', async () => {
  const coalescer = given();
  const answers = outcomes(['a', 'b', 'c', 'd'].map((item) => coalescer.run(item)));
  await finish(0);

  await fail(1, new TypeError('c is broken'));
  await finish(2);
  await fail(3, new TypeError('c is broken'));
  await finish(4);

  expect(await answers).toEqual(['a!', 'b!', 'TypeError', 'd!']);
  expect(taken()).toEqual(['a', 'b c d', 'b', 'c', 'd']);
});

test('does not try one by one what failed for want of the database', async () => {
  const coalescer = given();
  const answers = outcomes(['a', 'b', 'c'].map((item) => coalescer.run(item)));
  await finish(0);

  await fail(1, Object.assign(new Error('deadlock detected'), { code: '40P01' }));

  expect(await answers).toEqual(['a!', 'Error', 'Error']);
  expect(taken()).toEqual(['a', 'b c']);
});

test('goes on with the queue after a failure', async () => {
  const coalescer = given({ batch: 1 });
  const answers = outcomes(['a', 'b'].map((item) => coalescer.run(item)));

  await fail(0, new RangeError());
  await finish(1);

  expect(await answers).toEqual(['RangeError', 'b!']);
});

test('is idle only while nothing is under way and nobody waits', async () => {
  const coalescer = given();
  const states = [coalescer.isIdle];

  void coalescer.run('a');
  states.push(coalescer.isIdle);
  void coalescer.run('b');
  await finish(0);
  states.push(coalescer.isIdle);
  await finish(1);
  states.push(coalescer.isIdle);

  expect(states).toEqual([true, false, false, true]);
});
