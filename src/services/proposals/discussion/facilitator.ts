import { Objection } from '../../../entities/objection.ts';
import { Proposal } from '../../../entities/proposal.ts';
import { NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { holdActiveMember } from '../signatures/active-member.ts';
import { FacilitatorIsAuthor, NotByConsent, ObjectionConflict } from './discussion-errors.ts';
import { authorizeOnProposal, requireStep } from '../life/proposal-access.ts';
import { lockProposal, standingAmongVoters, type NamedProposal } from '../life/take-proposal.ts';

export interface SetFacilitator extends NamedProposal {
  membershipId?: string | null;
}

/**
 * Says who looks after the consent on a proposal and rules on objections: an active member, never the author; nobody if none is
 * named. The author says so before the vote opens, and a coordinator until it closes. While an objection stands, the author does
 * not choose who rules on it, also not as a coordinator.
 *
 * @throws Forbidden, NotFound, NotByConsent, ProposalStateConflict, ObjectionConflict BY_AUTHOR, MembershipStateConflict,
 *   FacilitatorIsAuthor, InvalidInput INVALID_ID
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
  authorizeOnProposal(standing, named, 'facilitate');
  const facilitatorMembershipId = command.membershipId ?? null;
  if (facilitatorMembershipId !== null) await holdActiveMember(tx, networkId, facilitatorMembershipId);
  if (facilitatorMembershipId === authorMembershipId) throw new FacilitatorIsAuthor();
  const proposal = await lockProposal(tx, networkId, id);
  if (proposal.rule.method !== 'CONSENT') throw new NotByConsent();
  requireStep(proposal, 'facilitate', tx.now);
  authorizeOnProposal(standing, proposal, 'facilitate');
  const isByAuthor = authorMembershipId === standing.membership?.id;
  const standingObjection = { networkId, proposalId: id, state: 'RAISED' as const };
  if (isByAuthor && (await tx.db.exists(Objection, standingObjection)))
    throw new ObjectionConflict('BY_AUTHOR');
  await tx.db.update(Proposal, { networkId, id }, { facilitatorMembershipId });
  const data = { membershipId: facilitatorMembershipId };
  tx.emit({ networkId, kind: 'FacilitatorSet', subjectId: id, data });
  return { ...proposal, facilitatorMembershipId };
}
