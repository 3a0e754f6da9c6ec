import fc from 'fast-check';
import type { BudgetVote } from '../../src/governance/tally/budget.ts';
import type { BallotInput, Contest, TallyMethod, WeightedVote } from '../../src/governance/tally/method.ts';
import { pbEqualShares } from '../../src/governance/tally/pb-equal-shares.ts';
import { pbGreedy } from '../../src/governance/tally/pb-greedy.ts';
import { pbKnapsack } from '../../src/governance/tally/pb-knapsack.ts';
import {
  approvalsOf,
  budgetContest,
  budgetVotes,
  oneByOne,
  renamed,
  times,
  townBudget,
  votesOf,
} from '../support/elections.ts';

// The example with which equalshares.net explains the method: eleven voters, five projects.
const TOWN = { bikes: 700, gym: 400, park: 250, playground: 200, library: 100 };
const TOWN_VOTES = budgetVotes([
  times(3, ['bikes', 'gym', 'park']),
  times(3, ['bikes', 'gym']),
  times(2, ['park', 'playground', 'library']),
  times(1, ['playground']),
  times(1, ['playground', 'library']),
  times(1, ['bikes']),
]);
const town = budgetContest(TOWN, { budget: 1_100n });

describe('greedy', () => {
  test('buys by votes', () => {
    expect(pbGreedy.count(town, TOWN_VOTES)).toMatchObject({
      method: 'PB_GREEDY',
      winners: ['bikes', 'gym'],
      budget: { budget: 1_100n, spent: 1_100n },
      tieBreaks: [],
    });
  });

  test('passes over what does not fit, and goes on', () => {
    const result = pbGreedy.count(budgetContest(TOWN, { budget: 1_050n }), TOWN_VOTES);

    expect(result.winners).toEqual(['bikes', 'park', 'library']);
    expect(result.rounds.map(({ action, of, totals }) => [action, ...of, totals['budgetLeft']])).toEqual([
      ['TOTALS', undefined],
      ['BUY', 'bikes', '350'],
      ['PASS_OVER', 'gym', '350'],
      ['BUY', 'park', '100'],
      ['PASS_OVER', 'playground', '100'],
      ['BUY', 'library', '0'],
    ]);
  });

  test('prefers the cheaper one of equals, and draws lots if both cost as much', () => {
    const votes = budgetVotes([times(2, ['a', 'b', 'c'])]);

    const cheaper = pbGreedy.count(budgetContest({ a: 5, b: 4, c: 4 }, { budget: 8n }), votes);
    const drawn = pbGreedy.count(budgetContest({ a: 5, b: 4, c: 4 }, { budget: 7n }, 'closing'), votes);

    expect(cheaper.winners.toSorted()).toEqual(['b', 'c']);
    expect(cheaper.tieBreaks).toMatchObject([{ chosen: cheaper.winners, by: 'LOWER_COST', seed: null }]);
    expect(drawn.tieBreaks).toEqual([
      {
        round: 2,
        among: expect.arrayContaining(['b', 'c']),
        chosen: drawn.winners,
        by: 'LOT',
        seed: 'closing',
      },
    ]);
  });

  test('buys nothing for which nobody voted, or that was withdrawn', () => {
    const contest = budgetContest({ a: 1, b: 1, c: 0 }, { budget: 9n });
    const options = contest.options.map((option) => ({ ...option, isWithdrawn: option.id === 'a' }));

    expect(pbGreedy.count({ ...contest, options }, budgetVotes([times(2, ['a', 'b'])])).winners).toEqual([
      'b',
    ]);
  });
});

