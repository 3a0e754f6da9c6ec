import { parseSpending } from './ballots.ts';
import type { OptionScore, TallyMethod } from './method.ts';
import { electByTotals, totalsOf } from './totals.ts';

/**
 * Each voter has `credits`; n votes for one option cost n² of them. The most votes in sum are elected. There are no votes
 * against an option.
 */
export const quadratic: TallyMethod<readonly OptionScore[]> = {
  name: 'QUADRATIC',
  ballotKind: 'SCORES',
  isMultiSeat: true,
  parseBallot: (input, contest) => parseSpending(input, contest, (votes) => votes * votes),
  count: (contest, votes) => electByTotals('QUADRATIC', contest, totalsOf(contest, votes)),
};
