import fc from 'fast-check';
import type { PairFigure } from '../../src/governance/tally/method.ts';
import { schulze } from '../../src/governance/tally/schulze.ts';
import {
  contestOfFive,
  countRanked,
  figuresOf,
  keepsOrderAndNames,
  strictBallots,
  votesFrom,
  weakBallots,
  withMajority,
} from '../support/rankings.ts';

// The examples of section 3 of Schulze (2011).
const EXAMPLE_1 = '5 ACBED, 5 ADECB, 8 BEDAC, 3 CABED, 7 CAEBD, 2 CBADE, 7 DCEBA, 8 EBADC';
const EXAMPLE_2 = '5 ACBD, 2 ACDB, 3 ADCB, 4 BACD, 3 CBDA, 3 CDBA, 1 DACB, 5 DBAC, 4 DCBA';
const EXAMPLE_3 = '3 ABDEC, 5 ADEBC, 1 ADECB, 2 BADEC, 2 BDECA, 4 CABDE, 6 CBADE, 2 DBECA, 5 DECAB';
const EXAMPLE_4 = '3 ABCD, 2 DABC, 2 DBCA, 2 CBDA';

/** A line for each option: what it has against each other one, in the order of the alphabet. */
function matrix(pairs: readonly PairFigure[] = []): string[] {
  const ids = [...new Set(pairs.map(({ option }) => option))];
  return ids.map((id) =>
    pairs
      .filter(({ option }) => option === id)
      .map(({ value }) => value)
      .join(' '),
  );
}

test('finds the duels and the strongest paths of the first example', () => {
  const { winners, potentialWinners, rounds, quota } = countRanked(schulze, EXAMPLE_1);

  expect(winners).toEqual(['E']);
  expect(potentialWinners).toEqual(['E']);
  expect(quota).toBeNull();
  expect(rounds.map(({ action, of }) => [action, ...of])).toEqual([['DUELS'], ['STRONGEST_PATHS', 'E']]);
  expect(matrix(rounds[0]!.pairs)).toEqual([
    '20 26 30 22',
    '25 16 33 18',
    '19 29 17 24',
    '15 12 28 14',
    '23 27 21 31',
  ]);
  expect(matrix(rounds[1]!.pairs)).toEqual([
    '28 28 30 24',
    '25 28 33 24',
    '25 29 29 24',
    '25 28 28 24',
    '25 28 28 31',
  ]);
  expect(figuresOf(rounds[1])).toEqual({ A: '3', B: '1', C: '2', D: '0', E: '4' });
  expect(rounds[0]!.pairs![0]).toEqual({ option: 'A', over: 'B', value: '20', against: '25' });
});

test.each([
  ['EACBD', EXAMPLE_1],
  ['DACB', EXAMPLE_2],
  ['BADEC', EXAMPLE_3],
])('orders an example as %s', (order, ballots) => {
  const { winners, tieBreaks } = countRanked(schulze, ballots, { seats: order.length });

  expect(winners.join('')).toBe(order);
  expect(tieBreaks).toEqual([]);
});

test('names all whom nobody beats, and draws lots between them', () => {
  const results = ['1', '2', '3', '4', '5', '6', '7', '8'].map((seed) =>
    countRanked(schulze, EXAMPLE_4, { seed }),
  );

  expect(results.map(({ potentialWinners }) => potentialWinners)).toEqual(results.map(() => ['B', 'D']));
  expect(new Set(results.map(({ winners }) => winners[0]))).toEqual(new Set(['B', 'D']));
  expect(results[0]!.tieBreaks).toEqual([
    { round: 2, among: ['B', 'D'], chosen: results[0]!.winners, by: 'LOT', seed: '1' },
  ]);
  expect(countRanked(schulze, EXAMPLE_4, { seats: 2 })).toMatchObject({ winners: ['B', 'D'], tieBreaks: [] });
});

test('takes the duel with fewer votes against it for the stronger of two that were won by as many', () => {
  // A over B by 6 to 4, B over C by 6 to 3, C over A by 6 to 4: the weakest are A over B and C over A.
  const { potentialWinners, rounds } = countRanked(schulze, '4 ABC, 2 CA, 3 BCA, 1 C(AB)');
  const duels = Object.fromEntries(
    rounds[0]!.pairs!.map(({ option, over, value, against }) => [`${option}${over}`, `${value}:${against}`]),
  );

  expect(duels).toMatchObject({ AB: '6:3', BC: '7:3', CA: '6:4' });
  expect(potentialWinners).toEqual(['A']);
});

test('ranks whoever is not named below all who are, and equals as equal', () => {
  const { rounds } = countRanked(schulze, '2 A, 3 (BC)A, 1 C');

  expect(matrix(rounds[0]!.pairs)).toEqual(['2 2', '3 0', '4 1']);
});

test('adds up weights beyond what plain numbers hold', () => {
  const huge = 2n ** 80n;
  const contest = contestOfFive();
  const votes = [
    { vote: [1, 2, 0, 0, 0], weight: huge },
    { vote: [2, 1, 0, 0, 0], weight: huge + 1n },
  ];

  const { winners, rounds } = schulze.count(contest, votes);

  expect(winners).toEqual(['b']);
  expect(rounds[0]!.pairs!.slice(0, 2).map(({ value }) => value)).toEqual([`${huge}`, `${huge * 2n + 1n}`]);
});

/** Whoever wins each duel; null if nobody does. */
function condorcetWinner(pairs: readonly PairFigure[]): string | null {
  const ids = [...new Set(pairs.map(({ option }) => option))];
  const wins = (id: string) =>
    pairs.filter(({ option, value, against }) => option === id && BigInt(value) > BigInt(against)).length;
  return ids.find((id) => wins(id) === ids.length - 1) ?? null;
}

test('whoever wins each duel is elected', () => {
  fc.assert(
    fc.property(weakBallots(4), (ballots) => {
      const contest = contestOfFive();
      const { winners, potentialWinners, rounds } = schulze.count(
        contest,
        votesFrom(schulze, contest, ballots),
      );
      const winner = condorcetWinner(rounds[0]!.pairs!);

      expect(potentialWinners).toContain(winners[0]);
      if (winner !== null) expect(potentialWinners).toEqual([winner]);
    }),
    { numRuns: 300 },
  );
});

test('whoever is first on more than half of the ballots is elected', () => {
  fc.assert(
    fc.property(weakBallots(), fc.constantFrom('a', 'b', 'c', 'd', 'e'), (some, id) => {
      const contest = contestOfFive();
      const votes = votesFrom(schulze, contest, withMajority(some, id));

      expect(schulze.count(contest, votes).potentialWinners).toEqual([id]);
    }),
  );
});

test('ranking a potential winner first on one more ballot does not unseat it', () => {
  fc.assert(
    fc.property(strictBallots(), fc.nat(), (ballots, index) => {
      const contest = contestOfFive();
      const [winner = ''] = schulze.count(contest, votesFrom(schulze, contest, ballots)).potentialWinners!;
      const raised = ballots.map((ballot, at) => {
        if (at !== index % ballots.length) return ballot;
        return { ...ballot, ranking: [[winner], ...ballot.ranking.filter(([id]) => id !== winner)] };
      });

      expect(schulze.count(contest, votesFrom(schulze, contest, raised)).potentialWinners).toContain(winner);
    }),
    { numRuns: 300 },
  );
});

test('keeps order and names', () => keepsOrderAndNames(schulze, weakBallots()));
