import { Proposal } from '../../src/entities/proposal.ts';
import { closeDueProposal } from '../../src/services/proposals/life/close.ts';
import type { TestServer } from './server.ts';
import type { TestVote } from './votes.ts';

/** Travels to the end of a vote and lets it be counted. */
export async function endVote(server: TestServer, vote: TestVote): Promise<void> {
  const { db } = server.app.services;
  const { networkId, proposalId } = vote;
  const proposal = await db.one(Proposal, { networkId, id: proposalId });
  if (proposal?.closesAt && proposal.closesAt > server.clock.now()) server.clock.moveTo(proposal.closesAt);
  const system = { kind: 'system', name: 'test' } as const;
  await server.app.services.run(system, (tx) => closeDueProposal(tx, vote));
}
