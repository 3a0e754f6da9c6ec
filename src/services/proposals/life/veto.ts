import type { Proposal } from '../../../entities/proposal.ts';
import { isPossible, stepFrom } from '../../../governance/proposal.ts';
import { assert } from '../../../kernel/errors.ts';
import { boundedText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { DelayOver, ProposalStateConflict } from '../errors.ts';
import { moveProposal } from './freeze.ts';
import { recordResolution } from '../register/resolutions.ts';
import { takeProposal, type NamedProposal } from './take-proposal.ts';

export const VETO_BOUNDS = { max: 2_000 };

export interface VetoProposal extends NamedProposal {
  reason: string;
}

/**
 * Stops what was decided, while it waits to be carried out. The register keeps both: that it was decided, and that it was stopped.
 *
 * @throws Forbidden unless one holds the role that the rule of the vote names, NotFound, ProposalStateConflict, DelayOver,
 *   InvalidInput for the reason
 * @emits ProposalVetoed, ResolutionRecorded
 */
export async function vetoProposal(tx: Tx, command: VetoProposal): Promise<Proposal> {
  const { standing, proposal } = await takeProposal(tx, command, 'veto');
  assert(standing.membership, 'who holds a role is a member');
  if (stepFrom(proposal.state, 'veto').length === 0) throw new ProposalStateConflict(proposal.state);
  if (!isPossible(proposal, 'veto', tx.now)) throw new DelayOver();
  const { networkId, id, title, actions, rule } = proposal;
  const vetoReason = boundedText(command.reason, 'reason', VETO_BOUNDS);
  const vetoedByMembershipId = standing.membership.id;
  const vetoed = await moveProposal(tx, proposal, { state: 'VETOED', vetoedByMembershipId, vetoReason });
  tx.emit({ networkId, kind: 'ProposalVetoed', subjectId: id });
  await recordResolution(tx, {
    networkId,
    sourceId: id,
    kind: 'VOTE',
    title,
    sentences: actions.map(({ sentence }) => sentence),
    outcome: 'VETOED',
    summary: { role: rule.vetoRole, reason: vetoReason },
    decidedAt: tx.now,
  });
  return vetoed;
}
