import type { Contest, Round, TallyMethod, TallyResult, TieBreak, WeightedVote } from './method.ts';
import { groupRankings, parseRanking, standing, type Ranking } from './rankings.ts';
import { breakTie, extremes } from './ties.ts';

interface Paper {
  ranking: Ranking;
  /** Where in the ranking it lies now. */
  at: number;
  weight: bigint;
}

interface Count {
  contest: Contest;
  continuing: Set<number>;
  piles: Paper[][];
  exhausted: bigint;
  history: bigint[][];
  rounds: Round[];
  tieBreaks: TieBreak[];
}

/**
 * Instant runoff: as long as nobody has more than half of the votes that still name a continuing candidate, the one with the
 * fewest is excluded, one at a time, and those ballots go to the next continuing candidate on them.
 *
 * Among equals the one is excluded who had the fewest at the end of the latest round at which they differed, then the lot decides.
 */
export const instantRunoff: TallyMethod<Ranking> = {
  name: 'INSTANT_RUNOFF',
  ballotKind: 'RANKING',
  isMultiSeat: false,
  parseBallot: parseRanking,
  count(contest, votes) {
    const groups = groupRankings(contest, votes);
    const count = begin(contest, groups);
    const winner = groups.length > 0 ? runOff(count) : null;
    const winners = winner === null ? [] : [contest.options[winner]!.id];
    return resultOf(count, winners);
  },
};

function begin(contest: Contest, groups: readonly WeightedVote<Ranking>[]): Count {
  const continuing = new Set(standing(contest));
  const piles: Paper[][] = contest.options.map(() => []);
  for (const { vote, weight } of groups) piles[vote[0]!]!.push({ ranking: vote, at: 0, weight });
  return { contest, continuing, piles, exhausted: 0n, history: [], rounds: [], tieBreaks: [] };
}

function runOff(count: Count): number {
  for (let excluded: number | null = null; ;) {
    const votes = count.piles.map((pile) => pile.reduce((sum, { weight }) => sum + weight, 0n));
    const total = votes.reduce((sum, each) => sum + each, 0n);
    count.history.push(votes);
    const winner = [...count.continuing].find((place) => votes[place]! * 2n > total) ?? null;
    count.rounds.push(roundOf(count, excluded, winner, total));
    if (winner !== null) return winner;
    excluded = lowest(count, votes);
    exclude(count, excluded);
  }
}

function lowest(
  { contest, continuing, history, rounds, tieBreaks }: Count,
  votes: readonly bigint[],
): number {
  const tied = extremes([...continuing], votes, 'LEAST');
  const tie = breakTie(contest, { tied, history, wanted: 'LEAST', round: rounds.length + 1 });
  tieBreaks.push(...tie.tieBreaks);
  return tie.place;
}

function exclude(count: Count, place: number): void {
  count.continuing.delete(place);
  const papers = count.piles[place]!;
  count.piles[place] = [];
  for (const paper of papers) {
    do paper.at++;
    while (paper.at < paper.ranking.length && !count.continuing.has(paper.ranking[paper.at]!));
    const next = paper.ranking[paper.at];
    if (next === undefined) count.exhausted += paper.weight;
    else count.piles[next]!.push(paper);
  }
}

function roundOf(count: Count, excluded: number | null, winner: number | null, total: bigint): Round {
  const { contest, continuing, history, rounds, exhausted } = count;
  return {
    number: rounds.length + 1,
    action: excluded === null ? 'FIRST_PREFERENCES' : 'EXCLUSION',
    of: excluded === null ? [] : [contest.options[excluded]!.id],
    figures: contest.options.map(({ id }, place) => ({
      option: id,
      value: history.at(-1)![place]!.toString(),
      state: place === winner ? 'ELECTED' : continuing.has(place) ? 'CONTINUING' : 'EXCLUDED',
    })),
    totals: {
      continuing: total.toString(),
      majority: (total / 2n + 1n).toString(),
      nonTransferable: exhausted.toString(),
    },
  };
}

function resultOf({ rounds, tieBreaks }: Count, winners: string[]): TallyResult {
  return { method: 'INSTANT_RUNOFF', seats: 1, quota: null, winners, rounds, tieBreaks };
}
