import { parseScores } from './ballots.ts';
import type { OptionScore, TallyMethod } from './method.ts';
import { electByTotals, totalsOf } from './totals.ts';

/**
 * Each voter gives from 0 to `maxScore` whole points to each option; the most points in sum are elected. Who is not named
 * gets nothing.
 */
export const score: TallyMethod<readonly OptionScore[]> = {
  name: 'SCORE',
  ballotKind: 'SCORES',
  isMultiSeat: true,
  parseBallot: (input, contest) => parseScores(input, contest, contest.settings.maxScore),
  count: (contest, votes) => electByTotals('SCORE', contest, totalsOf(contest, votes)),
};
