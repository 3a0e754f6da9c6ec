import { orderByLot } from '../lots.ts';
import {
  budgetOf,
  type BudgetVote,
  costOf,
  parseBudgetVote,
  type Project,
  projectsOf,
  tieBetween,
  totalsRound,
} from './budget.ts';
import type { Contest, TallyMethod, TallyResult, WeightedVote } from './method.ts';

/**
 * Buys the set of projects with the most votes in sum that `budget` can pay, and of such sets the one that costs least. Of sets
 * that are equal in both the lot `knapsack` decides: the one that has the first project, in the order drawn, in which they
 * differ. Beyond `mostChoices` sets the count is given up, since some costs leave nearly every set in question.
 */
export const pbKnapsack: TallyMethod<BudgetVote> = {
  name: 'PB_KNAPSACK',
  ballotKind: 'APPROVALS_OR_SCORES',
  isMultiSeat: true,
  parseBallot: parseBudgetVote,
  count: buyBestSet,
};

function buyBestSet(contest: Contest, votes: readonly WeightedVote<BudgetVote>[]): TallyResult {
  const projects = projectsOf(contest, votes);
  const budget = budgetOf(contest);
  const bits = bitsByLot(contest, projects);
  const best = bestSet(projects, { budget, bits, mostChoices: contest.settings.mostChoices ?? Infinity });
  if (!best) return givenUp(contest, projects, budget);
  const bought = projects
    .filter((project) => best.set & bits.get(project)!)
    .toSorted((a, b) => (a.votes > b.votes ? -1 : a.votes < b.votes ? 1 : a.place - b.place));
  const tied = projects.filter((project) => best.tied & bits.get(project)!);
  const chosen = tied.filter((project) => best.set & bits.get(project)!);
  const first = totalsRound(contest, projects);
  const winners = bought.map(({ id }) => id);
  return {
    method: 'PB_KNAPSACK',
    seats: contest.seats,
    quota: null,
    winners,
    rounds: [
      first,
      {
        number: 2,
        action: 'BUY',
        of: winners,
        figures: first.figures.map((figure) => ({
          ...figure,
          state: winners.includes(figure.option) ? 'ELECTED' : 'EXCLUDED',
        })),
        totals: { votes: best.votes.toString(), budgetLeft: (budget - best.cost).toString() },
      },
    ],
    tieBreaks: tied.length > 0 ? [tieBetween(2, tied, chosen, contest)] : [],
    budget: { budget, spent: costOf(bought) },
  };
}

/** What is told of a count that has no end: the votes of each project, and nothing chosen. */
function givenUp(contest: Contest, projects: readonly Project[], budget: bigint): TallyResult {
  return {
    method: 'PB_KNAPSACK',
    seats: contest.seats,
    quota: null,
    winners: [],
    rounds: [totalsRound(contest, projects)],
    tieBreaks: [],
    isTooHard: true,
    budget: { budget, spent: 0n },
  };
}

interface Search {
  budget: bigint;
  bits: ReadonlyMap<Project, bigint>;
  /** How many choices are looked at. */
  mostChoices: number;
}

/** A bit for each project, the highest for the one that the lot names first, so that the better of two sets is the greater number. */
function bitsByLot({ lot }: Contest, projects: readonly Project[]): Map<Project, bigint> {
  const order = orderByLot(
    lot,
    'knapsack',
    projects.map(({ place }) => place),
  );
  const rank = new Map(order.map((place, index) => [place, index]));
  return new Map(
    projects.map((project) => [project, 1n << BigInt(projects.length - 1 - rank.get(project.place)!)]),
  );
}

/** A choice among the projects looked at so far. */
interface Choice {
  cost: bigint;
  votes: bigint;
  /** The bits of its projects. */
  set: bigint;
  /** The bits of the projects in which sets with the same votes and cost differ from it. */
  tied: bigint;
}

/**
 * The choices that no other surpasses, one project after another (Nemhauser and Ullmann 1969), without those that cannot reach
 * the best set any more however the rest is filled (the bound of Dantzig 1957). Both leave out only what is surely worse, so the
 * answer is exact. Null if it takes more choices than may be looked at.
 */
function bestSet(all: readonly Project[], { budget, bits, mostChoices }: Search): Choice | null {
  const projects = all.filter(({ cost }) => cost <= budget).toSorted(byVotesPerCost);
  const bound = boundsOf(projects, budget);
  let choices: Choice[] = [{ cost: 0n, votes: 0n, set: 0n, tied: 0n }];
  let reached = 0n;
  let looked = 0;
  for (const [index, project] of projects.entries()) {
    const more = choices
      .filter(({ cost }) => cost + project.cost <= budget)
      .map((choice) => withProject(choice, project, bits.get(project)!));
    looked += choices.length + more.length;
    if (looked > mostChoices) return null;
    const within = unsurpassed(choices, more).map((choice) => ({ choice, ...bound(choice, index + 1) }));
    for (const { surely } of within) if (surely > reached) reached = surely;
    choices = within.filter(({ atMost }) => atMost >= reached).map(({ choice }) => choice);
  }
  return choices.at(-1) ?? null;
}

function withProject(choice: Choice, { cost, votes }: Project, bit: bigint): Choice {
  return {
    cost: choice.cost + cost,
    votes: choice.votes + votes,
    set: choice.set | bit,
    tied: choice.tied,
  };
}

/** Merges two lists that rise in cost and in votes into one that does. */
function unsurpassed(some: readonly Choice[], others: readonly Choice[]): Choice[] {
  const merged: Choice[] = [];
  let [i, j] = [0, 0];
  while (i < some.length || j < others.length) {
    const takesSome = j === others.length || (i < some.length && some[i]!.cost <= others[j]!.cost);
    const next = takesSome ? some[i++]! : others[j++]!;
    const last = merged.at(-1);
    if (!last || next.votes > last.votes) {
      if (last?.cost === next.cost) merged.pop();
      merged.push(next);
    } else if (next.votes === last.votes && next.cost === last.cost) {
      merged[merged.length - 1] = equals(last, next);
    }
  }
  return merged;
}

/** Of two choices with the same votes and cost the one that the lot prefers, which remembers in what they differ. */
function equals(a: Choice, b: Choice): Choice {
  const better = a.set > b.set ? a : b;
  return { ...better, tied: a.tied | b.tied | (a.set ^ b.set) };
}

/**
 * How many votes a choice can come to with the projects from `index` on: `surely`, by taking them in order while they fit, and
 * `atMost`, with a part of the first that does not fit.
 */
function boundsOf(projects: readonly Project[], budget: bigint) {
  const costs = [0n];
  const votes = [0n];
  for (const [index, project] of projects.entries()) {
    costs.push(costs[index]! + project.cost);
    votes.push(votes[index]! + project.votes);
  }
  return (choice: Choice, index: number): { surely: bigint; atMost: bigint } => {
    const room = budget - choice.cost + costs[index]!;
    let [fits, tooMany] = [index, projects.length + 1];
    while (tooMany - fits > 1) {
      const middle = (fits + tooMany) >> 1;
      if (costs[middle]! <= room) fits = middle;
      else tooMany = middle;
    }
    const surely = choice.votes + votes[fits]! - votes[index]!;
    const next = projects[fits];
    const part = next ? ((room - costs[fits]!) * next.votes) / next.cost : 0n;
    return { surely, atMost: surely + part };
  };
}

function byVotesPerCost(a: Project, b: Project): number {
  const [left, right] = [a.votes * b.cost, b.votes * a.cost];
  return left > right ? -1 : left < right ? 1 : a.place - b.place;
}
