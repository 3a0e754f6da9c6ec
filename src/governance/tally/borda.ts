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
    const worths = worthsOf(places, vote);
    for (const place of places) totals[place]! += BigInt(worths[vote[place]!]!) * weight;
  }
  return totals;
}

/** What each rank is worth on a ballot; rank 0, of those who are not ranked, comes behind the last. */
function worthsOf(places: readonly number[], vote: Ranks): number[] {
  const sizes = Array.from({ length: vote.length + 1 }, () => 0);
  for (const place of places) sizes[vote[place]!]!++;
  const worths = sizes.map(() => 0);
  let below = 0;
  for (let rank = vote.length + 1; rank >= 1; rank--) {
    const at = rank % (vote.length + 1);
    worths[at] = 2 * below + sizes[at]! - 1;
    below += sizes[at]!;
  }
  return worths;
}

function asPoints(halves: bigint): string {
  return `${halves / 2n}${halves % 2n === 0n ? '' : '.5'}`;
}
