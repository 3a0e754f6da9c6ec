/** What one round of one way of doing it gave. Times are in milliseconds. */
export interface Sample {
  perSecond: number;
  p50: number;
  p99: number;
  /** How many were answered in another way than they should be. */
  failed: number;
}

/**
 * Lets clients do something again and again for a while, each beginning anew when it is done.
 *
 * @param one does it once for the client with this number; false if the answer was wrong
 */
export async function load(
  { clients, seconds }: { clients: number; seconds: number },
  one: (client: number) => Promise<boolean>,
): Promise<Sample> {
  const times: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const work = async (client: number): Promise<void> => {
    for (let begun = performance.now(); begun < until;) {
      if (!(await one(client))) failed++;
      const now = performance.now();
      times.push(now - begun);
      begun = now;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
  const elapsed = performance.now() - startedAt;
  const sorted = Float64Array.from(times).toSorted();
  const perSecond = ((times.length - failed) / elapsed) * 1_000;
  return { perSecond, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), failed };
}

export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).toSorted(), 0.5);
}

function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** Three digits that matter. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
