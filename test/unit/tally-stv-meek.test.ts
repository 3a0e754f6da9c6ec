import fc from 'fast-check';
import { stvMeek } from '../../src/governance/tally/stv-meek.ts';
import { stvScottish } from '../../src/governance/tally/stv-scottish.ts';
import {
  contestOfFive,
  countRanked,
  figuresOf,
  keepsOrderAndNames,
  strictBallots,
  votesFrom,
  withMajority,
} from '../support/rankings.ts';

const parts = (text: string): bigint => BigInt(text.replace('.', ''));
const ONE = 1_000_000_000n;

// What Jonathan Lundell’s Droop, which is where the reference rule was written down, gives for its test elections.
describe('counts as the reference', () => {
  test('six ballots for two seats', () => {
    const { winners, rounds, quota } = countRanked(stvMeek, '4 CP, 2 H', { seats: 2 });

    expect(winners).toEqual(['C', 'H']);
    expect(rounds.map(({ action, of }) => [action, ...of])).toEqual([
      ['ELECTION', 'C'],
      ['EXCLUSION', 'P'],
    ]);
    expect(figuresOf(rounds[1])).toEqual({ C: '2.000000004', P: '1.999999996', H: '2.000000000' });
    expect(rounds[1]!.figures.map(({ keepFactor }) => keepFactor)).toEqual([
      '0.500000001',
      '1.000000000',
      '1.000000000',
    ]);
    expect(rounds[1]!.totals).toEqual({
      quota: '2.000000001',
      surplus: '0.000000003',
      nonTransferable: '0.000000000',
    });
    expect(quota).toBe('2.000000001');
  });

  test('nine ballots for two seats', () => {
    const { winners, rounds } = countRanked(stvMeek, '5 CP, 1 P, 3 H', { seats: 2 });

    expect(winners).toEqual(['C', 'H']);
    expect(figuresOf(rounds[1])).toEqual({ C: '3.000000005', P: '2.999999995', H: '3.000000000' });
  });

  // Voting matters 12 (2000): three candidates who are equal but for what rounding does.
  test('an election in which rounding must not decide', () => {
    const text = '333 AX, 333 AY, 333 AZ, 333 BX, 333 BY, 333 BZ, 667 X, 667 Y, 667 Z, 1 ABX, 1 ABY, 2 BAX';
    const seeds = Array.from({ length: 30 }, (_, seed) => `${seed}`);
    const results = seeds.map((seed) => countRanked(stvMeek, text, { seats: 3, seed }));

    expect(figuresOf(results[0]!.rounds[1])).toEqual({
      A: '1000.750000126',
      B: '1000.750000126',
      X: '667.166666686',
      Y: '667.166666562',
      Z: '667.166666500',
    });
    expect(results.map(({ tieBreaks }) => tieBreaks[0]!.among)).toEqual(seeds.map(() => ['X', 'Y', 'Z']));
    const withoutX = results.find(({ rounds }) => rounds[1]!.of[0] === 'X')!;
    expect(withoutX.winners).toEqual(['A', 'B', 'Y']);
    expect(figuresOf(withoutX.rounds[2])).toEqual({
      A: '800.584418564',
      B: '800.584418564',
      X: '0.000000000',
      Y: '800.596982770',
      Z: '800.556768208',
    });
    expect(withoutX.rounds[2]!.totals['quota']).toBe('800.580647027');
  });
});

test('gives a surplus on through those who are elected, which the Scottish rules do not', () => {
  const ballots = '12 AB, 8 BC, 4 C, 5 D';

  expect(countRanked(stvMeek, ballots, { seats: 3 }).winners).toEqual(['A', 'B', 'C']);
  expect(countRanked(stvScottish, ballots, { seats: 3 }).winners).toEqual(['A', 'B', 'D']);
});

test('breaks ties by the latest round at which they were not equal, then by lot', () => {
  const { tieBreaks } = countRanked(stvMeek, '1 AB, 2 B, 3 C, 4 D, 5 E', { seats: 2 });
  const lots = countRanked(stvMeek, '3 A, 2 B, 2 C', { seed: 'x' });

  expect(tieBreaks).toEqual([
    { round: 2, among: ['B', 'C'], chosen: ['B'], by: 'EARLIER_ROUND', seed: null },
  ]);
  expect(lots.tieBreaks).toEqual([
    { round: 1, among: ['B', 'C'], chosen: lots.rounds[0]!.of, by: 'LOT', seed: 'x' },
  ]);
});

test('elects all where there are no more candidates than seats', () => {
  expect(countRanked(stvMeek, '9 A, 1 B, 2 C', { seats: 5 })).toMatchObject({
    winners: ['A', 'C', 'B'],
    rounds: [{ action: 'FILLING', of: [] }],
  });
});

/** Spreads each ballot by itself, as the rule is written. */
function spread(rankings: readonly string[][], keep: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const votes = new Map([...keep.keys()].map((id) => [id, 0n]));
  for (const ranking of rankings) {
    let weight = ONE;
    for (const id of ranking) {
      const kept = (weight * keep.get(id)! + ONE - 1n) / ONE;
      votes.set(id, votes.get(id)! + kept);
      weight -= kept;
      if (weight <= 0n) break;
    }
  }
  return votes;
}

test('its figures are what each ballot by itself gives with the keep factors that it tells', () => {
  fc.assert(
    fc.property(strictBallots(), fc.integer({ min: 1, max: 4 }), (ballots, seats) => {
      const contest = contestOfFive({ seats });
      const { winners, rounds } = stvMeek.count(contest, votesFrom(stvMeek, contest, ballots));
      const each = ballots.flatMap(({ ranking, weight }) =>
        Array.from({ length: weight }, () => ranking.flat()),
      );

      expect(winners).toHaveLength(seats);
      for (const { figures, totals } of rounds) {
        const keep = new Map(figures.map(({ option, keepFactor }) => [option, parts(keepFactor!)]));
        const votes = spread(each, keep);
        const held = [...votes.values()].reduce((sum, value) => sum + value, 0n);

        expect(figures.map(({ option, value }) => [option, parts(value)])).toEqual([...votes]);
        expect(parts(totals['quota']!)).toBe(held / BigInt(seats + 1) + 1n);
        expect(parts(totals['nonTransferable']!)).toBe(BigInt(each.length) * ONE - held);
      }
    }),
    { numRuns: 200 },
  );
});

test('whoever is first on more than half of the ballots is elected', () => {
  fc.assert(
    fc.property(strictBallots(), fc.constantFrom('a', 'b', 'c', 'd', 'e'), (some, id) => {
      const contest = contestOfFive({ seats: 2 });

      expect(stvMeek.count(contest, votesFrom(stvMeek, contest, withMajority(some, id))).winners).toContain(
        id,
      );
    }),
  );
});

test('keeps order and names', () => keepsOrderAndNames(stvMeek, strictBallots()));
