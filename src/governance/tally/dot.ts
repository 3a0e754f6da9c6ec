import { parseSpending } from './ballots.ts';
import type { OptionScore, TallyMethod } from './method.ts';
import { electByTotals, totalsOf } from './totals.ts';

/** Each voter has `credits` dots and lays them where they like, also several on one option (at most `maxScore`). */
export const dot: TallyMethod<readonly OptionScore[]> = {
  name: 'DOT',
  ballotKind: 'SCORES',
  isMultiSeat: true,
  parseBallot: (input, contest) => parseSpending(input, contest, (dots) => dots),
  count: (contest, votes) => electByTotals('DOT', contest, totalsOf(contest, votes)),
};
