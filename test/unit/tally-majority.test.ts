import fc from 'fast-check';
import { tallyMethod } from '../../src/governance/tally/index.ts';
import { majority, MAJORITY_CHOICES, MORE_THAN_HALF } from '../../src/governance/tally/majority.ts';
import type { Threshold, ThresholdBase } from '../../src/governance/tally/method.ts';
import { contestOf, oneByOne, times, votesOf } from '../support/elections.ts';

const HALF: Threshold = MORE_THAN_HALF;
const TWO_THIRDS: Threshold = { numerator: 2n, denominator: 3n, isStrict: false };
const ALL: Threshold = { numerator: 1n, denominator: 1n, isStrict: false };

const countOf = (
  [yes, no, abstain]: readonly [number, number, number],
  threshold: Threshold = HALF,
  base: ThresholdBase = 'CAST',
  eligible = 100n,
) =>
  majority.count(contestOf([], { threshold, base, eligible }), [
    ...(yes ? [times(yes, 'YES' as const)] : []),
    ...(no ? [times(no, 'NO' as const)] : []),
    ...(abstain ? [times(abstain, 'ABSTAIN' as const)] : []),
  ]);

test.each([
  // yes, no, abstain; threshold; base; least yes; passes
  [[51, 49, 0], HALF, 'CAST', '51', true],
  [[50, 50, 0], HALF, 'CAST', '51', false],
  [[1, 0, 99], HALF, 'CAST', '1', true],
  [[1, 1, 0], HALF, 'CAST', '2', false],
  [[2, 1, 0], HALF, 'CAST', '2', true],
  [[40, 20, 20], HALF, 'CAST_WITH_ABSTAIN', '41', false],
  [[41, 20, 20], HALF, 'CAST_WITH_ABSTAIN', '41', true],
  [[50, 0, 0], HALF, 'ELIGIBLE', '51', false],
  [[51, 0, 0], HALF, 'ELIGIBLE', '51', true],
  [[66, 34, 0], TWO_THIRDS, 'CAST', '67', false],
  [[67, 33, 0], TWO_THIRDS, 'CAST', '67', true],
  [[2, 1, 0], TWO_THIRDS, 'CAST', '2', true],
  [[66, 33, 0], TWO_THIRDS, 'CAST', '66', true],
  [[9, 0, 0], ALL, 'CAST', '9', true],
  [[9, 1, 0], ALL, 'CAST', '10', false],
  // Nobody said yes, and nothing is two thirds of nothing.
  [[0, 0, 0], HALF, 'CAST', '1', false],
  [[0, 0, 5], TWO_THIRDS, 'CAST', '1', false],
] as const)('%j at %j of %s needs %s yes: %s', (votes, threshold, base, needed, passes) => {
  const result = countOf(votes, threshold, base);

  expect(result).toMatchObject({ quota: needed, winners: passes ? ['YES'] : [], tieBreaks: [] });
  expect(result.rounds[0]!.figures.map(({ value }) => value)).toEqual(votes.map(String));
});

test('is more than a half of yes and no if nothing else is said', () => {
  const result = tallyMethod('MAJORITY').count(contestOf([]), [
    times(2, 'YES'),
    times(1, 'NO'),
    times(9, 'ABSTAIN'),
  ]);

  expect(result).toMatchObject({ method: 'MAJORITY', quota: '2', winners: ['YES'] });
});

test('does not guess how many may vote', () => {
  expect(() => majority.count(contestOf([], { base: 'ELIGIBLE' }), [])).toThrow(RangeError);
});

test('passes exactly where the fraction says so', () => {
  const part = fc.bigInt({ min: 1n, max: 12n });
  fc.assert(
    fc.property(
      votesOf(fc.constantFrom(...MAJORITY_CHOICES)),
      part,
      part,
      fc.boolean(),
      (votes, a, b, isStrict) => {
        const threshold = { numerator: a < b ? a : b, denominator: a < b ? b : a, isStrict };
        const sum = (word: string) =>
          votes.reduce((total, { vote, weight }) => (vote === word ? total + weight : total), 0n);
        const [yes, base] = [sum('YES'), sum('YES') + sum('NO')];
        const [left, right] = [yes * threshold.denominator, base * threshold.numerator];
        const passes = yes > 0n && (isStrict ? left > right : left >= right);

        const result = majority.count(contestOf([], { threshold }), votes);

        expect(result.winners).toEqual(passes ? ['YES'] : []);
        expect(majority.count(contestOf([], { threshold }), oneByOne(votes.toReversed()))).toEqual(result);
      },
    ),
  );
});

test('a further yes never turns a pass into a failure', () => {
  fc.assert(
    fc.property(
      votesOf(fc.constantFrom(...MAJORITY_CHOICES)),
      fc.constantFrom(HALF, TWO_THIRDS, ALL),
      (votes, threshold) => {
        const contest = contestOf([], { threshold });
        fc.pre(majority.count(contest, votes).winners.length === 1);

        expect(majority.count(contest, [...votes, times(1, 'YES')]).winners).toEqual(['YES']);
      },
    ),
  );
});

test.each([
  [{ choice: 'YES' }, undefined],
  [{}, [{ code: 'EMPTY_BALLOT', path: 'choice' }]],
  [{ choice: 'yes' }, [{ code: 'UNKNOWN_OPTION', path: 'choice' }]],
  [{ choice: 'NO', approvals: [] }, [{ code: 'NOT_ASKED_FOR', path: 'approvals' }]],
  [
    { scores: [], ranking: [] },
    [
      { code: 'NOT_ASKED_FOR', path: 'ranking' },
      { code: 'NOT_ASKED_FOR', path: 'scores' },
      { code: 'EMPTY_BALLOT', path: 'choice' },
    ],
  ],
])('reads %j with faults %j', (input, faults) => {
  expect(majority.parseBallot(input, contestOf([]))).toEqual(faults ? { faults } : { vote: 'YES' });
});
