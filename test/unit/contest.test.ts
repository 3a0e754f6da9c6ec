import { DEFAULT_VOTE } from '../../src/governance/bylaws.ts';
import { contestOf, type Poll } from '../../src/governance/contest.ts';
import { parseFraction } from '../../src/governance/fractions.ts';
import { lotOf } from '../../src/kernel/lot.ts';

const RULE: Poll['rule'] = { ...DEFAULT_VOTE, method: 'PB_GREEDY', threshold: '2/3', budget: '1000' };

test.each([
  ['2/3', { numerator: 2n, denominator: 3n, isStrict: false }],
  ['>1/2', { numerator: 1n, denominator: 2n, isStrict: true }],
  ['0/1', { numerator: 0n, denominator: 1n, isStrict: false }],
  ['1/0', null],
  ['>', null],
  ['1/2 ', null],
  ['-1/2', null],
  ['0.5', null],
  ['', null],
])('the fraction %j is read', (text, expected) => {
  expect(parseFraction(text)).toEqual(expected);
});

test('a contest counts all costs in the finest decimals that are written', () => {
  const options = [
    { id: '1', cost: '250.5', isWithdrawn: false },
    { id: '2', cost: '99.99', isWithdrawn: true },
  ];

  const contest = contestOf({ rule: RULE, options, eligibleWeight: 12n }, lotOf('a seed'));

  expect(contest.options).toEqual([
    { id: '1', cost: 25_050n, isWithdrawn: false },
    { id: '2', cost: 9_999n, isWithdrawn: true },
  ]);
  expect(contest.settings).toEqual({
    threshold: { numerator: 2n, denominator: 3n, isStrict: false },
    base: 'CAST',
    eligible: 12n,
    budget: 100_000n,
    increment: 100n,
    mostSteps: 10_000,
    mostChoices: 500_000,
  });
});

test('a contest without costs has none, and no numbers that the rule does not name', () => {
  const rule = { ...RULE, method: 'SCORE', budget: null, maxScore: 5, seats: 2 } as const;
  const options = [{ id: '1', cost: null, isWithdrawn: false }];

  const contest = contestOf({ rule, options, eligibleWeight: null }, lotOf('a seed'));

  expect(contest).toEqual({
    options: [{ id: '1', isWithdrawn: false }],
    seats: 2,
    lot: expect.objectContaining({ seed: 'a seed' }),
    settings: {
      threshold: { numerator: 2n, denominator: 3n, isStrict: false },
      base: 'CAST',
      maxScore: 5,
    },
  });
});
