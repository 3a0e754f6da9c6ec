import { parseApprovals } from './ballots.ts';
import type { TallyMethod } from './method.ts';
import { asScores, electByTotals, totalsOf } from './totals.ts';

/** Each voter names those that would do; who is named most often is elected. Reads `maxApprovals`. */
export const approval: TallyMethod<readonly string[]> = {
  name: 'APPROVAL',
  ballotKind: 'APPROVALS',
  isMultiSeat: true,
  parseBallot: parseApprovals,
  count: (contest, votes) => electByTotals('APPROVAL', contest, totalsOf(contest, asScores(votes))),
};
