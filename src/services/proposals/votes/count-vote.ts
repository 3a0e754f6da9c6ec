import type { Proposal } from '../../../entities/proposal.ts';
import { decideVote } from '../../../governance/decide.ts';
import type { VoteOutcome } from '../../../governance/outcome.ts';
import { assert } from '../../../kernel/errors.ts';
import type { CastVotes } from './cast-votes.ts';
import { countBallots } from './count-ballots.ts';

/** What is counted. */
type Counted = Pick<CastVotes, 'ballots' | 'participants' | 'participantWeight'>;

/**
 * Says what came of a vote. The same votes and the same seed give the same outcome, whenever it is counted.
 *
 * @param seed of the lot that decides between equals
 */
export async function countVote(proposal: Proposal, cast: Counted, seed: string): Promise<VoteOutcome> {
  const { rule, eligibleWeight } = proposal;
  assert(eligibleWeight, 'an open vote has electors');
  const { ballots, participants, participantWeight } = cast;
  const tally = await countBallots(proposal, ballots, seed);
  const outcome = decideVote({
    tally,
    quorum: rule.quorum,
    eligibleWeight,
    participants,
    participantWeight,
  });
  const { invalidBallots } = tally;
  return invalidBallots > 0 ? { ...outcome, invalidBallots } : outcome;
}
