import fc from 'fast-check';
import { stvScottish } from '../../src/governance/tally/stv-scottish.ts';
import {
  contestOfFive,
  countRanked,
  figuresOf,
  keepsOrderAndNames,
  strictBallots,
  votesFrom,
  withMajority,
  type RankedBallot,
} from '../support/rankings.ts';

const parts = (text: string): bigint => BigInt(text.replace('.', ''));

test('moves the largest surplus first, each paper at a value cut off after five decimals', () => {
  // The quota of 17 papers for 2 seats is 6. A has 3 too many of 9, so that each of its papers moves at 3/9.
  const { quota, winners, rounds, tieBreaks } = countRanked(stvScottish, '5 AB, 3 AC, 1 A, 4 B, 4 C', {
    seats: 2,
  });

  expect(quota).toBe('6');
  expect(rounds.map(({ action, of }) => [action, ...of])).toEqual([
    ['FIRST_PREFERENCES'],
    ['SURPLUS', 'A'],
    ['EXCLUSION', 'C'],
  ]);
  expect(rounds.map(figuresOf)).toEqual([
    { A: '9.00000', B: '4.00000', C: '4.00000' },
    { A: '6.00000', B: '5.66665', C: '4.99999' },
    { A: '6.00000', B: '5.66665', C: '0.00000' },
  ]);
  expect(rounds.map(({ totals }) => totals)).toEqual([
    { nonTransferable: '0.00000', lossByFraction: '0.00000' },
    { nonTransferable: '0.33333', lossByFraction: '0.00003' },
    { nonTransferable: '5.33332', lossByFraction: '0.00003' },
  ]);
  expect(winners).toEqual(['A', 'B']);
  expect(tieBreaks).toEqual([]);
});

test('moves a paper that came from a surplus at a part of what it was worth', () => {
  // A's ten papers reach B at 4/10. B is 3 over the quota with 9, so that they leave at 3 × 0.4/9 and B's own five at 3/9.
  const { quota, winners, rounds } = countRanked(stvScottish, '10 ABC, 5 BC, 3 C, 2 D', { seats: 3 });

  expect(quota).toBe('6');
  expect(rounds.map(({ of }) => of)).toEqual([[], ['A'], ['B'], ['D']]);
  expect(figuresOf(rounds[1])).toEqual({ A: '6.00000', B: '9.00000', C: '3.00000', D: '2.00000' });
  expect(figuresOf(rounds[2])).toEqual({ A: '6.00000', B: '6.00000', C: '5.99995', D: '2.00000' });
  expect(rounds[2]!.totals).toEqual({ nonTransferable: '0.00000', lossByFraction: '0.00005' });
  expect(winners).toEqual(['A', 'B', 'C']);
});

test('excludes among equals who had fewer at the latest stage at which they were not equal', () => {
  const { rounds, tieBreaks, winners } = countRanked(stvScottish, '1 AB, 2 B, 3 C, 4 D, 5 E', { seats: 2 });

  expect(rounds.map(({ of }) => of)).toEqual([[], ['A'], ['B'], ['C']]);
  expect(tieBreaks).toEqual([
    { round: 3, among: ['B', 'C'], chosen: ['B'], by: 'EARLIER_ROUND', seed: null },
  ]);
  expect(winners).toEqual(['E', 'D']);
});

test('moves among equal surpluses the one whose candidate had more before', () => {
  const { quota, rounds, tieBreaks } = countRanked(stvScottish, '10 AC, 9 BD, 7 CD, 5 D, 2 E, 2 F', {
    seats: 4,
  });

  expect(quota).toBe('8');
  expect(rounds.slice(0, 4).map(({ action, of }) => [action, ...of])).toEqual([
    ['FIRST_PREFERENCES'],
    ['SURPLUS', 'A'],
    ['SURPLUS', 'B'],
    ['SURPLUS', 'C'],
  ]);
  expect(tieBreaks[0]).toEqual({
    round: 3,
    among: ['B', 'C'],
    chosen: ['B'],
    by: 'EARLIER_ROUND',
    seed: null,
  });
});

test('draws lots between those who were equal at all stages', () => {
  const results = Array.from({ length: 20 }, (_, seed) =>
    countRanked(stvScottish, '3 A, 2 B, 2 C', { seed: `${seed}` }),
  );

  expect(results[0]!.tieBreaks).toEqual([
    { round: 2, among: ['B', 'C'], chosen: results[0]!.rounds[1]!.of, by: 'LOT', seed: '0' },
  ]);
  expect(new Set(results.flatMap(({ rounds }) => rounds[1]!.of))).toEqual(new Set(['B', 'C']));
});

