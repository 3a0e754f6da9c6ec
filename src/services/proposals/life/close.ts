import { randomBytes } from 'node:crypto';
import { Network } from '../../../entities/network.ts';
import { Proposal } from '../../../entities/proposal.ts';
import type { ResolutionOutcome, VoteSummary } from '../../../entities/resolution.ts';
import { MOTION_METHODS } from '../../../governance/bylaw-faults.ts';
import type { VoteOutcome } from '../../../governance/outcome.ts';
import { isPast } from '../../../governance/proposal.ts';
import { after, DAY_MS } from '../../../kernel/clock.ts';
import { assert } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { castVotes } from '../votes/cast-votes.ts';
import { countVote } from '../votes/count-vote.ts';
import { executionJob } from './deadlines.ts';
import type { VoteForAnother } from '../votes/delegated-votes.ts';
import { CloseTooEarly } from '../errors.ts';
import { endVote } from './freeze.ts';
import { requireStep } from './proposal-access.ts';
import { recordResolution } from '../register/resolutions.ts';
import { takeProposal, type NamedProposal } from './take-proposal.ts';

// Reading and counting very many ballots takes longer than a transaction may usually rest.
const COUNTING_TIME = "set local idle_in_transaction_session_timeout = '60s'";
const SEED_BYTES = 16;

/**
 * Counts a vote whose time is over, and says what came of it. Once, however many do it at the same time: the first one locks the
 * proposal, and the others find it closed. No ballot is accepted and not counted: a ballot holds the proposal, too, and finds
 * it closed afterwards.
 *
 * @emits ProposalClosed, ResolutionRecorded
 */
export async function closeDueProposal(tx: Tx, { networkId, proposalId }: NamedProposal): Promise<void> {
  // In an archived network nothing changes any more, and nobody can vote in it either.
  if (!(await tx.db.exists(Network, { id: networkId, archivedAt: null }))) return;
  const proposal = await tx.db.lock(Proposal, { networkId, id: proposalId, state: 'OPEN' });
  if (proposal && isPast(proposal.closesAt, tx.now)) await close(tx, proposal);
}

/**
 * Closes a vote before its time, if its rule allows it and everybody has voted. A secret vote is never closed early: to ask for
 * it would tell who has voted.
 *
 * @throws Forbidden unless one is the author or a coordinator, NotFound, ProposalStateConflict, CloseTooEarly
 * @emits ProposalClosed, ResolutionRecorded
 */
export async function closeEarly(tx: Tx, command: NamedProposal): Promise<Proposal> {
  const { proposal } = await takeProposal(tx, command, 'close');
  const { rule, closesAt, eligibleCount } = proposal;
  requireStep(proposal, 'close', tx.now);
  assert(closesAt, 'an open vote has an end');
  if (!isPast(closesAt, tx.now)) {
    if (!rule.allowsEarlyClose || rule.isSecret) throw new CloseTooEarly('NOT_ALLOWED', closesAt);
    // Whoever lets somebody else vote may still do it themselves.
    const { ballotCount } = await castVotes(tx, proposal);
    if (ballotCount !== eligibleCount) throw new CloseTooEarly('NOT_ALL_VOTED', closesAt);
  }
  return close(tx, proposal);
}

async function close(tx: Tx, proposal: Proposal): Promise<Proposal> {
  const { networkId, id, rule, actions } = proposal;
  const { seed, outcome, delegated } = await count(tx, proposal);
  const executeAt = outcome.isPassed ? after(tx.now, rule.delayDays * DAY_MS) : null;
  const set = {
    state: stateAfter(outcome, proposal),
    seed,
    outcome,
    closedAt: tx.now,
    executeAt,
    executedAt: null as Date | null,
  };
  // What asks for nothing to be done is done.
  if (set.state === 'EXECUTED') Object.assign(set, { executeAt: tx.now, executedAt: tx.now });
  await endVote(tx, proposal, { ...set, delegated });
  if (set.state === 'PASSED' && executeAt) tx.enqueue(executionJob({ networkId, proposalId: id }, executeAt));
  const { isPassed, reason } = outcome;
  tx.emit({ networkId, kind: 'ProposalClosed', subjectId: id, data: { isPassed, reason } });
  const closed = { ...proposal, ...set };
  await recordResolution(tx, {
    networkId,
    sourceId: id,
    kind: 'VOTE',
    title: proposal.title,
    sentences: actions.map(({ sentence }) => sentence),
    outcome: resolutionOf(closed, isPassed),
    summary: summaryOf(closed, outcome),
    decidedAt: tx.now,
  });
  return closed;
}

/** Where options were chosen and nothing follows, nothing was passed, whatever the title says. */
function resolutionOf({ rule, actions }: Proposal, isPassed: boolean): ResolutionOutcome {
  if (!isPassed) return 'FAILED';
  const isChoice = !MOTION_METHODS.includes(rule.method) && actions.every(({ kind }) => kind === 'statement');
  return isChoice ? 'CHOSEN' : 'PASSED';
}

function stateAfter({ isPassed }: VoteOutcome, { actions }: Proposal): Proposal['state'] {
  if (!isPassed) return 'FAILED';
  return actions.length > 0 ? 'PASSED' : 'EXECUTED';
}

interface Count {
  seed: string;
  outcome: VoteOutcome;
  delegated: VoteForAnother[];
}

async function count(tx: Tx, proposal: Proposal): Promise<Count> {
  await tx.db.execute(COUNTING_TIME);
  const cast = await castVotes(tx, proposal);
  const seed = randomBytes(SEED_BYTES).toString('hex');
  return { seed, outcome: await countVote(proposal, cast, seed), delegated: cast.delegated };
}

/** The numbers of a vote as the register keeps them. */
function summaryOf(
  { rule, options, eligibleCount, eligibleWeight }: Proposal,
  outcome: VoteOutcome,
): VoteSummary {
  assert(eligibleCount !== null, 'a vote that is counted has electors');
  const names = new Map(options.map(({ id, name }) => [id, name]));
  return {
    method: rule.method,
    reason: outcome.reason,
    eligible: eligibleCount,
    eligibleWeight: String(eligibleWeight),
    participants: outcome.participants,
    participantWeight: outcome.participantWeight,
    winners: outcome.winners.map((id) => names.get(id) ?? id),
  };
}
