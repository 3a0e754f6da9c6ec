import { type Backing, backingOf } from './backing.ts';
import {
  budgetOf,
  type BudgetVote,
  costOf,
  parseBudgetVote,
  type Project,
  projectsOf,
  totalsRound,
} from './budget.ts';
import type { Contest, Round, TallyMethod, TallyResult, TieBreak, WeightedVote } from './method.ts';
import { inOrderOfVotes } from './pb-greedy.ts';
import { buyAll, type Share } from './purchase.ts';

/**
 * The method of equal shares (Peters, Pierczyński and Skowron 2021): each voter gets an equal share of `budget` and helps to pay
 * for what they voted for, each as much as the others or all they have left.
 *
 * The next project is the one with the least price for what its backers get from it: with approvals they get its cost, so that
 * the one with the highest effective vote count comes first; with points they get their points. Of equals the cheaper one, then
 * the one with more votes at the beginning, then the lot `purchase <n>` decides.
 *
 * `completion` says what becomes of money that voters cannot spend so. `ADD1` counts again with shares that are `increment`
 * greater, as long as the outcome stays within the budget and another project that somebody voted for would fit, `mostSteps` times
 * at most.
 * `ADD1_UTILITARIAN` then buys what still fits by votes, as PB_GREEDY does. `startsWhole` rounds the first share down.
 */
export const pbEqualShares: TallyMethod<BudgetVote> = {
  name: 'PB_EQUAL_SHARES',
  ballotKind: 'APPROVALS_OR_SCORES',
  isMultiSeat: true,
  parseBallot: parseBudgetVote,
  count: shareOut,
};

/** One count with shares of a certain size. */
interface Outcome {
  share: Share;
  bought: Project[];
  cost: bigint;
}

function shareOut(contest: Contest, votes: readonly WeightedVote<BudgetVote>[]): TallyResult {
  const projects = projectsOf(contest, votes);
  const budget = budgetOf(contest);
  const free = projects.filter(({ cost }) => cost === 0n);
  const priced = projects.filter(({ cost }) => cost > 0n);
  const backing = backingOf(priced, votes);
  const rounds = [totalsRound(contest, projects)];
  const tieBreaks: TieBreak[] = [];
  if (free.length > 0) rounds.push(extraRound(2, 'FREE', free, budget));
  const bought = [...free];
  if (priced.length > 0) {
    const { share } = complete(contest, backing, budget);
    bought.push(...buyAll(contest, backing, share, { rounds, tieBreaks }));
  }
  if (contest.settings.completion === 'ADD1_UTILITARIAN') {
    const extra = whatFits(inOrderOfVotes(contest, priced), bought, budget - costOf(bought));
    bought.push(...extra);
    if (extra.length > 0)
      rounds.push(extraRound(rounds.length + 1, 'COMPLETION', extra, budget - costOf(bought)));
  }
  return {
    method: 'PB_EQUAL_SHARES',
    seats: contest.seats,
    quota: null,
    winners: bought.map(({ id }) => id),
    rounds,
    tieBreaks,
    budget: { budget, spent: costOf(bought) },
  };
}

/** Raises the shares as long as the settings ask. The last outcome within the budget is the one that counts. */
function complete(contest: Contest, backing: Backing, budget: bigint): Outcome {
  const {
    completion = 'ADD1',
    increment = 1n,
    startsWhole = false,
    voters,
    mostSteps = Infinity,
  } = contest.settings;
  if (increment <= 0n) throw new RangeError('shares are raised by more than nothing');
  const denominator = voters ?? backing.totalWeight;
  const step = increment * denominator;
  const first = startsWhole ? budget - (budget % step) : budget;
  let outcome = outcomeOf(contest, backing, { numerator: first, denominator });
  if (completion === 'NONE') return outcome;
  for (let steps = 0; steps < mostSteps && isRoomLeft(backing, outcome, budget); steps++) {
    const numerator = outcome.share.numerator + step;
    const next = outcomeOf(contest, backing, { numerator, denominator });
    if (next.cost > budget) break;
    outcome = next;
  }
  return outcome;
}

function outcomeOf(contest: Contest, backing: Backing, share: Share): Outcome {
  const bought = buyAll(contest, backing, share);
  return { share, bought, cost: costOf(bought) };
}

/** Whether a project that was not bought fits into what the outcome leaves of the budget. */
function isRoomLeft({ projects }: Backing, { bought, cost }: Outcome, budget: bigint): boolean {
  const taken = new Set(bought);
  return projects.some((project) => !taken.has(project) && cost + project.cost <= budget);
}

function whatFits(order: readonly Project[], bought: readonly Project[], money: bigint): Project[] {
  const taken = new Set(bought);
  let left = money;
  return order.filter((project) => {
    if (taken.has(project) || project.cost > left) return false;
    left -= project.cost;
    return true;
  });
}

function extraRound(number: number, action: string, of: readonly Project[], left: bigint): Round {
  return {
    number,
    action,
    of: of.map(({ id }) => id),
    figures: of.map(({ id, votes }) => ({ option: id, value: votes.toString(), state: 'ELECTED' })),
    totals: { budgetLeft: left.toString() },
  };
}
