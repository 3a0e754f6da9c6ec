import { sortition } from '../../src/governance/tally/sortition.ts';
import { contestOf } from '../support/elections.ts';

const PEOPLE = Array.from({ length: 12 }, (_, index) => `person ${index}`);

test('draws as many as there are seats, each once, and tells how', () => {
  const result = sortition.count(contestOf(PEOPLE, { seats: 5, seed: 'dice' }), []);

  expect(new Set(result.winners).size).toBe(5);
  expect(PEOPLE).toEqual(expect.arrayContaining(result.winners));
  expect(result.tieBreaks).toEqual([
    { round: 1, among: PEOPLE, chosen: result.winners, by: 'LOT', seed: 'dice' },
  ]);
});

test('those drawn have the least numbers', () => {
  const { rounds, winners } = sortition.count(contestOf(PEOPLE, { seats: 3 }), []);

  const numbers = rounds[0]!.figures.map(({ option, value }) => ({ option, number: BigInt(value) }));
  const least = numbers.toSorted((a, b) => (a.number < b.number ? -1 : 1)).slice(0, 3);
  expect(winners).toEqual(least.map(({ option }) => option));
});

test('draws the same again with the same seed, and whoever has another name stays drawn', () => {
  const first = sortition.count(contestOf(PEOPLE, { seats: 4 }), []);
  const again = sortition.count(
    contestOf(
      PEOPLE.map((name) => name.toUpperCase()),
      { seats: 4 },
    ),
    [],
  );

  expect(again.winners).toEqual(first.winners.map((name) => name.toUpperCase()));
});

test('over many seeds everybody is drawn, and who has withdrawn is not', () => {
  const contest = contestOf(PEOPLE, { seats: 2 });
  const options = contest.options.map((option, index) => ({ ...option, isWithdrawn: index === 0 }));
  const drawn = Array.from({ length: 100 }, (_, seed) => {
    const { lot } = contestOf(PEOPLE, { seed: `seed ${seed}` });
    return sortition.count({ ...contest, options, lot }, []).winners;
  });

  expect(new Set(drawn.flat())).toEqual(new Set(PEOPLE.slice(1)));
});

test('draws all where there are fewer than seats', () => {
  expect(sortition.count(contestOf(['a', 'b'], { seats: 3 }), []).winners.toSorted()).toEqual(['a', 'b']);
});

test('takes no ballots', () => {
  expect(sortition.parseBallot({}, contestOf(PEOPLE))).toEqual({
    faults: [{ code: 'NO_BALLOTS', path: '' }],
  });
});
