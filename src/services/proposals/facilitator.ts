import { Proposal } from '../../entities/proposal.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { holdActiveMember } from './active-member.ts';
import { FacilitatorIsAuthor, NotByConsent } from './discussion-errors.ts';
import { ProposalStateConflict } from './errors.ts';
import { isAmendable } from './proposal-access.ts';
import { lockProposal, standingAmongVoters, type NamedProposal } from './take-proposal.ts';

export interface SetFacilitator extends NamedProposal {
  membershipId?: string | null;
}

/**
 * Says who looks after the consent on a proposal and rules on objections: an active member, never the author; nobody if none is
 * named.
 *
 * @throws Forbidden unless one is the author or a coordinator, NotFound, NotByConsent, ProposalStateConflict,
 *   MembershipStateConflict, FacilitatorIsAuthor, InvalidInput INVALID_ID
 * @emits FacilitatorSet
 */
export async function setFacilitator(tx: Tx, command: SetFacilitator): Promise<Proposal> {
  const standing = await standingAmongVoters(tx, command.networkId, 'shared');
  const { id: networkId } = standing.network;
  const id = requireId('proposal', command.proposalId, 'proposalId');
  // Its author never changes. Members are held before it, and what does change is read when it is locked.
  const named = await tx.db.one(Proposal, { networkId, id });
  if (!named) throw new NotFound('Proposal');
  const { authorMembershipId } = named;
  authorize(standing, 'proposal.facilitate', { isOwn: authorMembershipId === standing.membership?.id });
  const facilitatorMembershipId = command.membershipId ?? null;
  if (facilitatorMembershipId !== null) await holdActiveMember(tx, networkId, facilitatorMembershipId);
  if (facilitatorMembershipId === authorMembershipId) throw new FacilitatorIsAuthor();
  const proposal = await lockProposal(tx, networkId, id);
  if (proposal.rule.method !== 'CONSENT') throw new NotByConsent();
  if (!isAmendable(proposal, tx.now)) throw new ProposalStateConflict(proposal.state);
  await tx.db.update(Proposal, { networkId, id }, { facilitatorMembershipId });
  const data = { membershipId: facilitatorMembershipId };
  tx.emit({ networkId, kind: 'FacilitatorSet', subjectId: id, data });
  return { ...proposal, facilitatorMembershipId };
}
