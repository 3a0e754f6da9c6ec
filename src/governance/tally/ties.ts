import { orderByLot } from '../lots.ts';
import type { Contest, TieBreak } from './method.ts';

interface Tie {
  /** Places of those who are equal. */
  tied: readonly number[];
  /** What everybody had at the end of each round so far, the latest last. */
  history: readonly (readonly bigint[])[];
  /** Whether the one with more or the one with less is looked for. */
  wanted: 'MOST' | 'LEAST';
  /** The round in which it is needed. */
  round: number;
}

/**
 * Finds one among equals: whoever had the most, or the least, at the end of the latest round at which they were not equal. Those who
 * were equal there, too, are compared further back, and in the end by the lot `round <n>`.
 */
export function breakTie(
  { options, lot }: Contest,
  { tied, history, wanted, round }: Tie,
): { place: number; tieBreaks: TieBreak[] } {
  const idsOf = (places: readonly number[]) => places.map((place) => options[place]!.id);
  const left = history.toReversed().reduce((rest, votes) => extremes(rest, votes, wanted), tied);
  const tieBreaks: TieBreak[] = [];
  if (left.length < tied.length) {
    tieBreaks.push({ round, among: idsOf(tied), chosen: idsOf(left), by: 'EARLIER_ROUND', seed: null });
  }
  const [place = 0] = left.length > 1 ? orderByLot(lot, `round ${round}`, left) : left;
  if (left.length > 1) {
    tieBreaks.push({ round, among: idsOf(left), chosen: idsOf([place]), by: 'LOT', seed: lot.seed });
  }
  return { place, tieBreaks };
}

/** Those of the places who have the most, or the least. */
export function extremes(
  places: readonly number[],
  votes: readonly bigint[],
  wanted: 'MOST' | 'LEAST',
): readonly number[] {
  const isBetter = (a: bigint, b: bigint) => (wanted === 'MOST' ? a > b : a < b);
  const best = places.map((place) => votes[place]!).reduce((a, b) => (isBetter(b, a) ? b : a));
  return places.filter((place) => votes[place] === best);
}
