import {
  isPossible,
  PROPOSAL_LIFE,
  PROPOSAL_STATES,
  PROPOSAL_STEPS,
  stepFrom,
  type ProposalStanding,
  type ProposalState,
  type ProposalStep,
} from '../../src/governance/proposal.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const BEFORE = new Date(NOW.getTime() - 1);
const LATER = new Date(NOW.getTime() + 1);

const standing = (state: ProposalState, given: Partial<ProposalStanding> = {}): ProposalStanding => ({
  state,
  rule: { method: 'MAJORITY' },
  closesAt: LATER,
  executeAt: LATER,
  ...given,
});
const CONSENT = { rule: { method: 'CONSENT' } } as const;

test('each step goes on in one way from a state', () => {
  const keys = PROPOSAL_LIFE.map(({ step, from }) => `${step} ${from}`);

  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(PROPOSAL_LIFE.map(({ step }) => step))).toEqual(new Set(PROPOSAL_STEPS));
  expect(Object.isFrozen(PROPOSAL_LIFE) && PROPOSAL_LIFE.every((way) => Object.isFrozen(way))).toBe(true);
});

test('a proposal comes to every state from a draft, and from four of them nowhere', () => {
  const reached = new Set<ProposalState>(['DRAFT']);
  // A set is walked through to what is added on the way.
  for (const state of reached) {
    for (const step of PROPOSAL_STEPS) for (const to of stepFrom(state, step)) reached.add(to);
  }
  const ends = PROPOSAL_STATES.filter((state) =>
    PROPOSAL_STEPS.every((step) => stepFrom(state, step).length === 0),
  );

  expect([...reached].toSorted()).toEqual([...PROPOSAL_STATES].toSorted());
  expect(ends).toEqual(['FAILED', 'WITHDRAWN', 'VETOED', 'EXECUTED']);
});

test.each<[ProposalStep, ProposalStanding, boolean]>([
  ['amend', standing('DRAFT', { closesAt: null }), true],
  ['amend', standing('OPEN'), false],
  ['amend', standing('OPEN', CONSENT), true],
  ['amend', standing('OPEN', { ...CONSENT, closesAt: NOW }), false],
  ['facilitate', standing('DRAFT', { closesAt: null }), false],
  ['facilitate', standing('DRAFT', { ...CONSENT, closesAt: null }), true],
  ['withdraw', standing('OPEN'), true],
  ['withdraw', standing('OPEN', { closesAt: NOW }), false],
  ['withdraw', standing('PASSED'), false],
  ['vote', standing('OPEN'), true],
  ['vote', standing('OPEN', { closesAt: BEFORE }), false],
  ['vote', standing('OPEN', CONSENT), false],
  ['vote', standing('OPEN', { rule: { method: 'SORTITION' } }), false],
  ['takeStance', standing('OPEN'), false],
  ['takeStance', standing('OPEN', CONSENT), true],
  ['close', standing('OPEN', { closesAt: BEFORE }), true],
  ['close', standing('PASSED'), false],
  ['veto', standing('PASSED'), true],
  ['veto', standing('PASSED', { executeAt: NOW }), false],
  ['retry', standing('EXECUTION_FAILED', { executeAt: BEFORE }), true],
  ['retry', standing('EXECUTED'), false],
])('%s of %j: %s', (step, proposal, expected) => {
  expect(isPossible(proposal, step, NOW)).toBe(expected);
});
