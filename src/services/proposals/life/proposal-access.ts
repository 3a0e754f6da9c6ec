import type { Proposal } from '../../../entities/proposal.ts';
import { isPossible, type ProposalStep } from '../../../governance/proposal.ts';
import { authorize, lacksSecondFactor, may, type Subject, type Verdict } from '../../access/may.ts';
import type { Permission } from '../../access/permissions.ts';
import type { Standing } from '../../access/standing.ts';
import { ProposalStateConflict } from '../errors.ts';

/** What can be done with a proposal, beside casting a ballot. */
export type ProposalDeed =
  'amend' | 'open' | 'withdraw' | 'close' | 'retry' | 'veto' | 'facilitate' | 'takeStance' | 'comment';

const PERMISSION: Record<ProposalDeed, Permission> = {
  amend: 'proposal.amend',
  open: 'proposal.open',
  withdraw: 'proposal.withdraw',
  close: 'proposal.close',
  retry: 'proposal.retry',
  veto: 'proposal.veto',
  facilitate: 'proposal.facilitate',
  takeStance: 'stance.take',
  comment: 'proposal.comment',
};

/** @throws ProposalStateConflict if the step does not fit a proposal as it stands */
export function requireStep(proposal: Proposal, step: ProposalStep, now: Date): void {
  if (!isPossible(proposal, step, now)) throw new ProposalStateConflict(proposal.state);
}

/**
 * Goes on only if the actor may do it, whatever the state of the proposal.
 *
 * @throws Unauthenticated, NetworkArchived, or Forbidden with the reason
 */
export function authorizeOnProposal(standing: Standing, proposal: Proposal, deed: ProposalDeed): void {
  authorize(standing, PERMISSION[deed], subjectOf(standing, proposal, deed));
}

/** What the viewer may do with a proposal as it stands. */
export function proposalVerdicts(
  standing: Standing,
  proposal: Proposal,
  now: Date,
): Record<ProposalDeed, Verdict> {
  const verdict = (deed: ProposalDeed): Verdict => {
    const byPerson = may(standing, PERMISSION[deed], subjectOf(standing, proposal, deed));
    if (!byPerson.allowed || deed === 'comment' || isPossible(proposal, deed, now)) return byPerson;
    return { allowed: false, reason: 'NOT_IN_THIS_STATE' };
  };
  return {
    amend: verdict('amend'),
    open: verdict('open'),
    withdraw: verdict('withdraw'),
    close: verdict('close'),
    retry: verdict('retry'),
    veto: verdict('veto'),
    facilitate: verdict('facilitate'),
    takeStance: verdict('takeStance'),
    comment: verdict('comment'),
  };
}

// It is the author's own, who names nobody to rule on objections once they can be raised; and to stop what was decided belongs
// to the office that the rule names.
function subjectOf(standing: Standing, proposal: Proposal, deed: ProposalDeed): Subject {
  if (deed === 'veto') return { isOwn: holdsVeto(standing, proposal) };
  const isOwn = proposal.authorMembershipId === standing.membership?.id;
  return { isOwn: isOwn && (deed !== 'facilitate' || proposal.state === 'DRAFT') };
}

function holdsVeto(standing: Standing, { rule: { vetoRole } }: Proposal): boolean {
  if (!standing.roles.some((role) => role === vetoRole)) return false;
  return vetoRole !== 'TREASURER' || !lacksSecondFactor(standing);
}
