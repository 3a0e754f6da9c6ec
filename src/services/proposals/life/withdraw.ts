import { Proposal } from '../../../entities/proposal.ts';
import { InvalidInput, NotFound } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { isElection } from './draft.ts';
import { NoChoice, ProposalStateConflict } from '../errors.ts';
import { moveProposal } from './freeze.ts';
import { standingOptions } from './options.ts';
import { requireStep } from './proposal-access.ts';
import { lockProposal, standingAmongVoters, takeProposal, type NamedProposal } from './take-proposal.ts';

/**
 * Takes a proposal back, before it is opened or while members vote on it; what was voted counts for nothing then. That is for
 * the author alone: whoever else could do it could stop any vote.
 *
 * @throws Forbidden, NotFound, ProposalStateConflict
 * @emits ProposalWithdrawn
 */
export async function withdrawProposal(tx: Tx, command: NamedProposal): Promise<Proposal> {
  const { proposal } = await takeProposal(tx, command, 'withdraw');
  const { networkId, id } = proposal;
  requireStep(proposal, 'withdraw', tx.now);
  const withdrawn = await moveProposal(tx, proposal, { state: 'WITHDRAWN' });
  tx.emit({ networkId, kind: 'ProposalWithdrawn', subjectId: id });
  return withdrawn;
}

export interface WithdrawOption extends NamedProposal {
  optionId: string;
}

/**
 * Takes an option from the ballot. A candidacy is the candidate's own, before and while members vote; other options are the
 * author's, who may not choose any more once members do. What was voted for it is passed over when the votes are counted. The
 * last option stays, since the proposal itself can be withdrawn, and while members elect, more stay than are to be elected:
 * otherwise nobody could vote against them any more.
 *
 * @throws Forbidden, NotFound, ProposalStateConflict, NoChoice, InvalidInput INVALID_CHOICE for the last option that stands
 * @emits ProposalOptionWithdrawn
 */
export async function withdrawOption(tx: Tx, command: WithdrawOption): Promise<Proposal> {
  const standing = await standingAmongVoters(tx, command.networkId, 'shared');
  const proposal = await lockProposal(tx, standing.network.id, command.proposalId);
  const { networkId, id, state } = proposal;
  const option = proposal.options.find((each) => each.id === command.optionId);
  if (!option) throw new NotFound('ProposalOption');
  const ownerId = option.membershipId ?? proposal.authorMembershipId;
  authorize(standing, 'proposal.withdraw', { isOwn: ownerId === standing.membership?.id });
  requireStep(proposal, 'withdrawOption', tx.now);
  if (state === 'OPEN' && option.membershipId === null) throw new ProposalStateConflict(state);
  const left = standingOptions(proposal.options).length - 1;
  if (option.isWithdrawn || left === 0) throw new InvalidInput('INVALID_CHOICE', 'optionId');
  const { seats } = proposal.rule;
  if (state === 'OPEN' && isElection(proposal.actions) && left <= seats) throw new NoChoice(left, seats);
  const options = proposal.options.map((each) => (each === option ? { ...each, isWithdrawn: true } : each));
  await tx.db.update(Proposal, { networkId, id }, { options });
  const data = { optionId: option.id };
  tx.emit({ networkId, kind: 'ProposalOptionWithdrawn', subjectId: id, data });
  return { ...proposal, options };
}
