import { closeDueProposal } from '../../src/services/proposals/close.ts';
import type { TestServer } from './server.ts';
import { VOTE_MS, type TestVote } from './votes.ts';

/** Travels to the end of a vote and lets it be counted. */
export async function endVote(server: TestServer, vote: TestVote): Promise<void> {
  server.clock.advance(VOTE_MS);
  const system = { kind: 'system', name: 'test' } as const;
  await server.app.services.run(system, (tx) => closeDueProposal(tx, vote));
}
