import type { Proposal } from '../../entities/proposal.ts';
import { contestOf } from '../../governance/contest.ts';
import { decideVote } from '../../governance/decide.ts';
import type { VoteOutcome } from '../../governance/outcome.ts';
import { tallyMethod } from '../../governance/tally/index.ts';
import { assert } from '../../kernel/errors.ts';
import { lotOf } from '../../kernel/lot.ts';
import type { CastVotes } from './cast-votes.ts';

/** What is counted. */
type Counted = Pick<CastVotes, 'votes' | 'participants' | 'participantWeight'>;

/**
 * Says what came of a vote. The same votes and the same seed give the same outcome, whenever it is counted.
 *
 * @param seed of the lot that decides between equals
 */
export function countVote(proposal: Proposal, cast: Counted, seed: string): VoteOutcome {
  const { rule, eligibleWeight } = proposal;
  assert(eligibleWeight, 'an open vote has electors');
  const { votes, participants, participantWeight } = cast;
  const tally = tallyMethod(rule.method).count(contestOf(proposal, lotOf(seed)), votes);
  return decideVote({
    tally,
    quorum: rule.quorum,
    eligibleWeight,
    participants,
    participantWeight,
    openObjections: 0,
  });
}
