import { shareOf } from '../../kernel/rates.ts';

/** What a policy says of demurrage. */
export interface DemurrageTerms {
  /** Millionths of what is above the exempt amount. */
  ppm: number;
  exemptMinor: bigint;
}

/**
 * What an account gives for one period, rounded down.
 *
 * Linear within a year: what it has already given in the year counts as if it were still there, so that each period takes
 * the same from a balance that rests. Never more than what now lies above the exempt amount.
 */
export function demurrageOf(
  { balanceMinor, givenMinor }: { balanceMinor: bigint; givenMinor: bigint },
  { ppm, exemptMinor }: DemurrageTerms,
): bigint {
  const above = balanceMinor - exemptMinor;
  if (above <= 0n) return 0n;
  const share = shareOf(above + givenMinor, ppm);
  return share < above ? share : above;
}
