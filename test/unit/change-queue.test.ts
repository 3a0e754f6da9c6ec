import { ChangeQueue, TooFarBehind } from '../../src/kernel/change-queue.ts';

let ended: number;
let queue: ChangeQueue;
beforeEach(() => {
  ended = 0;
  queue = new ChangeQueue(() => ended++);
});

const over = { done: true, value: undefined };

test('hands out what was put in, in order, and waits for more', async () => {
  queue.push('a');
  queue.push('b');
  const taken = [await queue.next(), await queue.next()];
  const third = queue.next();
  queue.push('c');

  expect([...taken, await third].map(({ value }) => value as string)).toEqual(['a', 'b', 'c']);
});

test('holds an id once while it waits, and again after it was taken', async () => {
  for (const id of ['a', 'b', 'a']) queue.push(id);
  const first = await queue.next();
  queue.push('a');

  expect([first, await queue.next(), await queue.next()].map(({ value }) => value as string)).toEqual([
    'a',
    'b',
    'a',
  ]);
});

test('dismisses a reader who falls a thousand behind', async () => {
  for (let index = 0; index < 1_000; index++) queue.push(`${index}`);
  queue.push('7');
  expect(ended).toBe(0);
  queue.push('one too many');

  await expect(queue.next()).rejects.toThrow(TooFarBehind);
  expect(await queue.next()).toEqual(over);
  expect(ended).toBe(1);
});

test.each([
  ['a reader who waits', true],
  ['a reader who comes later', false],
])('tells %s of a failure, once', async (_name, isWaiting) => {
  const waiting = isWaiting ? queue.next() : null;
  queue.fail(new Error('away'));

  await expect(waiting ?? queue.next()).rejects.toThrow('away');
  expect(await queue.next()).toEqual(over);
  expect(ended).toBe(1);
});

test('ends at once for a reader who waits', async () => {
  const waiting = queue.next();
  await queue.return();
  queue.push('late');

  expect(await waiting).toEqual(over);
  expect(await queue.next()).toEqual(over);
  expect(ended).toBe(1);
});
