import { after, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import type { RecurringJob } from '../../kernel/jobs.ts';
import type { RunUnit } from '../../kernel/unit-of-work.ts';
import { completeRun, unfinishedRuns } from './charge-runs.ts';
import { collectUnpaid } from './collection.ts';

/** Once a day: runs that were cut off go on, and unpaid dues are tried again. */
export const DAILY_CHARGES: RecurringJob = { kind: 'charges', everyMs: DAY_MS };

/**
 * A run that fails hinders neither the others nor the dues.
 *
 * @returns how many runs were brought to their end, and how many dues were paid
 * @throws what went wrong first, once all else is done, so that the job is tried again
 */
export async function chargeDaily(
  deps: { db: Db; run: RunUnit },
  now: Date,
): Promise<{ finished: number; paid: number }> {
  const system = { kind: 'system', name: 'charges' } as const;
  const faults: unknown[] = [];
  let finished = 0;
  // Whoever began one less than an hour ago may still be at it.
  for await (const run of unfinishedRuns(deps.db, after(now, -HOUR_MS))) {
    try {
      await completeRun((work) => deps.run(system, work), run);
      finished++;
    } catch (error) {
      faults.push(error);
    }
  }
  const paid = await collectUnpaid(deps).catch((error: unknown) => {
    faults.push(error);
    return 0;
  });
  if (faults.length > 0) throw faults[0];
  return { finished, paid };
}