test('has no stage for a surplus of nothing, and none once the seats are filled', () => {
  expect(countRanked(stvScottish, '4 AB, 4 B, 3 C', { seats: 2 }).rounds).toHaveLength(1);
  expect(
    countRanked(stvScottish, '4 A, 3 B, 2 C, 2 D', { seats: 2 }).rounds.map(({ action }) => action),
  ).toEqual(['FIRST_PREFERENCES', 'EXCLUSION', 'EXCLUSION']);
});

test('elects all at once where there are no more candidates than seats', () => {
  const { winners, rounds } = countRanked(stvScottish, '9 A, 1 B, 2 C', { seats: 5 });

  expect(winners).toEqual(['A', 'C', 'B']);
  expect(rounds).toHaveLength(1);
});

test('no paper is lost, and whoever was over the quota ends on it', () => {
  fc.assert(
    fc.property(strictBallots(), fc.integer({ min: 1, max: 4 }), (ballots, seats) => {
      const contest = contestOfFive({ seats });
      const { winners, rounds, quota } = stvScottish.count(contest, votesFrom(stvScottish, contest, ballots));
      const valid = ballots.reduce((sum, { weight }) => sum + weight, 0);

      expect(winners).toHaveLength(seats);
      for (const { action, of, figures, totals } of rounds) {
        const held = figures.reduce((sum, { value }) => sum + parts(value), 0n);
        const rest = parts(totals['nonTransferable']!) + parts(totals['lossByFraction']!);
        expect(held + rest).toBe(BigInt(valid) * 100_000n);
        if (action === 'SURPLUS')
          expect(figures.find(({ option }) => option === of[0])!.value).toBe(`${quota}.00000`);
      }
    }),
  );
});

/** The rules once more, a paper at a time; null if equals would have to be told apart. */
function countByHand(
  ballots: readonly RankedBallot[],
  ids: readonly string[],
  seats: number,
): string[][] | null {
  const papers = ballots.flatMap(({ ranking, weight }) =>
    Array.from({ length: weight }, () => ({
      names: ranking.flat(),
      holder: ranking[0]![0],
      value: 100_000n,
    })),
  );
  const quota = BigInt(Math.floor(papers.length / (seats + 1)) + 1) * 100_000n;
  const elected: string[] = [];
  let left = [...ids];
  const votes = new Map(ids.map((id) => [id, 0n]));
  for (const { holder, value } of papers) votes.set(holder!, votes.get(holder!)! + value);
  const stages: string[][] = [];
  for (;;) {
    const reached = left.filter((id) => votes.get(id)! >= quota);
    const rest = left.filter((id) => !reached.includes(id));
    elected.push(...reached, ...(rest.length <= seats - elected.length - reached.length ? rest : []));
    left = rest.filter((id) => !elected.includes(id));
    stages.push(ids.map((id) => votes.get(id)!.toString()));
    if (elected.length === seats || left.length === 0) return stages;

    const over = elected.filter((id) => votes.get(id)! > quota);
    const [first, second] = (over.length > 0 ? over : left).toSorted((a, b) => {
      const difference = votes.get(a)! - votes.get(b)!;
      return Number(over.length > 0 ? -difference : difference);
    });
    if (second !== undefined && votes.get(first!) === votes.get(second)) return null;
    left = left.filter((id) => id !== first);
    const total = votes.get(first!)!;
    for (const paper of papers.filter(({ holder }) => holder === first)) {
      if (over.length > 0) paper.value = ((total - quota) * paper.value) / total;
      paper.holder = paper.names.slice(paper.names.indexOf(first!) + 1).find((id) => left.includes(id));
      if (paper.holder) votes.set(paper.holder, votes.get(paper.holder)! + paper.value);
    }
    votes.set(first!, over.length > 0 ? quota : 0n);
  }
}

test('gives what a count of one paper after the other gives', () => {
  fc.assert(
    fc.property(strictBallots(20), fc.integer({ min: 1, max: 4 }), (ballots, seats) => {
      const contest = contestOfFive({ seats });
      const ids = contest.options.map(({ id }) => id);
      const byHand = countByHand(ballots, ids, seats);
      fc.pre(byHand !== null);
      const { rounds } = stvScottish.count(contest, votesFrom(stvScottish, contest, ballots));

      expect(rounds.map(({ figures }) => figures.map(({ value }) => parts(value).toString()))).toEqual(
        byHand,
      );
    }),
    { numRuns: 300 },
  );
});

test('whoever is first on more than half of the papers is elected first', () => {
  fc.assert(
    fc.property(
      strictBallots(),
      fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      fc.integer({ min: 1, max: 4 }),
      (some, id, seats) => {
        const contest = contestOfFive({ seats });
        const votes = votesFrom(stvScottish, contest, withMajority(some, id));

        expect(stvScottish.count(contest, votes).winners[0]).toBe(id);
      },
    ),
  );
});

test('keeps order and names', () => keepsOrderAndNames(stvScottish, strictBallots()));
