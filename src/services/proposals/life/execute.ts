import { Proposal } from '../../../entities/proposal.ts';
import { isPast } from '../../../governance/proposal.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { DecisionContext } from '../../access/action-handler.ts';
import { holdNetwork } from '../../access/standing.ts';
import { executeActions, type DecisionDeps } from './carry-out.ts';
import { moveProposal } from './freeze.ts';
import { requireStep } from './proposal-access.ts';
import { takeProposal, type NamedProposal } from './take-proposal.ts';

/**
 * Carries out what was decided, once its delay is over: all actions in one transaction with the state that says so. So it
 * is done once or not at all, wherever a process dies and however many do it at the same time. What refuses an action
 * is written down, and undoes what the other actions did.
 *
 * @emits ProposalExecuted or ProposalExecutionFailed, and what the operations emit
 */
export async function executeDueProposal(
  tx: Tx,
  decisions: DecisionDeps,
  { networkId, proposalId }: NamedProposal,
): Promise<void> {
  const network = await holdNetwork(tx, networkId, 'exclusive');
  if (network.archivedAt) return;
  const proposal = await tx.db.lock(Proposal, { networkId, id: proposalId, state: 'PASSED' });
  if (proposal && isPast(proposal.executeAt, tx.now)) await execute(tx, decisions, proposal);
}

/**
 * Tries again to carry out what was decided, after something has been done about why it could not be.
 *
 * @throws Forbidden unless one is the author or a coordinator, NotFound, ProposalStateConflict
 * @emits ProposalExecuted or ProposalExecutionFailed, and what the operations emit
 */
export async function retryExecution(
  tx: Tx,
  decisions: DecisionDeps,
  command: NamedProposal,
): Promise<Proposal> {
  const { proposal } = await takeProposal(tx, command, 'retry', 'exclusive');
  requireStep(proposal, 'retry', tx.now);
  return execute(tx, decisions, proposal);
}

async function execute(tx: Tx, decisions: DecisionDeps, proposal: Proposal): Promise<Proposal> {
  const { networkId, id, actions } = proposal;
  const failure = await executeActions(tx, decisions, actions, decisionOf(proposal));
  const moved = await moveProposal(
    tx,
    proposal,
    failure ? { state: 'EXECUTION_FAILED', failure } : { state: 'EXECUTED' },
  );
  if (failure) {
    const data = { code: failure.code, action: failure.action };
    tx.emit({ networkId, kind: 'ProposalExecutionFailed', subjectId: id, data });
  } else {
    tx.emit({ networkId, kind: 'ProposalExecuted', subjectId: id });
  }
  return moved;
}

/** What the vote has found out: who was elected, in their order. */
function decisionOf({ networkId, id, options, outcome }: Proposal): DecisionContext {
  const candidates = new Map(options.map((option) => [option.id, option.membershipId]));
  const electedIds = (outcome?.winners ?? []).flatMap((winner) => candidates.get(winner) ?? []);
  return { networkId, decisionId: id, electedIds };
}
