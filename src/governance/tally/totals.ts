import { orderByLot } from '../lots.ts';
import type {
  Contest,
  OptionScore,
  RoundFigure,
  TallyMethodName,
  TallyResult,
  WeightedVote,
} from './method.ts';

/** Sums what options got, by their place on the ballot; what was given to a withdrawn one is passed over. */
export function totalsOf(contest: Contest, votes: readonly WeightedVote<readonly OptionScore[]>[]): bigint[] {
  const totals = contest.options.map(() => 0n);
  const places = new Map(contest.options.map(({ id }, place) => [id, place]));
  for (const { vote, weight } of votes) {
    for (const { option, value } of vote) {
      const place = places.get(option);
      if (place === undefined || contest.options[place]!.isWithdrawn) continue;
      totals[place]! += BigInt(value) * weight;
    }
  }
  return totals;
}

/** Approvals as scores of one point each. */
export function asScores(votes: readonly WeightedVote<readonly string[]>[]): WeightedVote<OptionScore[]>[] {
  return votes.map(({ vote, weight }) => ({ vote: vote.map((option) => ({ option, value: 1 })), weight }));
}

/**
 * Elects those with the most. Options that got nothing are not elected, also where seats stay empty. Where equals stand on both
 * sides of the last seat, the lot `seats` decides who of them is in.
 */
export function electByTotals(
  method: TallyMethodName,
  contest: Contest,
  totals: readonly bigint[],
): TallyResult {
  const { options, seats, lot } = contest;
  const standing = totals.flatMap((total, place) => (total > 0n ? [place] : []));
  const last = standing.map((place) => totals[place]!).toSorted(descending)[seats - 1] ?? 0n;
  const above = standing.filter((place) => totals[place]! > last);
  above.sort((a, b) => descending(totals[a]!, totals[b]!));
  const equal = standing.filter((place) => totals[place] === last);
  const free = seats - above.length;
  const needsLot = equal.length > free;
  const chosen = (needsLot ? orderByLot(lot, 'seats', equal) : equal).slice(0, free);
  const elected = [...above, ...chosen];
  const idsOf = (places: readonly number[]) => places.map((place) => options[place]!.id);
  return {
    method,
    seats,
    quota: null,
    winners: idsOf(elected),
    rounds: [
      {
        number: 1,
        action: 'TOTALS',
        of: [],
        figures: figuresOf(contest, totals, new Set(elected)),
        totals: {},
      },
    ],
    tieBreaks: needsLot
      ? [{ round: 1, among: idsOf(equal), chosen: idsOf(chosen), by: 'LOT', seed: lot.seed }]
      : [],
  };
}

function figuresOf(contest: Contest, totals: readonly bigint[], elected: ReadonlySet<number>): RoundFigure[] {
  return contest.options.map(({ id }, place) => ({
    option: id,
    value: totals[place]!.toString(),
    state: elected.has(place) ? 'ELECTED' : 'EXCLUDED',
  }));
}

function descending(a: bigint, b: bigint): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
