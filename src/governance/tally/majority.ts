import { parseChoice } from './ballots.ts';
import type { Contest, TallyMethod, TallyResult, Threshold, WeightedVote } from './method.ts';

export const MAJORITY_CHOICES = ['YES', 'NO', 'ABSTAIN'] as const;
export type MajorityChoice = (typeof MAJORITY_CHOICES)[number];

export const MORE_THAN_HALF: Threshold = { numerator: 1n, denominator: 2n, isStrict: true };

/**
 * Yes, no or abstain. Passes if yes reaches `threshold` of `base`: more than a half of the yes and no if nothing else is said.
 * `base` is what was cast without abstentions (`CAST`), with them (`CAST_WITH_ABSTAIN`), or `eligible`, the weight of all who may
 * vote. Nothing passes without a yes.
 */
export const majority: TallyMethod<MajorityChoice> = {
  name: 'MAJORITY',
  ballotKind: 'CHOICE',
  isMultiSeat: false,
  parseBallot: (input) => parseChoice(input, MAJORITY_CHOICES),
  count: countMajority,
};

function countMajority(contest: Contest, votes: readonly WeightedVote<MajorityChoice>[]): TallyResult {
  const sums = weightsByWord(MAJORITY_CHOICES, votes);
  const { threshold = MORE_THAN_HALF } = contest.settings;
  const base = baseOf(contest, sums);
  const needed = leastYes(threshold, base);
  const passes = sums.YES >= needed;
  return {
    method: 'MAJORITY',
    seats: 1,
    quota: needed.toString(),
    winners: passes ? ['YES'] : [],
    rounds: [
      {
        number: 1,
        action: 'TOTALS',
        of: [],
        figures: MAJORITY_CHOICES.map((option) => ({
          option,
          value: sums[option].toString(),
          state: option === 'YES' && passes ? 'ELECTED' : 'EXCLUDED',
        })),
        totals: { base: base.toString(), needed: needed.toString() },
      },
    ],
    tieBreaks: [],
  };
}

/** The weight of those who chose each word. */
export function weightsByWord<Word extends string>(
  words: readonly Word[],
  votes: readonly WeightedVote<Word>[],
): Record<Word, bigint> {
  const sums = Object.fromEntries(words.map((word) => [word, 0n])) as Record<Word, bigint>;
  for (const { vote, weight } of votes) sums[vote] += weight;
  return sums;
}

function baseOf({ settings }: Contest, sums: Record<MajorityChoice, bigint>): bigint {
  const { base = 'CAST', eligible } = settings;
  if (base === 'CAST') return sums.YES + sums.NO;
  if (base === 'CAST_WITH_ABSTAIN') return sums.YES + sums.NO + sums.ABSTAIN;
  if (eligible === undefined) throw new RangeError('a base of ELIGIBLE needs its weight');
  return eligible;
}

/** The least yes that reaches the threshold: it is found without a division that rounds towards passing. */
function leastYes({ numerator, denominator, isStrict }: Threshold, base: bigint): bigint {
  const part = numerator * base;
  const least = isStrict ? part / denominator + 1n : (part + denominator - 1n) / denominator;
  return least > 1n ? least : 1n;
}