describe('knapsack', () => {
  test('buys the set with the most votes: many small ones instead of the most liked', () => {
    expect(pbKnapsack.count(town, TOWN_VOTES)).toMatchObject({
      method: 'PB_KNAPSACK',
      winners: ['gym', 'park', 'playground', 'library'],
      budget: { spent: 950n },
      rounds: [{}, { action: 'BUY', totals: { votes: '18', budgetLeft: '150' } }],
    });
  });

  // Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, on greedy strategies: 60, 100 and 120 votes for 10, 20 and
  // 30, of which 50 can be paid; the best per cost is not in the best set.
  test('is not led astray by the best one per cost', () => {
    const votes = budgetVotes([times(60, ['a']), times(100, ['b']), times(120, ['c'])]);

    const result = pbKnapsack.count(budgetContest({ a: 10, b: 20, c: 30 }, { budget: 50n }), votes);

    expect(result).toMatchObject({ winners: ['c', 'b'], rounds: [{}, { totals: { votes: '220' } }] });
  });

  test('takes the set that costs least of those with as many votes', () => {
    const votes = budgetVotes([times(3, ['a']), times(2, ['b']), times(1, ['c'])]);

    const result = pbKnapsack.count(budgetContest({ a: 9, b: 3, c: 4 }, { budget: 9n }), votes);

    expect(result).toMatchObject({ winners: ['b', 'c'], budget: { spent: 7n }, tieBreaks: [] });
  });

  test('draws lots between sets that are equal, and tells between which projects', () => {
    const votes = budgetVotes([times(5, ['z']), times(2, ['a', 'b', 'c'])]);
    const drawnWith = (seed: string) =>
      pbKnapsack.count(budgetContest({ z: 1, a: 4, b: 4, c: 4 }, { budget: 6n }, seed), votes);
    const drawn = Array.from({ length: 30 }, (_, index) => drawnWith(`seed ${index}`));

    expect(new Set(drawn.map(({ winners }) => winners[1]))).toEqual(new Set(['a', 'b', 'c']));
    for (const { winners, tieBreaks } of drawn) {
      expect(tieBreaks).toMatchObject([
        { round: 2, among: ['a', 'b', 'c'], chosen: [winners[1]], by: 'LOT' },
      ]);
    }
  });

  test('gives up beyond the bound that its settings have, and counts all without one', () => {
    // As many votes as they cost, and no two sets that cost the same: no set surpasses another.
    const ids = Array.from({ length: 16 }, (_, index) => `p${index}`);
    const costs = Object.fromEntries(ids.map((id, index) => [id, 2n * 3n ** BigInt(index)]));
    const votes = budgetVotes(ids.map((id) => times(costs[id] ?? 0n, [id])));
    const budget = 2n * 3n ** 15n + 3n ** 13n;

    const givenUp = pbKnapsack.count(budgetContest(costs, { budget, mostChoices: 1_000 }), votes);

    expect(givenUp).toMatchObject({
      isTooHard: true,
      winners: [],
      rounds: [{ action: 'TOTALS' }],
      budget: { budget, spent: 0n },
    });
    const counted = pbKnapsack.count(budgetContest(costs, { budget }), votes);
    expect(counted.isTooHard).toBeUndefined();
    expect(counted.winners).toHaveLength(14);
  });

  test('finds what trying every set finds', () => {
    fc.assert(
      fc.property(budgetElections(), ({ contest, votes }) => {
        const { winners, budget, rounds, tieBreaks } = pbKnapsack.count(contest, votes);

        const best = bestOfAllSets(contest, votes);
        expect({ votes: rounds[1]!.totals['votes'], spent: budget!.spent }).toEqual({
          votes: best.votes.toString(),
          spent: best.cost,
        });
        expect(best.sets).toContainEqual([...winners].toSorted());
        expect(tieBreaks).toHaveLength(best.sets.length > 1 ? 1 : 0);
      }),
    );
  });

  test('is as good as any other at the size of a town', () => {
    const { contest, votes } = townBudget({
      voters: 2_000,
      projects: 100,
      budget: 5_000_000,
      settings: { increment: 100n },
    });
    const votesFor = (winners: readonly string[]) =>
      votes.reduce((sum, { vote }) => sum + vote.filter(({ option }) => winners.includes(option)).length, 0);

    const best = pbKnapsack.count(contest, votes);

    expect(best.budget!.spent).toBeLessThanOrEqual(5_000_000n);
    expect(best.rounds[1]!.totals['votes']).toBe(String(votesFor(best.winners)));
    for (const method of [pbGreedy, pbEqualShares]) {
      expect(votesFor(best.winners)).toBeGreaterThan(votesFor(method.count(contest, votes).winners));
    }
  });
});

describe('ballots', () => {
  const contest = (settings: Contest['settings']) =>
    budgetContest({ a: 1, b: 2 }, { budget: 3n, ...settings });

  test.each<[Contest['settings'], BallotInput, object]>([
    [{}, { approvals: ['b'] }, { vote: [{ option: 'b', value: 1 }] }],
    [{}, { scores: [] }, { faults: [{ code: 'NOT_ASKED_FOR' }, { code: 'EMPTY_BALLOT' }] }],
    [{ maxApprovals: 1 }, { approvals: ['a', 'b'] }, { faults: [{ code: 'TOO_MANY', path: 'approvals' }] }],
    [{ maxScore: 5 }, { scores: [{ option: 'a', value: 5 }] }, { vote: [{ option: 'a', value: 5 }] }],
    [
      { maxScore: 5 },
      { approvals: ['a'] },
      { faults: [{ code: 'NOT_ASKED_FOR' }, { code: 'EMPTY_BALLOT' }] },
    ],
    [{ credits: 10 }, { scores: [{ option: 'a', value: 11 }] }, { faults: [{ code: 'TOO_MANY_DOTS' }] }],
    [
      { credits: 10, maxScore: 6 },
      { scores: [{ option: 'a', value: 7 }] },
      { faults: [{ code: 'OUT_OF_RANGE', path: 'scores.0.value' }] },
    ],
  ])('with %j reads %j as %j', (settings, input, read) => {
    for (const method of [pbGreedy, pbKnapsack, pbEqualShares]) {
      expect(method.parseBallot(input, contest(settings))).toMatchObject(read);
    }
  });
});

