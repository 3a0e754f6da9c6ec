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
import type { Contest, Round, TallyMethod, TallyResult, TieBreak, WeightedVote } from './method.ts';

/**
 * Buys the project with the most votes, then the next, and passes over what does not fit into what is left of `budget`. Of two
 * with as many votes the cheaper one comes first, and of two that cost as much the one that the lot `votes <n>` names.
 */
export const pbGreedy: TallyMethod<BudgetVote> = {
  name: 'PB_GREEDY',
  ballotKind: 'APPROVALS_OR_SCORES',
  isMultiSeat: true,
  parseBallot: parseBudgetVote,
  count: buyByVotes,
};

function buyByVotes(contest: Contest, votes: readonly WeightedVote<BudgetVote>[]): TallyResult {
  const projects = projectsOf(contest, votes);
  const budget = budgetOf(contest);
  const order = inOrderOfVotes(contest, projects);
  const bought: Project[] = [];
  const rounds: Round[] = [totalsRound(contest, projects)];
  let left = budget;
  for (const project of order) {
    const fits = project.cost <= left;
    if (fits) {
      left -= project.cost;
      bought.push(project);
    }
    rounds.push(roundOf(rounds.length + 1, project, fits, left));
  }
  return {
    method: 'PB_GREEDY',
    seats: contest.seats,
    quota: null,
    winners: bought.map(({ id }) => id),
    rounds,
    tieBreaks: tiesIn(contest, order, new Set(bought)),
    budget: { budget, spent: costOf(bought) },
  };
}

/** Most votes first; equals by lower cost, then by lot. */
export function inOrderOfVotes({ lot }: Contest, projects: readonly Project[]): Project[] {
  const amounts = [...new Set(projects.map(({ votes }) => votes))].toSorted((a, b) => (a > b ? -1 : 1));
  return amounts.flatMap((amount) => {
    const equal = projects.filter(({ votes }) => votes === amount);
    if (equal.length === 1) return equal;
    const byPlace = new Map(equal.map((project) => [project.place, project]));
    return orderByLot(lot, `votes ${amount}`, [...byPlace.keys()])
      .map((place) => byPlace.get(place)!)
      .toSorted((a, b) => (a.cost < b.cost ? -1 : a.cost > b.cost ? 1 : 0));
  });
}

/**
 * Where projects had as many votes and not all were bought. Of such equals the cheapest come first, so those that were bought
 * stand before those that were not, and what parts them decided.
 */
function tiesIn({ lot }: Contest, order: readonly Project[], bought: ReadonlySet<Project>): TieBreak[] {
  return order.flatMap((project, index) => {
    const next = order[index + 1];
    if (!next || next.votes !== project.votes || !bought.has(project) || bought.has(next)) return [];
    const isLot = next.cost === project.cost;
    const among = order.filter(
      ({ votes, cost }) => votes === project.votes && (!isLot || cost === project.cost),
    );
    const chosen = among.filter((each) => bought.has(each));
    // The first round tells the votes.
    return [tieBetween(index + 2, among, chosen, isLot ? { lot } : { rule: 'LOWER_COST' })];
  });
}

function roundOf(number: number, { id, cost, votes }: Project, fits: boolean, left: bigint): Round {
  return {
    number,
    action: fits ? 'BUY' : 'PASS_OVER',
    of: [id],
    figures: [{ option: id, value: votes.toString(), state: fits ? 'ELECTED' : 'EXCLUDED' }],
    totals: { cost: cost.toString(), budgetLeft: left.toString() },
  };
}
