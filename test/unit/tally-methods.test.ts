import { tallyMethod } from '../../src/governance/tally/index.ts';
import {
  type BallotInput,
  type BallotKind,
  TALLY_METHODS,
  type TallyMethodName,
} from '../../src/governance/tally/method.ts';
import { budgetContest } from '../support/elections.ts';

const contest = budgetContest({ a: 3, b: 4, c: 5 }, { budget: 9n, maxApprovals: 3 });
const points = { ...contest, settings: { ...contest.settings, maxScore: 5, credits: 9 } };

const BALLOTS: Record<BallotKind, BallotInput> = {
  CHOICE: { choice: 'ABSTAIN' },
  APPROVALS: { approvals: ['b'] },
  RANKING: { ranking: [['b'], ['a']] },
  SCORES: { scores: [{ option: 'b', value: 2 }] },
  APPROVALS_OR_SCORES: { approvals: ['b'] },
  NONE: {},
};
const contestFor = (kind: BallotKind) => (kind === 'SCORES' ? points : contest);

describe.each(TALLY_METHODS)('%s', (name) => {
  const method = tallyMethod(name);

  test('is counted by the method of that name', () => {
    expect(method.name).toBe(name);
    expect(method.count(contestFor(method.ballotKind), []).method).toBe(name);
  });

  test('takes a ballot of its kind and no other', () => {
    for (const [kind, input] of Object.entries(BALLOTS)) {
      const isAsked = input === BALLOTS[method.ballotKind] && kind !== 'NONE';
      const isAlike = kind.startsWith('APPROVALS') && method.ballotKind.startsWith('APPROVALS');

      const { faults } = method.parseBallot(input, contestFor(method.ballotKind));

      expect([kind, faults === undefined]).toEqual([kind, isAsked || isAlike]);
    }
  });
});

test.each(TALLY_METHODS.filter((name) => tallyMethod(name).ballotKind !== 'NONE'))(
  '%s counts what it has read',
  (name) => {
    const method = tallyMethod(name);
    const asked = contestFor(method.ballotKind);
    const { vote } = method.parseBallot(BALLOTS[method.ballotKind], asked);

    const result = method.count(asked, [{ vote, weight: 3n }]);

    expect(result.winners).toEqual(method.ballotKind === 'CHOICE' ? [] : ['b']);
  },
);

test('without votes nobody is elected, except by lot', () => {
  const winnersOf = (name: TallyMethodName) =>
    tallyMethod(name).count(contestFor(tallyMethod(name).ballotKind), []).winners.length;

  expect(TALLY_METHODS.filter((name) => winnersOf(name) > 0)).toEqual(['SORTITION']);
});

test('nothing counts by another name', () => {
  expect(() => tallyMethod('COIN' as TallyMethodName)).toThrow(RangeError);
});
