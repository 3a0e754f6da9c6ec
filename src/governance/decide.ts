import { fractionOf, reaches } from './fractions.ts';
import type { OutcomeReason, VoteOutcome } from './outcome.ts';
import type { TallyResult } from './tally/method.ts';

/** What is known when a vote closes. */
export interface ClosedVote {
  tally: TallyResult;
  /** The least turnout as the rule states it, such as `1/3`. */
  quorum: string;
  /** Weight of all who may vote. */
  eligibleWeight: bigint;
  /** How many took part, themselves or by delegation, and with which weight. */
  participants: number;
  participantWeight: bigint;
}

/**
 * Says what came of a vote. First somebody must have taken part, then enough, then nobody may object, and then the tally
 * decides. Abstentions are a part in the vote. A lot needs no voters, unless its rule asks for a turnout.
 */
export function decideVote(vote: ClosedVote): VoteOutcome {
  const { tally } = vote;
  const reason = reasonOf(vote);
  return {
    isPassed: reason === 'PASSED',
    reason,
    participants: vote.participants,
    participantWeight: vote.participantWeight.toString(),
    winners: tally.winners,
    quota: tally.quota,
    rounds: tally.rounds,
    tieBreaks: tally.tieBreaks,
    budget: tally.budget?.budget.toString() ?? null,
    spent: tally.budget?.spent.toString() ?? null,
  };
}

function reasonOf(vote: ClosedVote): OutcomeReason {
  const { tally, participants } = vote;
  if (tally.method !== 'SORTITION' && participants === 0) return 'NOBODY_VOTED';
  if (!isQuorate(vote)) return 'QUORUM_NOT_MET';
  if (hasObjections(tally)) return 'OBJECTION_OPEN';
  if (tally.isTooHard) return 'TOO_HARD_TO_COUNT';
  if (tally.winners.length > 0) return 'PASSED';
  return tally.method === 'MAJORITY' ? 'THRESHOLD_NOT_MET' : 'NO_WINNER';
}

/** Whether enough took part: exactly the fraction is enough. */
export function isQuorate(
  vote: Pick<ClosedVote, 'quorum' | 'eligibleWeight' | 'participantWeight'>,
): boolean {
  return reaches(vote.participantWeight, vote.eligibleWeight, fractionOf(vote.quorum));
}

function hasObjections({ method, rounds }: TallyResult): boolean {
  if (method !== 'CONSENT') return false;
  return rounds.some(({ figures }) =>
    figures.some(({ option, value }) => option === 'OBJECT' && value !== '0'),
  );
}
