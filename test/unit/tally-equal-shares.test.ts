import fc from 'fast-check';
import type { BudgetVote } from '../../src/governance/tally/budget.ts';
import type { Contest, TallySettings, WeightedVote } from '../../src/governance/tally/method.ts';
import { pbEqualShares } from '../../src/governance/tally/pb-equal-shares.ts';
import {
  approvalsOf,
  budgetContest,
  budgetVotes,
  oneByOne,
  times,
  townBudget,
  votesOf,
} from '../support/elections.ts';

const TOWN = { bikes: 700, gym: 400, park: 250, playground: 200, library: 100 };
const countOf = (
  costs: Record<string, number>,
  settings: TallySettings & { budget: bigint },
  votes: readonly WeightedVote<string[]>[],
) => pbEqualShares.count(budgetContest(costs, settings), budgetVotes(votes));
const stepsOf = (result: ReturnType<typeof countOf>) =>
  result.rounds
    .slice(1)
    .map(({ of, figures, totals }) => [
      of[0],
      totals['price'],
      Object.fromEntries(figures.map(({ option, value }) => [option, value])),
    ]);

// Both elections are the ones with which equalshares.net explains the method, and so are the numbers.
describe('the examples of equalshares.net', () => {
  test('the first: kids get something after the sportive ones have spent their share', () => {
    const result = countOf(TOWN, { budget: 1_100n, completion: 'NONE' }, [
      times(3, ['bikes', 'gym', 'park']),
      times(3, ['bikes', 'gym']),
      times(2, ['park', 'playground', 'library']),
      times(1, ['playground']),
      times(1, ['playground', 'library']),
      times(1, ['bikes']),
    ]);

    expect(result).toMatchObject({
      winners: ['bikes', 'playground', 'library'],
      budget: { budget: 1_100n, spent: 1_000n },
      tieBreaks: [],
    });
    expect(stepsOf(result)).toEqual([
      [
        'bikes',
        '100.00000',
        { bikes: '7.00000', gym: '6.00000', park: '5.00000', playground: '4.00000', library: '3.00000' },
      ],
      ['playground', '50.00000', { playground: '4.00000', library: '3.00000' }],
      ['library', '33.33333', { library: '3.00000' }],
    ]);
  });

  test('the second: who cannot pay in full counts for a part of a vote', () => {
    const result = countOf(TOWN, { budget: 1_100n, completion: 'NONE' }, [
      times(3, ['bikes', 'gym', 'park']),
      times(3, ['bikes', 'gym']),
      times(2, ['park', 'playground', 'library']),
      times(1, ['playground']),
      times(1, ['playground', 'library']),
      times(1, ['gym']),
    ]);

    expect(result.winners).toEqual(['gym', 'park', 'playground']);
    expect(stepsOf(result)).toEqual([
      ['gym', '57.14285', { gym: '7.00000', park: '5.00000', playground: '4.00000', library: '3.00000' }],
      ['park', '60.71428', { park: '4.11764', playground: '4.00000', library: '3.00000' }],
      ['playground', '60.71428', { playground: '3.29411', library: '3.00000' }],
    ]);
  });
});

// Ten voters of two kinds, each liking projects of their own: six get three fifths of the money and four two fifths
// (Peters, Pierczyński and Skowron 2021 on proportionality).
test('gives each group its part, where greedy gives all to the larger one', () => {
  const mine = ['a1', 'a2', 'a3', 'a4', 'a5'];
  const yours = ['b1', 'b2', 'b3', 'b4', 'b5'];
  const costs = Object.fromEntries([...mine, ...yours].map((id) => [id, 20]));

  const { winners } = countOf(costs, { budget: 100n }, [times(6, mine), times(4, yours)]);

  expect(winners.filter((id) => mine.includes(id))).toHaveLength(3);
  expect(winners.filter((id) => yours.includes(id))).toHaveLength(2);
});

describe('completion', () => {
  // Of 130 each of four has 32.50. Three pay for b as soon as shares are 40, and then a does not fit any more. With shares of 132.50
  // the fourth would pay for a, too, and both are more than there is.
  const costs = { a: 100, b: 120, c: 90 };
  const votes = [times(1, ['a']), times(3, ['b'])];

  test.each<[TallySettings, string[], string]>([
    [{ completion: 'NONE' }, [], '0'],
    [{ completion: 'ADD1' }, ['b'], '40.50000'],
    [{}, ['b'], '40.50000'],
    [{ mostSteps: 8 }, ['b'], '40.50000'],
    [{ mostSteps: 7 }, [], '0'],
    [{ increment: 10n }, ['b'], '42.50000'],
    [{ increment: 10n, startsWhole: true }, ['b'], '40.00000'],
    [{ increment: 100n }, [], '0'],
  ])('with %j buys %j at shares of %s', (settings, winners, share) => {
    const result = countOf(costs, { budget: 130n, ...settings }, votes);

    expect(result.winners).toEqual(winners);
    expect(result.rounds.at(-1)!.totals['share'] ?? '0').toBe(share);
  });

  test('by votes spends what is left, and says so', () => {
    const settings = { budget: 130n, completion: 'ADD1_UTILITARIAN', increment: 100n } as const;

    const result = countOf(costs, settings, votes);

    expect(result.winners).toEqual(['b']);
    expect(result.rounds.at(-1)).toMatchObject({
      action: 'COMPLETION',
      of: ['b'],
      totals: { budgetLeft: '10' },
    });
  });

  test('stops where nothing that somebody wants would fit', () => {
    // At once everything is bought that fits; c fits, too, and nobody wants it.
    const result = countOf({ a: 60, b: 60, c: 10 }, { budget: 100n }, [times(4, ['a'])]);

    expect(result.winners).toEqual(['a']);
  });

  test('refuses shares that never grow', () => {
    expect(() => countOf(costs, { budget: 130n, increment: 0n }, votes)).toThrow(RangeError);
  });
});

