import type { NewJob } from '../../../kernel/jobs.ts';
import type { NamedProposal } from './take-proposal.ts';

export const CLOSING = 'proposalClose';
export const EXECUTION = 'proposalExecute';

/** Counts a vote when its time is over. Where an amendment moves that time, the job for the earlier one finds nothing to do. */
export function closingJob({ networkId, proposalId }: NamedProposal, dueAt: Date): NewJob {
  const key = `${CLOSING}:${proposalId}:${dueAt.toISOString()}`;
  return { kind: CLOSING, payload: { networkId, proposalId }, dueAt, key };
}

/** Carries out what was decided when its delay is over. */
export function executionJob({ networkId, proposalId }: NamedProposal, dueAt: Date): NewJob {
  return { kind: EXECUTION, payload: { networkId, proposalId }, dueAt, key: `${EXECUTION}:${proposalId}` };
}
