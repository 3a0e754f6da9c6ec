import { formatDecimals } from './decimals.ts';
import type { Contest, Round, RoundFigure, TallyMethod, TieBreak, WeightedVote } from './method.ts';
import { groupRankings, parseRanking, standing, type Ranking } from './rankings.ts';
import { breakTie, extremes } from './ties.ts';

const DECIMALS = 5;
/** A whole vote, in the hundred thousandths that everything is counted in. */
const WHOLE = 10n ** BigInt(DECIMALS);

/** Papers that were marked alike and came together. */
interface Parcel {
  ranking: Ranking;
  /** Where in the ranking the candidate stands who has them now. */
  at: number;
  papers: bigint;
  /** What each of them was worth when that candidate received it. */
  value: bigint;
}

interface Count {
  contest: Contest;
  quota: bigint;
  states: RoundFigure['state'][];
  elected: number[];
  /** What each candidate is credited with. */
  votes: bigint[];
  parcels: Parcel[][];
  nonTransferable: bigint;
  lost: bigint;
  history: bigint[][];
  rounds: Round[];
  tieBreaks: TieBreak[];
}

/**
 * The single transferable vote as Scotland’s councils are elected: The Scottish Local Government Elections Order 2007
 * (SSI 2007/42), schedule 1, rules 45 to 52.
 *
 * The quota is the whole part of valid papers / (seats + 1), plus one. A stage is the first count, the transfer of one surplus,
 * the largest first, or the exclusion of the candidate with the fewest votes. A surplus moves all papers of its candidate, each
 * worth surplus × its value / votes, cut off after five decimals; papers of an excluded candidate keep their value. Equals are
 * told apart by the latest stage at which they were not equal, then by lot. It ends when all seats are filled or as many
 * candidates continue as there are seats left.
 *
 * `nonTransferable` is what lies with papers that name nobody who continues, `lossByFraction` what was cut off; with the figures of
 * the candidates they make up the number of valid papers.
 */
export const stvScottish: TallyMethod<Ranking> = {
  name: 'STV_SCOTTISH',
  ballotKind: 'RANKING',
  isMultiSeat: true,
  parseBallot: parseRanking,
  count(contest, votes) {
    const groups = groupRankings(contest, votes);
    const count = begin(contest, groups);
    if (groups.length > 0) run(count);
    const { elected, rounds, tieBreaks, quota } = count;
    return {
      method: 'STV_SCOTTISH',
      seats: contest.seats,
      quota: (quota / WHOLE).toString(),
      winners: elected.map((place) => contest.options[place]!.id),
      rounds,
      tieBreaks,
    };
  },
};

function begin(contest: Contest, groups: readonly WeightedVote<Ranking>[]): Count {
  const none = contest.options.map(() => 0n);
  const count: Count = {
    contest,
    quota: 0n,
    states: contest.options.map(({ isWithdrawn }) => (isWithdrawn ? 'EXCLUDED' : 'CONTINUING')),
    elected: [],
    votes: none,
    parcels: contest.options.map(() => []),
    nonTransferable: 0n,
    lost: 0n,
    history: [],
    rounds: [],
    tieBreaks: [],
  };
  let valid = 0n;
  for (const { vote, weight } of groups) {
    valid += weight;
    count.votes[vote[0]!]! += weight * WHOLE;
    count.parcels[vote[0]!]!.push({ ranking: vote, at: 0, papers: weight, value: WHOLE });
  }
  count.quota = (valid / BigInt(contest.seats + 1) + 1n) * WHOLE;
  return count;
}

function run(count: Count): void {
  endStage(count, 'FIRST_PREFERENCES', null);
  while (!isOver(count)) {
    const { elected, quota, votes } = count;
    const withSurplus = elected.filter((place) => votes[place]! > quota);
    if (withSurplus.length > 0) {
      const place = choose(count, withSurplus, 'MOST');
      transferSurplus(count, place);
      endStage(count, 'SURPLUS', place);
    } else {
      const place = choose(count, continuing(count), 'LEAST');
      exclude(count, place);
      endStage(count, 'EXCLUSION', place);
    }
  }
}

function continuing({ contest, states }: Count): number[] {
  return standing(contest).filter((place) => states[place] === 'CONTINUING');
}

function isOver(count: Count): boolean {
  return count.elected.length >= count.contest.seats || continuing(count).length === 0;
}

/** Rules 49 and 51. */
function choose(count: Count, places: readonly number[], wanted: 'MOST' | 'LEAST'): number {
  const { contest, history, rounds, tieBreaks } = count;
  const tied = extremes(places, count.votes, wanted);
  const tie = breakTie(contest, { tied, history, wanted, round: rounds.length + 1 });
  tieBreaks.push(...tie.tieBreaks);
  return tie.place;
}

/** Rule 48. */
function transferSurplus(count: Count, place: number): void {
  const total = count.votes[place]!;
  const surplus = total - count.quota;
  const moved = transfer(count, place, (value) => (surplus * value) / total);
  count.votes[place] = count.quota;
  count.lost += surplus - moved;
}

/** Rule 50. */
function exclude(count: Count, place: number): void {
  count.states[place] = 'EXCLUDED';
  transfer(count, place, (value) => value);
  count.votes[place] = 0n;
}

/** Moves all papers of a candidate, each at its new value, and answers what they are worth together. */
function transfer(count: Count, place: number, valueOf: (value: bigint) => bigint): bigint {
  const { parcels, states, votes } = count;
  const leaving = parcels[place]!;
  parcels[place] = [];
  let moved = 0n;
  for (const parcel of leaving) {
    parcel.value = valueOf(parcel.value);
    do parcel.at++;
    while (parcel.at < parcel.ranking.length && states[parcel.ranking[parcel.at]!] !== 'CONTINUING');
    const worth = parcel.papers * parcel.value;
    moved += worth;
    const next = parcel.ranking[parcel.at];
    if (next === undefined) count.nonTransferable += worth;
    else {
      votes[next]! += worth;
      parcels[next]!.push(parcel);
    }
  }
  return moved;
}

/** Rules 47 and 52: says who is elected by now, and records the stage. */
function endStage(count: Count, action: string, of: number | null): void {
  const { contest, votes, history, rounds } = count;
  elect(
    count,
    continuing(count).filter((place) => votes[place]! >= count.quota),
  );
  const left = continuing(count);
  if (left.length <= contest.seats - count.elected.length) elect(count, left);
  history.push([...votes]);
  rounds.push({
    number: rounds.length + 1,
    action,
    of: of === null ? [] : [contest.options[of]!.id],
    figures: contest.options.map(({ id }, place) => ({
      option: id,
      value: formatDecimals(votes[place]!, DECIMALS),
      state: count.states[place]!,
    })),
    totals: {
      nonTransferable: formatDecimals(count.nonTransferable, DECIMALS),
      lossByFraction: formatDecimals(count.lost, DECIMALS),
    },
  });
}

/** The one with more votes is named first. */
function elect(count: Count, places: readonly number[]): void {
  const { votes, states, elected } = count;
  const sorted = places.toSorted((a, b) => (votes[a]! > votes[b]! ? -1 : votes[a]! < votes[b]! ? 1 : a - b));
  for (const place of sorted) states[place] = 'ELECTED';
  elected.push(...sorted);
}
