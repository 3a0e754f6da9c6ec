import type { TallyMethod, WeightedVote } from './method.ts';
import { groupAlike, parseRanks, standing, type Ranks } from './rankings.ts';
import { electByTotals } from './totals.ts';

/**
 * Borda's count (1784): of n options the first on a ballot gets n − 1 points, the next n − 2, the last none. In other words: a point for
 * each option that is ranked below. Who is not ranked stands below all who are. Options that stand together get half a point
 * for each other, which is the average of the places that they share; so each ballot gives away the same number of points.
 *
 * It elects the most points; a lot decides about the last seat.
 */
export const borda: TallyMethod<Ranks> = {
  name: 'BORDA',
  ballotKind: 'RANKING',
  isMultiSeat: true,
  parseBallot: parseRanks,
  count(contest, votes) {
    const result = electByTotals(
      'BORDA',
      contest,
      halfPoints(standing(contest), contest.options.length, votes),
    );
    const rounds = result.rounds.map((round) => ({
      ...round,
      figures: round.figures.map((figure) => ({ ...figure, value: asPoints(BigInt(figure.value)) })),
    }));
    return { ...result, rounds };
  },
};

/** Two for each option below, one for each beside: so that halves are whole. */
function halfPoints(
  places: readonly number[],
  options: number,
  votes: readonly WeightedVote<Ranks>[],
): bigint[] {
  const totals = Array.from({ length: options }, () => 0n);
  for (const { vote, weight } of groupAlike(votes)) {
    if (places.every((place) => vote[place] === 0)) continue;
    const levels = places.map((place) => vote[place] || Infinity);
    const worths = new Map([...new Set(levels)].map((level) => [level, worthOf(level, levels)]));
    for (const [index, place] of places.entries()) totals[place]! += worths.get(levels[index]!)! * weight;
  }
  return totals;
}

function worthOf(level: number, levels: readonly number[]): bigint {
  const below = levels.filter((other) => other > level).length;
  const beside = levels.filter((other) => other === level).length - 1;
  return BigInt(2 * below + beside);
}

function asPoints(halves: bigint): string {
  return `${halves / 2n}${halves % 2n === 0n ? '' : '.5'}`;
}
