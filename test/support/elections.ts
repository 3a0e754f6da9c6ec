import fc from 'fast-check';
import type { BudgetVote } from '../../src/governance/tally/budget.ts';
import type {
  Contest,
  TallyOption,
  TallyResult,
  TallySettings,
  WeightedVote,
} from '../../src/governance/tally/method.ts';
import { lotOf } from '../../src/kernel/lot.ts';

/** A contest between options with these ids. */
export function contestOf(
  ids: readonly string[],
  { seats = 1, seed = 'seed', ...settings }: TallySettings & { seats?: number; seed?: string } = {},
): Contest {
  return { options: ids.map((id) => ({ id })), seats, lot: lotOf(seed), settings };
}

/** A contest between projects with these costs. */
export function budgetContest(
  costs: Record<string, bigint | number>,
  settings: TallySettings & { budget: bigint },
  seed = 'seed',
): Contest {
  const options: TallyOption[] = Object.entries(costs).map(([id, cost]) => ({ id, cost: BigInt(cost) }));
  return { options, seats: 1, lot: lotOf(seed), settings };
}

/** Approvals as the budget methods read them. */
export function budgetVotes(votes: readonly WeightedVote<readonly string[]>[]): WeightedVote<BudgetVote>[] {
  return votes.map(({ vote, weight }) => ({ vote: vote.map((option) => ({ option, value: 1 })), weight }));
}

/** So many who voted alike, such as `times(3, ['a'])`. */
export function times<Vote>(weight: number | bigint, vote: Vote): WeightedVote<Vote> {
  return { vote, weight: BigInt(weight) };
}

/** Each vote as many times as it weighs, one by one. */
export function oneByOne<Vote>(votes: readonly WeightedVote<Vote>[]): WeightedVote<Vote>[] {
  return votes.flatMap(({ vote, weight }) =>
    Array.from({ length: Number(weight) }, () => ({ vote, weight: 1n })),
  );
}

/** The same result with other names for the options: one that maps `a` to `x` has `x` wherever this one has `a`. */
export function renamed(result: TallyResult, names: ReadonlyMap<string, string>): TallyResult {
  const nameOf = (id: string) => names.get(id) ?? id;
  return {
    ...result,
    winners: result.winners.map(nameOf),
    rounds: result.rounds.map((round) => ({
      ...round,
      of: round.of.map(nameOf),
      figures: round.figures.map((figure) => ({ ...figure, option: nameOf(figure.option) })),
      ...(round.pairs && {
        pairs: round.pairs.map((pair) => ({ ...pair, option: nameOf(pair.option), over: nameOf(pair.over) })),
      }),
    })),
    ...(result.potentialWinners && { potentialWinners: result.potentialWinners.map(nameOf) }),
    tieBreaks: result.tieBreaks.map((tie) => ({
      ...tie,
      among: tie.among.map(nameOf),
      chosen: tie.chosen.map(nameOf),
    })),
  };
}

/** Lists of votes with weights from 1 to 5, made of what `vote` makes. */
export function votesOf<Vote>(vote: fc.Arbitrary<Vote>, maxLength = 12): fc.Arbitrary<WeightedVote<Vote>[]> {
  return fc.array(fc.record({ vote, weight: fc.bigInt({ min: 1n, max: 5n }) }), { maxLength });
}

/** Some of the options, at least one, as they stand on the ballot. */
export function approvalsOf(ids: readonly string[]): fc.Arbitrary<string[]> {
  return fc.subarray([...ids], { minLength: 1 });
}

/** A full ballot of a participatory budget, made of a number: the same for the same number. */
export interface BudgetElection {
  contest: Contest;
  votes: WeightedVote<BudgetVote>[];
}

/**
 * A participatory budget of the size of a town's: most projects are liked by few, a few by many, and who lives in a district
 * prefers what stands there.
 *
 * @param size.budget in minor units; projects cost between a hundredth and a sixth of it
 */
export function townBudget(size: {
  voters: number;
  projects: number;
  budget: number;
  seed?: number;
  settings?: TallySettings;
}): BudgetElection {
  const next = numbersFrom(size.seed ?? 1);
  const costs = Array.from({ length: size.projects }, () =>
    Math.floor((size.budget * (1 + 15 * next() * next())) / 100),
  );
  const appeal = costs.map(() => 0.02 + next() ** 3);
  const districts = costs.map(() => Math.floor(next() * 6));
  const votes = Array.from({ length: size.voters }, () => {
    const home = Math.floor(next() * 6);
    const liked = costs.flatMap((_, place) =>
      next() < appeal[place]! * (districts[place] === home ? 0.6 : 0.12) ? [`p${place}`] : [],
    );
    return { vote: liked.length > 0 ? liked : [`p${Math.floor(next() * size.projects)}`], weight: 1n };
  });
  const named = Object.fromEntries(costs.map((cost, place) => [`p${place}`, cost]));
  return {
    contest: budgetContest(named, { budget: BigInt(size.budget), ...size.settings }),
    votes: budgetVotes(votes),
  };
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (Park and Miller 1988). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
