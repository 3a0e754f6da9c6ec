import { Proposal } from '../../../entities/proposal.ts';
import { fault } from '../../../governance/bylaw-faults.ts';
import type { VotingRule } from '../../../governance/voting-rule.ts';
import { after, DAY_MS } from '../../../kernel/clock.ts';
import { InvalidInput } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { DecisionContext } from '../../access/action-handler.ts';
import { tryActions, type DecisionDeps } from './carry-out.ts';
import { closingJob } from './deadlines.ts';
import { isElection, ruleOf } from './draft.ts';
import { findElectors } from '../votes/electors.ts';
import { NoChoice, TooManyOpen, VotingRuleFaulty } from '../errors.ts';
import { freeze } from './freeze.ts';
import { choiceOf, readOptions, standingOptions } from './options.ts';
import { requireStep } from './proposal-access.ts';
import { takeProposal, type NamedProposal } from './take-proposal.ts';

/** No vote is open for longer. */
export const MAX_PERIOD_DAYS = 366;
const MAX_OPEN = 20;

export interface OpenProposal extends NamedProposal {
  /** When voting ends, if later than the rule has it. */
  closesAt?: Date | null;
}

/**
 * Lets members vote on a draft. The rule and the electorate are fixed by this, and what the proposal would do is tried and
 * undone, so that what cannot be done is refused now. The record keeps a hash over all that is fixed.
 *
 * @throws Forbidden unless one is the author, NotFound, ProposalStateConflict, TooManyOpen, VotingRuleFaulty, ActionRefused,
 *   NoElectors, NoChoice, InvalidInput INVALID_RANGE, INVALID_CHOICE for a candidate who is no member any more
 * @emits ProposalOpened
 */
export async function openProposal(
  tx: Tx,
  decisions: DecisionDeps,
  command: OpenProposal,
): Promise<Proposal> {
  const { standing, proposal } = await takeProposal(tx, command, 'open', 'exclusive');
  const { networkId, id, version, actions } = proposal;
  requireStep(proposal, 'open', tx.now);
  await requireFewOpen(tx, proposal);
  // The bylaws may have changed since it was drafted.
  const rule = await ruleOf(tx, standing.network, actions, proposal.wish);
  const closesAt = closingTime(rule, { now: tx.now, wished: command.closesAt ?? null });
  await requireChoice(tx, { ...proposal, rule });
  await tryActions(tx, decisions, actions, trialOf({ ...proposal, rule }));
  const electors = await findElectors(tx, standing.network, rule);
  const frozenHash = await freeze(tx, { networkId, id, rule, closesAt, electors });
  tx.enqueue(closingJob({ networkId, proposalId: id }, closesAt));
  tx.emit({ networkId, kind: 'ProposalOpened', subjectId: id, data: { version, hash: frozenHash } });
  const eligibleWeight = electors.reduce((sum, { weight }) => sum + weight, 0n);
  const electorate = { eligibleCount: electors.length, eligibleWeight };
  return { ...proposal, state: 'OPEN', rule, openedAt: tx.now, closesAt, ...electorate, frozenHash };
}

/** @throws TooManyOpen if the author has as many votes going on as one may */
async function requireFewOpen(tx: Tx, { networkId, authorMembershipId }: Proposal): Promise<void> {
  const open = await tx.db.all(Proposal, { networkId, authorMembershipId, state: 'OPEN' });
  if (open.length >= MAX_OPEN) throw new TooManyOpen(MAX_OPEN);
}

/** @throws InvalidInput INVALID_RANGE */
function closingTime({ periodDays }: VotingRule, { now, wished }: { now: Date; wished: Date | null }): Date {
  const earliest = after(now, periodDays * DAY_MS);
  const latest = after(now, MAX_PERIOD_DAYS * DAY_MS);
  if (wished === null) return earliest;
  if (wished >= earliest && wished <= latest) return wished;
  const bounds = { min: earliest.toISOString(), max: latest.toISOString() };
  throw new InvalidInput('INVALID_RANGE', 'closesAt', bounds);
}

/**
 * What can be voted for still fits the rule, candidates are still members, voters can say no to each of them, and costs are in
 * the unit of the budget.
 *
 * @throws NoChoice, VotingRuleFaulty, InvalidInput
 */
async function requireChoice(tx: Tx, { networkId, options, actions, rule }: Proposal): Promise<void> {
  const isElected = isElection(actions);
  await readOptions(tx, networkId, choiceOf(options), { rule, isElection: isElected });
  const isInOtherUnit = options.some(
    ({ cost, costUnitId }) => cost !== null && costUnitId !== rule.budgetUnitId,
  );
  if (isInOtherUnit) throw new VotingRuleFaulty([fault('UNIT_DIFFERS', 'rule.budgetUnitId')]);
  const candidates = standingOptions(options).length;
  if (isElected && candidates <= rule.seats) throw new NoChoice(candidates, rule.seats);
}

/** What would be known if the candidates who stand first were elected. */
export function trialOf({ networkId, id, options, rule }: Proposal): DecisionContext {
  const candidates = options.flatMap(({ membershipId }) => membershipId ?? []);
  return { networkId, decisionId: id, electedIds: candidates.slice(0, rule.seats) };
}
