import { Membership } from '../../entities/membership.ts';
import { Proposal } from '../../entities/proposal.ts';
import type { VotingRule } from '../../governance/voting-rule.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import type { DecisionContext } from '../access/action-handler.ts';
import { tryActions, type DecisionDeps } from './carry-out.ts';
import { closingJob } from './deadlines.ts';
import { ruleOf } from './draft.ts';
import { storeElectorate } from './electors.ts';
import { ProposalStateConflict } from './errors.ts';
import { takeProposal, type NamedProposal } from './take-proposal.ts';

/** No vote is open for longer. */
export const MAX_PERIOD_DAYS = 366;

export interface OpenProposal extends NamedProposal {
  /** When voting ends, if later than the rule has it. */
  closesAt?: Date | null;
}

/**
 * Lets members vote on a draft. The rule and the electorate are fixed by this, and what the proposal would do is tried and
 * undone, so that what cannot be done is refused now.
 *
 * @throws Forbidden unless one is the author, NotFound, ProposalStateConflict, VotingRuleFaulty, ActionRefused, NoElectors,
 *   InvalidInput INVALID_RANGE, INVALID_CHOICE for a candidate who is no member any more
 * @emits ProposalOpened
 */
export async function openProposal(
  tx: Tx,
  decisions: DecisionDeps,
  command: OpenProposal,
): Promise<Proposal> {
  const { standing, proposal } = await takeProposal(tx, command, 'open', 'exclusive');
  const { networkId, id, actions, state } = proposal;
  if (state !== 'DRAFT') throw new ProposalStateConflict(state);
  // The bylaws may have changed since it was drafted.
  const rule = ruleOf(standing.network, actions, proposal.rule);
  const closesAt = closingTime(rule, { now: tx.now, wished: command.closesAt ?? null });
  await requireCandidates(tx, proposal);
  await tryActions(tx, decisions, actions, trialOf(proposal));
  const electorate = await storeElectorate(tx, standing.network, id);
  const set: Partial<Proposal> = { state: 'OPEN', rule, openedAt: tx.now, closesAt, ...electorate };
  await tx.db.update(Proposal, { networkId, id }, set);
  tx.enqueue(closingJob({ networkId, proposalId: id }, closesAt));
  tx.emit({ networkId, kind: 'ProposalOpened', subjectId: id });
  return { ...proposal, ...set };
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

/** @throws InvalidInput INVALID_CHOICE */
async function requireCandidates(tx: Tx, { networkId, options }: Proposal): Promise<void> {
  const ids = options.flatMap(({ membershipId }) => membershipId ?? []);
  const active = await tx.db.all(Membership, { networkId, id: ids, state: 'ACTIVE' });
  if (active.length < ids.length) throw new InvalidInput('INVALID_CHOICE', 'candidateIds');
}

/** What would be known if the candidates who stand first were elected. */
export function trialOf({ networkId, id, options, rule }: Proposal): DecisionContext {
  const candidates = options.flatMap(({ membershipId }) => membershipId ?? []);
  return { networkId, decisionId: id, electedIds: candidates.slice(0, rule.seats) };
}