describe('ties', () => {
  test('the cheaper one, then more votes, then the lot', () => {
    const cheaper = countOf({ a: 4, b: 2 }, { budget: 8n, completion: 'NONE' }, [times(2, ['a', 'b'])]);
    const drawn = countOf({ a: 4, b: 4 }, { budget: 4n, completion: 'NONE' }, [times(2, ['a', 'b'])]);

    expect(cheaper.winners).toEqual(['b', 'a']);
    expect(cheaper.tieBreaks).toEqual([
      { round: 2, among: ['a', 'b'], chosen: ['b'], by: 'LOWER_COST', seed: null },
    ]);
    expect(drawn.tieBreaks).toEqual([
      { round: 2, among: ['a', 'b'], chosen: drawn.winners, by: 'LOT', seed: 'seed' },
    ]);
  });

  // Shares are 2. Four spend theirs on z, one of whom would have liked b, too; then a and b have two votes each.
  test('more votes at the beginning count where costs are equal', () => {
    const result = countOf({ z: 8, a: 2, b: 2 }, { budget: 12n, completion: 'NONE' }, [
      times(3, ['z']),
      times(1, ['z', 'b']),
      times(2, ['a', 'b']),
    ]);

    expect(result.winners).toEqual(['z', 'b', 'a']);
    expect(result.tieBreaks).toEqual([
      { round: 3, among: ['a', 'b'], chosen: ['b'], by: 'MORE_VOTES', seed: null },
    ]);
  });
});

test('points: the price is per point, and who gave more pays more', () => {
  const contest = budgetContest({ a: 60, b: 60 }, { budget: 120n, maxScore: 5, completion: 'NONE' });
  const votes: WeightedVote<BudgetVote>[] = [
    times(1, [{ option: 'a', value: 5 }]),
    times(1, [
      { option: 'a', value: 1 },
      { option: 'b', value: 2 },
    ]),
    times(1, [{ option: 'b', value: 2 }]),
  ];

  const result = pbEqualShares.count(contest, votes);

  // Shares are 40. For a the first would owe 50 of the 60, has 40, and leaves 20 for the one point of the second. For b the second
  // and the third owe 30 each, 15 a point; then the second has too little left for a.
  expect(result.winners).toEqual(['b']);
  expect(stepsOf(result)).toEqual([['b', '15.00000', { a: '3.00000', b: '4.00000' }]]);
});

test('what costs nothing and is wanted is done', () => {
  const result = countOf({ a: 0, b: 5, c: 0 }, { budget: 4n }, [times(1, ['a', 'b'])]);

  expect(result.winners).toEqual(['a']);
  expect(result.rounds.at(-1)).toMatchObject({ action: 'FREE', of: ['a'] });
});

test('without votes nothing is bought', () => {
  expect(countOf({ a: 1 }, { budget: 5n }, []).winners).toEqual([]);
});

// In a unit a thousand million times smaller, and with voters who each count for a thousand, everything is as before.
test('stays exact with great numbers', () => {
  const { contest, votes } = townBudget({
    voters: 300,
    projects: 20,
    budget: 20_000,
    settings: { increment: 7n },
  });
  const many = 10n ** 9n;
  const greater: Contest = {
    ...contest,
    options: contest.options.map((option) => ({ ...option, cost: option.cost! * many })),
    settings: { budget: 20_000n * many, increment: (7n * many) / 1_000n },
  };

  const result = pbEqualShares.count(
    greater,
    oneByOne(votes).map(({ vote }) => times(1_000, vote)),
  );

  expect(result.winners).toEqual(pbEqualShares.count(contest, votes).winners);
  expect(() => pbEqualShares.count(contest, [times(10n ** 16n, votes[0]!.vote)])).toThrow(RangeError);
});

