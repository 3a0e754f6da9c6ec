import fc from 'fast-check';
import { instantRunoff } from '../../src/governance/tally/instant-runoff.ts';
import { schulze } from '../../src/governance/tally/schulze.ts';
import {
  contestOfFive,
  countRanked,
  figuresOf,
  keepsOrderAndNames,
  strictBallots,
  votesFrom,
  withMajority,
} from '../support/rankings.ts';

test('counts the example of Tennessee round by round', () => {
  const { winners, rounds, tieBreaks } = countRanked(instantRunoff, '42 MNCK, 26 NCKM, 15 CKNM, 17 KCNM');

  expect(winners).toEqual(['K']);
  expect(rounds.map(({ action, of }) => [action, ...of])).toEqual([
    ['FIRST_PREFERENCES'],
    ['EXCLUSION', 'C'],
    ['EXCLUSION', 'N'],
  ]);
  expect(rounds.map(figuresOf)).toEqual([
    { C: '15', K: '17', M: '42', N: '26' },
    { C: '0', K: '32', M: '42', N: '26' },
    { C: '0', K: '58', M: '42', N: '0' },
  ]);
  expect(rounds[2]!.figures.map(({ state }) => state)).toEqual([
    'EXCLUDED',
    'ELECTED',
    'CONTINUING',
    'EXCLUDED',
  ]);
  expect(tieBreaks).toEqual([]);
});

test('needs more than half of the ballots that still name somebody', () => {
  const { winners, rounds } = countRanked(instantRunoff, '7 A, 6 B, 5 C');

  expect(winners).toEqual(['A']);
  expect(rounds.map(({ totals }) => totals)).toEqual([
    { continuing: '18', majority: '10', nonTransferable: '0' },
    { continuing: '13', majority: '7', nonTransferable: '5' },
  ]);
});

test('excludes among equals who had the fewest at the latest round at which they differed', () => {
  // A goes first; then B and C have five each, and B had fewer before.
  const { winners, rounds, tieBreaks } = countRanked(instantRunoff, '1 AB, 4 BC, 5 CD, 6 D');

  expect(rounds.map(({ of }) => of)).toEqual([[], ['A'], ['B']]);
  expect(tieBreaks).toEqual([
    { round: 3, among: ['B', 'C'], chosen: ['B'], by: 'EARLIER_ROUND', seed: null },
  ]);
  expect(winners).toEqual(['C']);
});

test('draws lots between those who were always equal, another one in each round', () => {
  const results = Array.from({ length: 30 }, (_, seed) =>
    countRanked(instantRunoff, '1 A, 1 B, 1 C', { seed: `seed ${seed}` }),
  );

  expect(results[0]!.tieBreaks).toMatchObject([
    { round: 2, among: ['A', 'B', 'C'], by: 'LOT', seed: 'seed 0' },
    { round: 3, by: 'LOT', seed: 'seed 0' },
  ]);
  expect(new Set(results.flatMap(({ winners }) => winners))).toEqual(new Set(['A', 'B', 'C']));
});

test('more votes for the winner can make it lose', () => {
  expect(countRanked(instantRunoff, '39 ABC, 35 BCA, 26 CAB').winners).toEqual(['A']);
  expect(countRanked(instantRunoff, '49 ABC, 25 BCA, 26 CAB').winners).toEqual(['C']);
});

test('who would win against each other one alone can be excluded', () => {
  const ballots = '40 ABC, 35 CBA, 25 BCA';

  expect(countRanked(instantRunoff, ballots).winners).toEqual(['C']);
  expect(countRanked(schulze, ballots).winners).toEqual(['B']);
});

test('whoever is first on more than half of the ballots wins', () => {
  fc.assert(
    fc.property(strictBallots(), fc.constantFrom('a', 'b', 'c', 'd', 'e'), (some, id) => {
      const contest = contestOfFive();
      const ballots = withMajority(some, id);

      const { winners, rounds } = instantRunoff.count(contest, votesFrom(instantRunoff, contest, ballots));

      expect(winners).toEqual([id]);
      expect(rounds).toHaveLength(1);
    }),
  );
});

test('no ballot is lost', () => {
  fc.assert(
    fc.property(strictBallots(), (ballots) => {
      const contest = contestOfFive();
      const total = ballots.reduce((sum, { weight }) => sum + weight, 0);
      const { winners, rounds } = instantRunoff.count(contest, votesFrom(instantRunoff, contest, ballots));

      expect(winners).toHaveLength(1);
      for (const round of rounds) {
        const held = Object.values(figuresOf(round)).reduce((sum, value) => sum + Number(value), 0);
        expect(held + Number(round.totals['nonTransferable'])).toBe(total);
      }
    }),
  );
});

test('keeps order and names', () => keepsOrderAndNames(instantRunoff, strictBallots()));
