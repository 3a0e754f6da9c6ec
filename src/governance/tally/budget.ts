import { parseApprovals, parseScores, parseSpending } from './ballots.ts';
import type {
  BallotInput,
  Contest,
  Lot,
  OptionScore,
  ParsedBallot,
  Round,
  TallySettings,
  TieBreak,
  WeightedVote,
} from './method.ts';
import { totalsOf } from './totals.ts';

/** A vote on a budget: the points of each project; an approval is one point. */
export type BudgetVote = readonly OptionScore[];

/** A project that can be bought. */
export interface Project {
  /** Among the options of the contest. */
  place: number;
  id: string;
  cost: bigint;
  /** The sum of what all voters gave it. */
  votes: bigint;
}

/** Whether voters give points and not approvals: where the settings say how many there are. */
export function takesPoints({ maxScore, credits }: TallySettings): boolean {
  return maxScore !== undefined || credits !== undefined;
}

/** Reads approvals or points, as the settings ask. */
export function parseBudgetVote(input: BallotInput, contest: Contest): ParsedBallot<BudgetVote> {
  const { maxScore, credits } = contest.settings;
  if (credits !== undefined) return parseSpending(input, contest, (points) => points);
  if (maxScore !== undefined) return parseScores(input, contest, maxScore);
  const { vote, faults } = parseApprovals(input, contest);
  return faults ? { faults } : { vote: vote.map((option) => ({ option, value: 1 })) };
}

/** What may be spent. */
export function budgetOf({ settings }: Contest): bigint {
  if (settings.budget === undefined) throw new RangeError('a vote on a budget needs one');
  return settings.budget;
}

/** The projects that somebody voted for and that have not been withdrawn, in the order of the ballot. */
export function projectsOf(contest: Contest, votes: readonly WeightedVote<BudgetVote>[]): Project[] {
  const totals = totalsOf(contest, votes);
  return contest.options.flatMap(({ id, cost }, place) => {
    if (cost === undefined) throw new RangeError('a project needs a cost');
    return totals[place]! > 0n ? [{ place, id, cost, votes: totals[place]! }] : [];
  });
}

/** What projects cost together. */
export function costOf(projects: readonly Project[]): bigint {
  return projects.reduce((sum, { cost }) => sum + cost, 0n);
}

/** The first round: what each option got. */
export function totalsRound(contest: Contest, projects: readonly Project[]): Round {
  const votes = new Map(projects.map((project) => [project.place, project.votes]));
  return {
    number: 1,
    action: 'TOTALS',
    of: [],
    figures: contest.options.map(({ id }, place) => ({
      option: id,
      value: (votes.get(place) ?? 0n).toString(),
      state: votes.has(place) ? 'CONTINUING' : 'EXCLUDED',
    })),
    totals: { budget: budgetOf(contest).toString() },
  };
}

/** Projects that are equal, and those of them that are taken. */
export function tieBetween(
  round: number,
  among: readonly Project[],
  chosen: readonly Project[],
  by: { rule: string } | { lot: Lot },
): TieBreak {
  return {
    round,
    among: among.map(({ id }) => id),
    chosen: chosen.map(({ id }) => id),
    by: 'lot' in by ? 'LOT' : by.rule,
    seed: 'lot' in by ? by.lot.seed : null,
  };
}
