import type { DenialReason } from '../../../entities/denial-reason.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { may, type Verdict } from '../../access/may.ts';
import { isHelping, type Standing } from '../../access/standing.ts';
import { isOpenConsent, isPast } from '../life/proposal-access.ts';

/** What a member does in a vote, and closing it before its time, which depends on what was cast. */
export type VotingDeed = 'castBallot' | 'takeStance' | 'close';

/** What is known of the vote beside the proposal. */
export interface VoteSoFar {
  isElector: boolean;
  /** How many have voted; null where that is told to nobody. */
  ballotCount: number | null;
}

/** What the viewer may do in the vote as it stands. */
export function votingVerdicts(
  standing: Standing,
  proposal: Proposal,
  { isElector, ballotCount, now }: VoteSoFar & { now: Date },
): Record<VotingDeed, Verdict> {
  const { state, rule, closesAt } = proposal;
  const isOpen = state === 'OPEN' && !isPast(closesAt, now);
  const byElectors = (isPossible: boolean): DenialReason | null =>
    isPossible ? (isElector ? null : 'NOT_AN_ELECTOR') : 'NOT_IN_THIS_STATE';
  // Nobody could tell later whom a secret ballot of a helper was for.
  const isForbidden = isHelping(standing) && rule.isSecret;
  const isOwn = proposal.authorMembershipId === standing.membership?.id;
  return {
    castBallot: withReason(
      isForbidden ? NOT_YOURS : may(standing, 'ballot.cast'),
      byElectors(isOpen && rule.method !== 'CONSENT' && rule.method !== 'SORTITION'),
    ),
    takeStance: withReason(may(standing, 'stance.take'), byElectors(isOpenConsent(proposal, now))),
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
  if (state !== 'OPEN') return false;
  if (isPast(closesAt, now)) return true;
  return rule.allowsEarlyClose && !rule.isSecret && ballotCount === eligibleCount;
}
