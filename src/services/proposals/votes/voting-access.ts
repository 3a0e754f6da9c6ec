import type { DenialReason } from '../../../entities/denial-reason.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { isPast, isPossible, stepFrom } from '../../../governance/proposal.ts';
import { may, type Verdict } from '../../access/may.ts';
import { isHelping, type Standing } from '../../access/standing.ts';

/** What a member does in a vote, and closing it before its time, which depends on what was cast. */
export type VotingDeed = 'castBallot' | 'takeStance' | 'close';

/** What is known of the vote beside the proposal. */
export interface VoteSoFar {
  isElector: boolean;
  /** Whether the viewer has voted; null where a helper is not told. */
  hasVoted: boolean | null;
  /** How many have voted; null where that is told to nobody. */
  ballotCount: number | null;
}

/** What the viewer may do in the vote as it stands. */
export function votingVerdicts(
  standing: Standing,
  proposal: Proposal,
  { isElector, hasVoted, ballotCount, now }: VoteSoFar & { now: Date },
): Record<VotingDeed, Verdict> {
  const byElectors = (fits: boolean): DenialReason | null =>
    fits ? (isElector ? null : 'NOT_AN_ELECTOR') : 'NOT_IN_THIS_STATE';
  const isInTheBox = hasVoted === true && proposal.rule.isSecret;
  // Nobody could tell later whom a secret ballot of a helper was for.
  const isForbidden = isHelping(standing) && proposal.rule.isSecret;
  const isOwn = proposal.authorMembershipId === standing.membership?.id;
  return {
    castBallot: withReason(
      isForbidden ? NOT_YOURS : may(standing, 'ballot.cast'),
      byElectors(isPossible(proposal, 'vote', now)) ?? (isInTheBox ? 'ALREADY_VOTED' : null),
    ),
    takeStance: withReason(may(standing, 'stance.take'), byElectors(isPossible(proposal, 'takeStance', now))),
    close: withReason(
      may(standing, 'proposal.close', { isOwn }),
      isClosable(proposal, ballotCount, now) ? null : 'NOT_IN_THIS_STATE',
    ),
  };
}

const NOT_YOURS: Verdict = { allowed: false, reason: 'NOT_YOURS' };

function withReason(byPerson: Verdict, reason: DenialReason | null): Verdict {
  return byPerson.allowed && reason ? { allowed: false, reason } : byPerson;
}

/** Whether closing it now would be accepted: its time is over, or all have voted and its rule allows it. */
function isClosable(
  { state, rule, closesAt, eligibleCount }: Proposal,
  ballotCount: number | null,
  now: Date,
): boolean {
  if (stepFrom(state, 'close').length === 0) return false;
  if (isPast(closesAt, now)) return true;
  return rule.allowsEarlyClose && !rule.isSecret && ballotCount === eligibleCount;
}
