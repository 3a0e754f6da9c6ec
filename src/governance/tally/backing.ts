import type { BudgetVote, Project } from './budget.ts';
import type { WeightedVote } from './method.ts';

/** Who gave points to whom, in numbers: voters and projects by their place in the lists. */
export interface Backing {
  projects: readonly Project[];
  /** How many voted alike; voters who voted alike are one row of the numbers below. */
  weights: Float64Array;
  totalWeight: bigint;
  mostPoints: number;
  /** For each project who gave it points, and how many each of them gave. */
  backers: Sheet[];
  /** For each voter which projects they gave points, and how many. */
  backed: Sheet[];
}

/** Points by the place of who gave them, or of what got them. */
interface Sheet {
  ids: Int32Array;
  points: Float64Array;
}

/** Lists points by voter and by project. Votes that are equal are made one. */
export function backingOf(projects: readonly Project[], votes: readonly WeightedVote<BudgetVote>[]): Backing {
  const indexes = new Map(projects.map(({ id }, index) => [id, index]));
  const groups = alike(votes);
  const backed = groups.map(({ vote }) => sheetOf(indexes, vote));
  const totalWeight = groups.reduce((sum, { weight }) => sum + weight, 0n);
  const mostPoints = backed.reduce((most, { points }) => points.reduce((a, b) => Math.max(a, b), most), 1);
  const pointsInAll = projects.reduce(
    (sum, project) => sum + project.votes,
    totalWeight * BigInt(mostPoints),
  );
  if (pointsInAll > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('weights and points are too great');
  return {
    projects,
    weights: Float64Array.from(groups, ({ weight }) => Number(weight)),
    totalWeight,
    mostPoints,
    backers: turned(backed, projects.length),
    backed,
  };
}

/** Equal votes made one, with their weights together. */
function alike(votes: readonly WeightedVote<BudgetVote>[]): WeightedVote<BudgetVote>[] {
  const groups = new Map<string, WeightedVote<BudgetVote>>();
  for (const { vote, weight } of votes) {
    const key = JSON.stringify(vote.map(({ option, value }) => [option, value]));
    groups.set(key, { vote, weight: (groups.get(key)?.weight ?? 0n) + weight });
  }
  return [...groups.values()];
}

function sheetOf(indexes: ReadonlyMap<string, number>, vote: BudgetVote): Sheet {
  const known = vote.filter(({ option, value }) => indexes.has(option) && value > 0);
  return {
    ids: Int32Array.from(known, ({ option }) => indexes.get(option)!),
    points: Float64Array.from(known, ({ value }) => value),
  };
}

/** The same points, by project and not by voter. */
function turned(backed: readonly Sheet[], projects: number): Sheet[] {
  const counts = new Int32Array(projects);
  for (const { ids } of backed) for (const project of ids) counts[project]! += 1;
  const sheets = Array.from(counts, (count) => ({
    ids: new Int32Array(count),
    points: new Float64Array(count),
  }));
  counts.fill(0);
  for (const [voter, { ids, points }] of backed.entries()) {
    for (const [index, project] of ids.entries()) {
      const place = counts[project]!++;
      sheets[project]!.ids[place] = voter;
      sheets[project]!.points[place] = points[index]!;
    }
  }
  return sheets;
}
