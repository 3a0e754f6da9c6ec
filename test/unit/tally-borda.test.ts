import fc from 'fast-check';
import { borda } from '../../src/governance/tally/borda.ts';
import {
  contestOfFive,
  countRanked,
  figuresOf,
  keepsOrderAndNames,
  strictBallots,
  votesFrom,
  weakBallots,
} from '../support/rankings.ts';

// The vote on the capital of Tennessee, an example that many textbooks share: Memphis, Nashville, Chattanooga, Knoxville.
const TENNESSEE = '42 MNCK, 26 NCKM, 15 CKNM, 17 KCNM';

test('gives the points of the example of Tennessee', () => {
  const { winners, rounds, quota } = countRanked(borda, TENNESSEE);

  expect(winners).toEqual(['N']);
  expect(quota).toBeNull();
  expect(figuresOf(rounds[0])).toEqual({ C: '173', K: '107', M: '126', N: '194' });
});

test('orders several by their points', () => {
  expect(countRanked(borda, TENNESSEE, { seats: 3 }).winners).toEqual(['N', 'C', 'M']);
});

test.each([
  ['1 (AB)C, 1 A', { A: '3.5', B: '2', C: '0.5' }],
  ['1 A(BC)', { A: '2', B: '0.5', C: '0.5' }],
  ['3 A, 0 BC', { A: '6', B: '1.5', C: '1.5' }],
])('shares the points of places among those who stand in them: %s', (text, points) => {
  expect(figuresOf(countRanked(borda, text).rounds[0])).toEqual(points);
});

test('a lot decides between equals, and is recorded', () => {
  const result = countRanked(borda, '1 AB, 1 BA', { seed: 'june' });

  expect(result.tieBreaks).toEqual([
    { round: 1, among: ['A', 'B'], chosen: result.winners, by: 'LOT', seed: 'june' },
  ]);
});

test('the second choice of all can win against the first of most', () => {
  expect(countRanked(borda, '51 ABC, 49 BCA')).toMatchObject({ winners: ['B'] });
});

test('every ballot gives away the same number of points', () => {
  fc.assert(
    fc.property(weakBallots(), (ballots) => {
      const contest = contestOfFive();
      const result = borda.count(contest, votesFrom(borda, contest, ballots));
      const points = Object.values(figuresOf(result.rounds[0])).reduce(
        (sum, value) => sum + Number(value) * 2,
        0,
      );

      expect(points).toBe(20 * ballots.reduce((sum, { weight }) => sum + weight, 0));
    }),
  );
});

test('whoever wins still wins when ranked first by one more', () => {
  fc.assert(
    fc.property(strictBallots(), fc.nat(), (ballots, index) => {
      const contest = contestOfFive();
      const [winner = ''] = borda.count(contest, votesFrom(borda, contest, ballots)).winners;
      const raised = ballots.map((ballot, at) => {
        if (at !== index % ballots.length) return ballot;
        return { ...ballot, ranking: [[winner], ...ballot.ranking.filter(([id]) => id !== winner)] };
      });

      expect(borda.count(contest, votesFrom(borda, contest, raised)).winners).toEqual([winner]);
    }),
  );
});

test('keeps order and names', () => keepsOrderAndNames(borda, weakBallots()));