describe('an exact count, one voter at a time', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const elections = (points: number) =>
    fc.record({
      costs: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 6, maxLength: 6 }),
      budget: fc.integer({ min: 1, max: 120 }),
      votes: votesOf(
        approvalsOf(ids).chain((approved) =>
          fc.tuple(
            ...approved.map((option) =>
              fc.record({ option: fc.constant(option), value: fc.integer({ min: 1, max: points }) }),
            ),
          ),
        ),
      ),
    });

  test.each([
    ['approvals', 1, {}],
    ['points', 4, { maxScore: 4 }],
    ['approvals and the nearest share below', 1, { startsWhole: true }],
  ])('of %s says the same', (_name, points, settings) => {
    fc.assert(
      fc.property(
        elections(points),
        fc.constantFrom('NONE', 'ADD1'),
        ({ costs, budget, votes }, completion) => {
          const named = Object.fromEntries(ids.map((id, index) => [id, costs[index]!]));
          const contest = budgetContest(named, { budget: BigInt(budget), ...settings, completion });
          fc.pre(votes.length > 0);

          const result = pbEqualShares.count(contest, votes);

          expect(result.winners).toEqual(plainCount(contest, oneByOne(votes)));
        },
      ),
      { numRuns: 120 },
    );
  });

  test('of a small town says the same', () => {
    const { contest, votes } = townBudget({
      voters: 150,
      projects: 16,
      budget: 4_000,
      settings: { increment: 3n },
    });

    expect(pbEqualShares.count(contest, votes).winners).toEqual(plainCount(contest, votes));
  });
});

/**
 * The rule word by word, slowly: a purse with a fraction for each voter, all projects priced each time. Ties that need a lot go
 * as the count under test would draw them, since there is nothing else that they could be compared with.
 */
function plainCount(contest: Contest, votes: readonly WeightedVote<BudgetVote>[]): string[] {
  const { budget = 0n, completion, increment = 1n, startsWhole, maxScore } = contest.settings;
  const people = BigInt(votes.length);
  const step = increment * people;
  let share: Fraction = [startsWhole ? budget - (budget % step) : budget, people];
  const costs = new Map(contest.options.map(({ id, cost }) => [id, cost!]));
  const wanted = contest.options
    .map(({ id }) => id)
    .filter((id) => votes.some(({ vote }) => vote.some(({ option }) => option === id)));
  const sum = (bought: readonly string[]) => bought.reduce((total, id) => total + costs.get(id)!, 0n);
  let outcome = buyPlainly(contest, votes, wanted, share, maxScore === undefined);
  if (completion === 'NONE') return outcome;
  while (wanted.some((id) => !outcome.includes(id) && sum(outcome) + costs.get(id)! <= budget)) {
    share = [share[0] + step, people];
    const next = buyPlainly(contest, votes, wanted, share, maxScore === undefined);
    if (sum(next) > budget) break;
    outcome = next;
  }
  return outcome;
}

type Fraction = [bigint, bigint];
const minus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduced([a * d - c * b, b * d]);
const isLess = ([a, b]: Fraction, [c, d]: Fraction) => a * d < c * b;
function reduced([a, b]: Fraction): Fraction {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y) [x, y] = [y, x % y];
  return x ? [a / x, b / x] : [0n, 1n];
}

function buyPlainly(
  contest: Contest,
  votes: readonly WeightedVote<BudgetVote>[],
  wanted: readonly string[],
  share: Fraction,
  isApproval: boolean,
): string[] {
  const purses = votes.map(() => share);
  const bought: string[] = [];
  const pointsOf = (voter: number, id: string) =>
    BigInt(votes[voter]!.vote.find(({ option }) => option === id)?.value ?? 0);
  for (;;) {
    const offers = wanted
      .filter((id) => !bought.includes(id))
      .flatMap((id) => {
        const place = contest.options.findIndex((option) => option.id === id);
        const { cost = 0n } = contest.options[place]!;
        const rich = new Set([...votes.keys()].filter((voter) => pointsOf(voter, id) > 0n));
        const total = [...rich].reduce((sum, voter) => sum + pointsOf(voter, id), 0n);
        let left: Fraction = [cost, 1n];
        while (rich.size > 0) {
          const points = [...rich].reduce((sum, voter) => sum + pointsOf(voter, id), 0n);
          const price = reduced([left[0], left[1] * points]);
          const poor = [...rich].filter((voter) =>
            isLess(purses[voter]!, [price[0] * pointsOf(voter, id), price[1]]),
          );
          if (poor.length === 0) {
            const rho = reduced([price[0], price[1] * (isApproval ? cost : 1n)]);
            return [{ id, place, cost, total, price, rho }];
          }
          for (const voter of poor) {
            rich.delete(voter);
            left = minus(left, purses[voter]!);
          }
        }
        return [];
      });
    const lot = (place: number) => contest.lot.draw(`purchase ${bought.length + 1}:${place}`);
    const [next] = offers.toSorted((a, b) => {
      if (isLess(a.rho, b.rho)) return -1;
      if (isLess(b.rho, a.rho)) return 1;
      if (a.cost !== b.cost) return a.cost < b.cost ? -1 : 1;
      if (a.total !== b.total) return a.total > b.total ? -1 : 1;
      return lot(a.place) < lot(b.place) ? -1 : 1;
    });
    if (!next) return bought;
    bought.push(next.id);
    for (const voter of purses.keys()) {
      const due: Fraction = [next.price[0] * pointsOf(voter, next.id), next.price[1]];
      purses[voter] = isLess(purses[voter]!, due) ? [0n, 1n] : minus(purses[voter]!, due);
    }
  }
}