describe.each<[string, TallyMethod<BudgetVote>]>([
  ['greedy', pbGreedy],
  ['knapsack', pbKnapsack],
  ['equal shares', pbEqualShares],
])('%s in general', (_name, method) => {
  test('never spends more than there is, and nothing on what nobody wants', () => {
    fc.assert(
      fc.property(budgetElections(), ({ contest, votes }) => {
        const { winners, budget } = method.count(contest, votes);

        const costs = new Map(contest.options.map(({ id, cost }) => [id, cost!]));
        const wanted = new Set(votes.flatMap(({ vote }) => vote.map(({ option }) => option)));
        expect(budget!.spent).toBe(winners.reduce((sum, id) => sum + costs.get(id)!, 0n));
        expect(budget!.spent <= budget!.budget).toBe(true);
        expect(winners.every((id) => wanted.has(id))).toBe(true);
        expect(new Set(winners).size).toBe(winners.length);
      }),
    );
  });

  test('does not ask in which order or in how many pieces votes come', () => {
    fc.assert(
      fc.property(budgetElections(), ({ contest, votes }) => {
        expect(method.count(contest, oneByOne(votes).toReversed())).toEqual(method.count(contest, votes));
      }),
    );
  });

  test('does not ask for names', () => {
    fc.assert(
      fc.property(budgetElections(), ({ contest, votes }) => {
        const names = new Map(contest.options.map(({ id }) => [id, `new ${id}`]));
        const others = votes.map(({ vote, weight }) => ({
          vote: vote.map(({ option, value }) => ({ option: names.get(option)!, value })),
          weight,
        }));
        const options = contest.options.map((option) => ({ ...option, id: names.get(option.id)! }));

        const result = method.count({ ...contest, options }, others);

        expect(result).toEqual(renamed(method.count(contest, votes), names));
      }),
    );
  });

  test('needs a budget and costs', () => {
    const votes = budgetVotes([times(1, ['a'])]);

    expect(() => method.count({ ...town, settings: {} }, TOWN_VOTES)).toThrow(RangeError);
    expect(() => method.count({ ...town, options: [{ id: 'a' }] }, votes)).toThrow(RangeError);
  });
});

function budgetElections() {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  return fc.record({
    contest: fc
      .record({
        costs: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 6, maxLength: 6 }),
        budget: fc.integer({ min: 0, max: 40 }),
        seed: fc.constantFrom('one', 'two', 'three'),
      })
      .map(({ costs, budget, seed }) =>
        budgetContest(
          Object.fromEntries(ids.map((id, index) => [id, costs[index]!])),
          { budget: BigInt(budget) },
          seed,
        ),
      ),
    votes: votesOf(approvalsOf(ids)).map(budgetVotes),
  });
}

/** Tries every set that the budget can pay. */
function bestOfAllSets({ options, settings }: Contest, votes: readonly WeightedVote<BudgetVote>[]) {
  const projects = options
    .map(({ id, cost }) => ({
      id,
      cost: cost!,
      votes: votes.reduce(
        (sum, { vote, weight }) => sum + (vote.some(({ option }) => option === id) ? weight : 0n),
        0n,
      ),
    }))
    .filter((project) => project.votes > 0n);
  let best = { votes: 0n, cost: 0n, sets: [[]] as string[][] };
  for (let bits = 1; bits < 2 ** projects.length; bits++) {
    const set = projects.filter((_, index) => bits & (2 ** index));
    const cost = set.reduce((sum, project) => sum + project.cost, 0n);
    const gained = set.reduce((sum, project) => sum + project.votes, 0n);
    const ids = set.map(({ id }) => id).toSorted();
    if (cost > settings.budget! || gained < best.votes || (gained === best.votes && cost > best.cost))
      continue;
    if (gained === best.votes && cost === best.cost) best.sets.push(ids);
    else best = { votes: gained, cost, sets: [ids] };
  }
  return best;
}
