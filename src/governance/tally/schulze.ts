import { orderByLot } from '../lots.ts';
import type { Contest, PairFigure, Round, TallyMethod, TieBreak, WeightedVote } from './method.ts';
import { groupAlike, parseRanks, standing, type Ranks } from './rankings.ts';

/** Votes for one option over another, and the other way. */
interface Duel {
  value: bigint;
  against: bigint;
}

const NO_PATH: Duel = { value: 0n, against: 0n };

/**
 * Markus Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
 * method, Social Choice and Welfare 36 (2011), with winning votes: a duel that is won is the stronger the more votes it was won by,
 * and among those with as many the fewer stand against it. A path is as strong as its weakest duel. One option beats another if its
 * strongest path there is stronger than the one back.
 *
 * Whom nobody beats is a potential winner. There is mostly one; among several the lot decides. Further seats go to those whom
 * nobody beats when these are away, and so on: the order of the method, which is not proportional. Options that stand together on a
 * ballot are equal there, and whoever is not ranked stands below all who are.
 */
export const schulze: TallyMethod<Ranks> = {
  name: 'SCHULZE',
  ballotKind: 'RANKING',
  isMultiSeat: true,
  parseBallot: parseRanks,
  count(contest, votes) {
    const places = standing(contest);
    const valid = groupAlike(votes).filter(({ vote }) => places.some((place) => vote[place]! > 0));
    const duels = duelsOf(contest.options.length, places, valid);
    const paths = strongestPaths(places, duels);
    const { winners, tieBreaks } =
      valid.length > 0 ? order(contest, places, paths) : { winners: [], tieBreaks: [] };
    const idsOf = (some: readonly number[]) => some.map((place) => contest.options[place]!.id);
    const potentialWinners = valid.length > 0 ? idsOf(unbeaten(places, paths)) : [];
    const rounds = [
      roundOf(contest, 1, 'DUELS', [], duels, winners),
      roundOf(contest, 2, 'STRONGEST_PATHS', potentialWinners, paths, winners),
    ];
    return {
      method: 'SCHULZE',
      seats: contest.seats,
      quota: null,
      winners: idsOf(winners),
      rounds,
      tieBreaks,
      potentialWinners,
    };
  },
};

// A Map holds at most 2^24 groups, so sums of that many limbs stay below 2^53.
const LIMB_BITS = 29n;
const LIMB_MASK = (1n << LIMB_BITS) - 1n;

/** Adds up in plain numbers, a limb of the weights at a time, since bigints would take ten times as long. */
function duelsOf(
  options: number,
  places: readonly number[],
  votes: readonly WeightedVote<Ranks>[],
): Duel[][] {
  const sums = Array.from({ length: options * options }, () => 0n);
  for (let shift = 0n; votes.some(({ weight }) => weight >> shift > 0n); shift += LIMB_BITS) {
    const limbs = sumsOfLimb(options, places, votes, shift);
    for (const [index, limb] of limbs.entries()) sums[index]! += BigInt(limb) << shift;
  }
  return Array.from({ length: options }, (_, a) =>
    Array.from({ length: options }, (_other, b) => ({
      value: sums[a * options + b]!,
      against: sums[b * options + a]!,
    })),
  );
}

function sumsOfLimb(
  options: number,
  places: readonly number[],
  votes: readonly WeightedVote<Ranks>[],
  shift: bigint,
): Float64Array {
  const sums = new Float64Array(options * options);
  for (const { vote, weight } of votes) {
    const limb = Number((weight >> shift) & LIMB_MASK);
    for (const a of places) {
      const rank = vote[a]!;
      if (rank === 0) continue;
      for (const b of places) if (vote[b] === 0 || vote[b]! > rank) sums[a * options + b]! += limb;
    }
  }
  return sums;
}

/** Floyd and Warshall: over each option in turn. */
function strongestPaths(places: readonly number[], duels: readonly (readonly Duel[])[]): Duel[][] {
  const paths = duels.map((row) => row.map((duel) => (duel.value > duel.against ? duel : NO_PATH)));
  for (const via of places)
    for (const from of places)
      for (const to of places) {
        if (from === to || from === via || to === via) continue;
        const path = weaker(paths[from]![via]!, paths[via]![to]!);
        if (isStronger(path, paths[from]![to]!)) paths[from]![to] = path;
      }
  return paths;
}

function isStronger(a: Duel, b: Duel): boolean {
  return a.value > b.value || (a.value === b.value && a.against < b.against);
}

function weaker(a: Duel, b: Duel): Duel {
  return isStronger(a, b) ? b : a;
}

function unbeaten(places: readonly number[], paths: readonly (readonly Duel[])[]): number[] {
  return places.filter((place) =>
    places.every((other) => !isStronger(paths[other]![place]!, paths[place]![other]!)),
  );
}

function order(
  contest: Contest,
  places: readonly number[],
  paths: readonly (readonly Duel[])[],
): { winners: number[]; tieBreaks: TieBreak[] } {
  const winners: number[] = [];
  const tieBreaks: TieBreak[] = [];
  for (let left = [...places]; left.length > 0 && winners.length < contest.seats;) {
    const equals = unbeaten(left, paths);
    const free = contest.seats - winners.length;
    const needsLot = equals.length > free;
    const chosen = (needsLot ? orderByLot(contest.lot, 'seats', equals) : equals).slice(0, free);
    if (needsLot) tieBreaks.push(lotOver(contest, equals, chosen));
    winners.push(...chosen);
    left = left.filter((place) => !equals.includes(place));
  }
  return { winners, tieBreaks };
}

function lotOver({ options, lot }: Contest, among: readonly number[], chosen: readonly number[]): TieBreak {
  const idsOf = (places: readonly number[]) => places.map((place) => options[place]!.id);
  return { round: 2, among: idsOf(among), chosen: idsOf(chosen), by: 'LOT', seed: lot.seed };
}

function roundOf(
  contest: Contest,
  number: number,
  action: string,
  of: string[],
  duels: readonly (readonly Duel[])[],
  winners: readonly number[],
): Round {
  const places = standing(contest);
  const wins = (place: number) =>
    places.filter((other) => other !== place && isStronger(duels[place]![other]!, duels[other]![place]!))
      .length;
  const figures = contest.options.map(({ id, isWithdrawn }, place) => ({
    option: id,
    value: isWithdrawn ? '0' : wins(place).toString(),
    state: winners.includes(place) ? ('ELECTED' as const) : ('EXCLUDED' as const),
  }));
  return { number, action, of, figures, totals: {}, pairs: pairsOf(contest, places, duels) };
}

function pairsOf(
  { options }: Contest,
  places: readonly number[],
  duels: readonly (readonly Duel[])[],
): PairFigure[] {
  return places.flatMap((a) =>
    places
      .filter((b) => b !== a)
      .map((b) => ({
        option: options[a]!.id,
        over: options[b]!.id,
        value: duels[a]![b]!.value.toString(),
        against: duels[a]![b]!.against.toString(),
      })),
  );
}
