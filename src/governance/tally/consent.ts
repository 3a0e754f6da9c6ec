import { parsed, unaskedParts } from './ballots.ts';
import { weightsByWord } from './majority.ts';
import type { BallotInput, Contest, ParsedBallot, TallyMethod, TallyResult, WeightedVote } from './method.ts';

export const STANCES = ['CONSENT', 'ABSTAIN', 'OBJECT'] as const;
export type Stance = (typeof STANCES)[number];

/**
 * Consent, stand aside or object. One objection stops a proposal, whatever weight it has; without any it passes if somebody
 * consents. An objection needs a reason, since only what is said can be answered.
 */
export const consent: TallyMethod<Stance> = {
  name: 'CONSENT',
  ballotKind: 'CHOICE',
  isMultiSeat: false,
  parseBallot: parseStance,
  count: countConsent,
};

function parseStance(input: BallotInput): ParsedBallot<Stance> {
  const faults = unaskedParts(input, ['choice', 'reason']);
  const stance = STANCES.find((each) => each === input.choice);
  if (!stance) {
    const code = input.choice === undefined ? 'EMPTY_BALLOT' : 'UNKNOWN_OPTION';
    return { faults: [...faults, { code, path: 'choice' }] };
  }
  const hasReason = (input.reason ?? '').trim() !== '';
  if (stance === 'OBJECT' && !hasReason) faults.push({ code: 'REASON_MISSING', path: 'reason' });
  return parsed(faults, stance);
}

function countConsent(_contest: Contest, votes: readonly WeightedVote<Stance>[]): TallyResult {
  const sums = weightsByWord(STANCES, votes);
  const passes = sums.OBJECT === 0n && sums.CONSENT > 0n;
  return {
    method: 'CONSENT',
    seats: 1,
    quota: null,
    winners: passes ? ['YES'] : [],
    rounds: [
      {
        number: 1,
        action: 'TOTALS',
        of: [],
        figures: STANCES.map((option) => ({
          option,
          value: sums[option].toString(),
          state: option === 'CONSENT' && passes ? 'ELECTED' : 'EXCLUDED',
        })),
        totals: {},
      },
    ],
    tieBreaks: [],
  };
}
