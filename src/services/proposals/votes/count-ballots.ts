import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { TallyMethodName } from '../../../governance/tally/method.ts';
import { assert } from '../../../kernel/errors.ts';
import { tallyOf, type Poll, type Tally, type WeighedBallot } from './ballots.ts';

/** From how many ballots on a thread of its own counts them, so that nobody else waits for it. */
export const THREAD_FROM = 5_000;
// Few ballots can be hard to count, too, if they are about many projects.
const HARD_METHODS: readonly TallyMethodName[] = ['PB_KNAPSACK', 'PB_EQUAL_SHARES'];
const HARD_FROM = 20;
// So few go over at a time that nobody waits for that either.
const SLICE = 1_000;

/** What the thread is given first; then come the ballots in slices, and null at the end. */
export interface CountingTask {
  poll: Poll;
  seed: string;
}

/** Counts ballots by the rule of a vote. The server answers others meanwhile, however many ballots there are. */
export async function countBallots(
  { rule, options, eligibleWeight }: Poll,
  ballots: readonly WeighedBallot[],
  seed: string,
): Promise<Tally> {
  const poll: Poll = { rule, options, eligibleWeight };
  const isHard = HARD_METHODS.includes(rule.method) && options.length >= HARD_FROM;
  if (!isHard && ballots.length < THREAD_FROM) return tallyOf(poll, ballots, seed);
  const task: CountingTask = { poll, seed };
  // Beside this file in the built program; nothing else counts so many.
  const worker = new Worker(path.join(__dirname, 'counting-thread.js'), { workerData: task });
  const result = new Promise<Tally>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The counting ended without a result')));
  });
  try {
    // What goes wrong while the slices go over is told below.
    result.catch(() => {});
    for (let start = 0; start < ballots.length; start += SLICE) {
      worker.postMessage(ballots.slice(start, start + SLICE).map(({ vote, weight }) => ({ vote, weight })));
      await nextTurn();
    }
    worker.postMessage(null);
    const tally = await result;
    assert(tally.method === rule.method, 'what was asked for was counted');
    return tally;
  } finally {
    await worker.terminate();
  }
}
