import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TallyMethodName } from '../src/governance/tally/method.ts';
import { packageRoot } from '../src/kernel/package-root.ts';
import type { Options, Report } from './main.ts';
import { rounded } from './samples.ts';
import type { CountDone, CountOrder } from './tally-count.ts';

const METHODS: readonly TallyMethodName[] = [
  'BORDA',
  'INSTANT_RUNOFF',
  'SCHULZE',
  'STV_SCOTTISH',
  'STV_MEEK',
  'PB_GREEDY',
  'PB_KNAPSACK',
  'PB_EQUAL_SHARES',
];
const MOST_SECONDS = 10;
const MOST_MEGABYTES = 300;

/**
 * How long it takes to count, and how much memory: rankings of a large election in which hardly two are alike, and the
 * participatory budget of a town.
 */
export async function benchTally({ seed = 1 }: Options): Promise<Report> {
  const figures: Record<string, number> = {};
  const broken: string[] = [];
  for (const method of METHODS) {
    const { seconds, megabytes } = await countApart({ method, seed });
    figures[`${method} seconds`] = rounded(seconds);
    figures[`${method} MB`] = Math.round(megabytes);
    if (seconds > MOST_SECONDS)
      broken.push(`${method} took ${rounded(seconds)} seconds, and may take ${MOST_SECONDS}`);
    if (megabytes > MOST_MEGABYTES)
      broken.push(`${method} took ${Math.round(megabytes)} MB, and may take ${MOST_MEGABYTES}`);
  }
  return { figures, broken };
}

async function countApart(order: CountOrder): Promise<CountDone> {
  const child = fork(path.join(packageRoot(), 'dist/bench/tally-count.js'));
  child.send(order);
  const [done] = (await Promise.race([once(child, 'message'), ended(child, order)])) as [CountDone];
  child.disconnect();
  return done;
}

async function ended(child: ReturnType<typeof fork>, { method }: CountOrder): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`The count by ${method} ended with ${code}`);
}
