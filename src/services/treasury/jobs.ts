import { after, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import type { RecurringJob } from '../../kernel/jobs.ts';
import type { RunUnit } from '../../kernel/unit-of-work.ts';
import { completeRun, unfinishedRuns } from './charge-runs.ts';
import { collectUnpaid } from './collection.ts';

/** Once a day: runs that were cut off go on, and unpaid dues are tried again. */
export const DAILY_CHARGES: RecurringJob = { kind: 'charges', everyMs: DAY_MS };

/** @returns how many runs were brought to their end, and how many dues were paid */
export async function chargeDaily(
  deps: { db: Db; run: RunUnit },
  now: Date,
): Promise<{ finished: number; paid: number }> {
  // Whoever began one less than an hour ago may still be at it.
  const runs = await unfinishedRuns(deps.db, after(now, -HOUR_MS));
  const system = { kind: 'system', name: 'charges' } as const;
  for (const run of runs) await completeRun((work) => deps.run(system, work), run);
  return { finished: runs.length, paid: await collectUnpaid(deps) };
}
