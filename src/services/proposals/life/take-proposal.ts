import { Proposal } from '../../../entities/proposal.ts';
import { NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { holdNetwork, loadStanding, type NetworkHold, type Standing } from '../../access/standing.ts';
import { authorizeOnProposal, type ProposalDeed } from './proposal-access.ts';

export interface NamedProposal {
  networkId: string;
  proposalId: string;
}

export interface ProposalInHand {
  standing: Standing;
  proposal: Proposal;
}

/**
 * The proposal, locked, for who may do this with it.
 *
 * The network is held before it: carrying out a decision locks members after the proposal, and nobody who waits for the
 * proposal may hold one of them.
 *
 * @throws Forbidden, NetworkArchived, NotFound, InvalidInput INVALID_ID
 */
export async function takeProposal(
  tx: Tx,
  { networkId, proposalId }: NamedProposal,
  deed: ProposalDeed,
  hold: Exclude<NetworkHold, 'none'> = 'shared',
): Promise<ProposalInHand> {
  const standing = await standingAmongVoters(tx, networkId, hold);
  const proposal = await lockProposal(tx, standing.network.id, proposalId);
  authorizeOnProposal(standing, proposal, deed);
  return { standing, proposal };
}

/** @throws NotFound, InvalidInput INVALID_ID */
export async function lockProposal(tx: Tx, networkId: string, proposalId: string): Promise<Proposal> {
  const id = requireId('proposal', proposalId, 'proposalId');
  const proposal = await tx.db.lock(Proposal, { networkId, id });
  if (!proposal) throw new NotFound('Proposal');
  return proposal;
}

/**
 * How the actor stands in a network whose decisions they may read, with network and membership held.
 *
 * @throws Forbidden, NotFound, InvalidInput INVALID_ID
 */
export async function standingAmongVoters(
  tx: Tx,
  networkId: string,
  hold: Exclude<NetworkHold, 'none'>,
  memberLock: 'for share' | 'for no key update' = 'for share',
): Promise<Standing> {
  const standing = await loadStanding(tx, await holdNetwork(tx, networkId, hold), memberLock);
  authorize(standing, 'proposal.read');
  return standing;
}
