import type { VotingRule } from './voting-rule.ts';

/** Where a proposal can stand. */
export const PROPOSAL_STATES = [
  'DRAFT',
  'OPEN',
  'PASSED',
  'FAILED',
  'WITHDRAWN',
  'VETOED',
  'EXECUTED',
  'EXECUTION_FAILED',
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** What takes a proposal further, or is done with it where it stands. */
export const PROPOSAL_STEPS = [
  'amend',
  'facilitate',
  'withdrawOption',
  'open',
  'withdraw',
  'vote',
  'takeStance',
  'close',
  'veto',
  'execute',
  'retry',
] as const;
export type ProposalStep = (typeof PROPOSAL_STEPS)[number];

/** What must hold beside the state. */
export type Condition = keyof typeof CONDITIONS;

/** Where one step leads from one state. */
export interface Way {
  step: ProposalStep;
  from: ProposalState;
  /** One of these; the state itself where the step changes something else. */
  to: readonly ProposalState[];
  /** Null if nothing must. */
  when: Condition | null;
}

/** What of a proposal says which steps fit it. */
export interface ProposalStanding {
  state: ProposalState;
  rule: Pick<VotingRule, 'method'>;
  /** When voting ends; null before it is opened. */
  closesAt: Date | null;
  /** When what was decided is carried out; null before it was decided. */
  executeAt: Date | null;
}

const CONDITIONS = {
  'before the end': ({ closesAt }: ProposalStanding, now: Date) => !isPast(closesAt, now),
  'by consent, before the end': ({ rule, closesAt }: ProposalStanding, now: Date) =>
    rule.method === 'CONSENT' && !isPast(closesAt, now),
  'by consent': ({ rule }: ProposalStanding) => rule.method === 'CONSENT',
  'by ballot, before the end': ({ rule, closesAt }: ProposalStanding, now: Date) =>
    rule.method !== 'CONSENT' && rule.method !== 'SORTITION' && !isPast(closesAt, now),
  'during the delay': ({ executeAt }: ProposalStanding, now: Date) => !isPast(executeAt, now),
};

/**
 * The life of a proposal: every step from every state in which it fits, and no other. Functions of the database keep to the same,
 * and a test compares them.
 */
export const PROPOSAL_LIFE: readonly Way[] = Object.freeze([
  way('amend', 'DRAFT', ['DRAFT']),
  way('amend', 'OPEN', ['OPEN'], 'by consent, before the end'),
  way('facilitate', 'DRAFT', ['DRAFT'], 'by consent'),
  way('facilitate', 'OPEN', ['OPEN'], 'by consent, before the end'),
  way('withdrawOption', 'DRAFT', ['DRAFT']),
  way('withdrawOption', 'OPEN', ['OPEN'], 'before the end'),
  way('open', 'DRAFT', ['OPEN']),
  way('withdraw', 'DRAFT', ['WITHDRAWN']),
  way('withdraw', 'OPEN', ['WITHDRAWN'], 'before the end'),
  way('vote', 'OPEN', ['OPEN'], 'by ballot, before the end'),
  way('takeStance', 'OPEN', ['OPEN'], 'by consent, before the end'),
  way('close', 'OPEN', ['PASSED', 'FAILED', 'EXECUTED']),
  way('veto', 'PASSED', ['VETOED'], 'during the delay'),
  way('execute', 'PASSED', ['EXECUTED', 'EXECUTION_FAILED']),
  way('retry', 'EXECUTION_FAILED', ['EXECUTED', 'EXECUTION_FAILED']),
]);

function way(
  step: ProposalStep,
  from: ProposalState,
  to: readonly ProposalState[],
  when: Condition | null = null,
): Way {
  return Object.freeze({ step, from, to: Object.freeze(to), when });
}

/** The states to which a step can lead from a state, whatever else must hold; none if it does not fit there. */
export function stepFrom(state: ProposalState, step: ProposalStep): readonly ProposalState[] {
  return wayFrom(state, step)?.to ?? [];
}

/** Whether a step fits a proposal at this instant. Who may take it is another question. */
export function isPossible(proposal: ProposalStanding, step: ProposalStep, now: Date): boolean {
  const found = wayFrom(proposal.state, step);
  if (!found) return false;
  return found.when === null || CONDITIONS[found.when](proposal, now);
}

/** Whether an announced instant has come; one that nobody has announced has. */
export function isPast(instant: Date | null, now: Date): boolean {
  return instant === null || instant <= now;
}

function wayFrom(state: ProposalState, step: ProposalStep): Way | undefined {
  return PROPOSAL_LIFE.find((each) => each.step === step && each.from === state);
}
