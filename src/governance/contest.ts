import { decimalsOf, minorOf } from './decimals.ts';
import { fractionOf } from './fractions.ts';
import type { Contest, Lot, TallySettings } from './tally/method.ts';
import type { VotingRule } from './voting-rule.ts';

// Who writes a budget of billions for four voters must not keep the server counting for hours.
const MOST_STEPS = 10_000;
// The same for costs and points that are made so that nearly every set of projects is a candidate: a second or two.
const MOST_CHOICES = 500_000;

/** A vote as it is kept, before it is counted. */
export interface Poll {
  rule: VotingRule;
  options: readonly PollOption[];
  /** Weight of all who may vote; null while that is not fixed. */
  eligibleWeight: bigint | null;
}

export interface PollOption {
  id: string;
  /** A decimal number of the unit; null for what costs nothing. */
  cost: string | null;
  isWithdrawn: boolean;
}

/** What a way of counting is told of a vote. Costs are counted in the finest decimals in which any of them is written. */
export function contestOf({ rule, options, eligibleWeight }: Poll, lot: Lot): Contest {
  const scale = scaleOf({ rule, options });
  return {
    options: options.map(({ id, cost, isWithdrawn }) => ({
      id,
      isWithdrawn,
      ...(cost !== null && { cost: minorOf(cost, scale) }),
    })),
    seats: rule.seats,
    lot,
    settings: {
      ...settingsOf(rule),
      ...(eligibleWeight !== null && { eligible: eligibleWeight }),
      ...(rule.budget !== null && {
        budget: minorOf(rule.budget, scale),
        // Shares grow by a whole unit, so that 5000.00 is counted like 5000.
        increment: 10n ** BigInt(scale),
        mostSteps: MOST_STEPS,
        mostChoices: MOST_CHOICES,
      }),
    },
  };
}

/** In how many decimals budget and costs are counted, and results are kept. */
export function scaleOf({ rule, options }: Pick<Poll, 'rule' | 'options'>): number {
  const amounts = [rule.budget, ...options.map(({ cost }) => cost)].filter((amount) => amount !== null);
  return Math.max(0, ...amounts.map(decimalsOf));
}

function settingsOf({ threshold, base, maxScore, credits }: VotingRule): TallySettings {
  return {
    threshold: fractionOf(threshold),
    base,
    ...(maxScore !== null && { maxScore }),
    ...(credits !== null && { credits }),
  };
}
