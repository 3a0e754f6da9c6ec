import { formatDecimals } from './decimals.ts';
import type { Contest, Round, RoundFigure, TallyMethod, TieBreak, WeightedVote } from './method.ts';
import { groupRankings, parseRanking, standing, type Ranking } from './rankings.ts';
import { breakTie } from './ties.ts';

const DECIMALS = 9;
/** One vote, in the billionths that everything is counted in. */
const ONE = 10n ** BigInt(DECIMALS);
/** Below this the surplus is near enough to nothing: a millionth of a vote. */
const OMEGA = ONE / 1_000_000n;

/** Ballots that reach the same candidates in the same order, as far as anything of them can reach. */
interface Branch {
  ballots: bigint;
  next: Map<number, Branch>;
}

interface Count {
  contest: Contest;
  groups: readonly WeightedVote<Ranking>[];
  ballots: bigint;
  states: RoundFigure['state'][];
  keep: bigint[];
  votes: bigint[];
  quota: bigint;
  surplus: bigint;
  elected: number[];
  history: bigint[][];
  rounds: Round[];
  tieBreaks: TieBreak[];
}

/**
 * The single transferable vote by Meek’s method: I. D. Hill, B. A. Wichmann, D. R. Woodall, Algorithm 123, The Computer Journal
 * 30 (1987), with the fixed decimals of the Proportional Representation Foundation’s reference Meek rule: nine decimals, and
 * iterations until the surplus is below 0.000001 or falls no more.
 *
 * Each candidate keeps a part of every vote that arrives: all of it at first, none once excluded, and once elected so
 * much that the quota is left. What is kept is rounded up; the quota is the votes that candidates have / (seats + 1), cut
 * off, plus 0.000000001. A round ends with an election or with the exclusion of the lowest. Lowest are all within the
 * surplus that is left; the reference leaves open how one of them is found: here by the latest round at which they were not
 * equal, then by lot.
 */
export const stvMeek: TallyMethod<Ranking> = {
  name: 'STV_MEEK',
  ballotKind: 'RANKING',
  isMultiSeat: true,
  parseBallot: parseRanking,
  count(contest, votes) {
    const count = begin(contest, groupRankings(contest, votes));
    if (count.ballots > 0n) run(count);
    const { elected, rounds, tieBreaks, quota } = count;
    return {
      method: 'STV_MEEK',
      seats: contest.seats,
      quota: formatDecimals(quota, DECIMALS),
      winners: elected.map((place) => contest.options[place]!.id),
      rounds,
      tieBreaks,
    };
  },
};

function begin(contest: Contest, groups: readonly WeightedVote<Ranking>[]): Count {
  const { options, seats } = contest;
  const votes = options.map(() => 0n);
  for (const { vote, weight } of groups) votes[vote[0]!]! += weight * ONE;
  const ballots = groups.reduce((sum, { weight }) => sum + weight, 0n);
  return {
    contest,
    groups,
    ballots,
    states: options.map(({ isWithdrawn }) => (isWithdrawn ? 'EXCLUDED' : 'CONTINUING')),
    keep: options.map(({ isWithdrawn }) => (isWithdrawn ? 0n : ONE)),
    votes,
    quota: quotaOf(ballots * ONE, seats),
    surplus: 0n,
    elected: [],
    history: [],
    rounds: [],
    tieBreaks: [],
  };
}

function run(count: Count): void {
  while (!isOver(count)) {
    const elected = iterate(count);
    if (elected.length > 0) elect(count, elected);
    const excluded = elected.length > 0 ? null : lowest(count);
    if (excluded !== null) count.states[excluded] = 'EXCLUDED';
    endRound(count, elected, excluded);
    if (excluded !== null) count.keep[excluded] = 0n;
  }
  if (count.rounds.length === 0) endRound(count, [], null);
}

function continuing({ contest, states }: Count): number[] {
  return standing(contest).filter((place) => states[place] === 'CONTINUING');
}

function isOver(count: Count): boolean {
  const free = count.contest.seats - count.elected.length;
  return free <= 0 || continuing(count).length <= free;
}

/** Spreads the votes again and again until somebody reaches the quota or the surplus is gone. */
function iterate(count: Count): number[] {
  const branches = branchesOf(count);
  for (let before = count.ballots * ONE; ; before = count.surplus) {
    count.votes.fill(0n);
    distribute(count, branches, ONE);
    count.quota = quotaOf(
      count.votes.reduce((sum, each) => sum + each, 0n),
      count.contest.seats,
    );
    const reached = continuing(count).filter((place) => count.votes[place]! >= count.quota);
    count.surplus = surplusOf(count, [...count.elected, ...reached]);
    if (reached.length > 0 || count.surplus < OMEGA || count.surplus >= before) return reached;
    for (const place of count.elected) {
      count.keep[place] = divideUp(multiplyUp(count.keep[place]!, count.quota), count.votes[place]!);
    }
  }
}

/** Whoever continues keeps the whole rest, so nothing of a ballot goes further than to the first of them. */
function branchesOf({ groups, states }: Count): Branch {
  const root: Branch = { ballots: 0n, next: new Map() };
  for (const { vote, weight } of groups) {
    let branch = root;
    for (const place of vote) {
      if (states[place] === 'EXCLUDED') continue;
      let next = branch.next.get(place);
      if (!next) branch.next.set(place, (next = { ballots: 0n, next: new Map() }));
      next.ballots += weight;
      branch = next;
      if (states[place] === 'CONTINUING') break;
    }
  }
  return root;
}

/** @param weight what each ballot that comes this far has left */
function distribute(count: Count, branch: Branch, weight: bigint): void {
  const { keep, votes } = count;
  for (const [place, next] of branch.next) {
    const kept = multiplyUp(weight, keep[place]!);
    votes[place]! += kept * next.ballots;
    if (kept < weight) distribute(count, next, weight - kept);
  }
}

function quotaOf(votes: bigint, seats: number): bigint {
  return votes / BigInt(seats + 1) + 1n;
}

function surplusOf({ votes, quota }: Count, elected: readonly number[]): bigint {
  const surplus = elected.reduce((sum, place) => sum + votes[place]! - quota, 0n);
  return surplus > 0n ? surplus : 0n;
}

function multiplyUp(a: bigint, b: bigint): bigint {
  return (a * b + ONE - 1n) / ONE;
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a * ONE + b - 1n) / b;
}

function lowest(count: Count): number {
  const { contest, votes, surplus, history, rounds, tieBreaks } = count;
  const places = continuing(count);
  const least = places.map((place) => votes[place]!).reduce((a, b) => (b < a ? b : a));
  const tied = places.filter((place) => votes[place]! <= least + surplus);
  const tie = breakTie(contest, { tied, history, wanted: 'LEAST', round: rounds.length + 1 });
  tieBreaks.push(...tie.tieBreaks);
  return tie.place;
}

/** The one with more votes is named first. */
function elect({ votes, states, elected }: Count, places: readonly number[]): void {
  const sorted = places.toSorted((a, b) => (votes[a]! > votes[b]! ? -1 : votes[a]! < votes[b]! ? 1 : a - b));
  for (const place of sorted) states[place] = 'ELECTED';
  elected.push(...sorted);
}

/** Fills the last seats if they can be filled, and records the round. */
function endRound(count: Count, elected: readonly number[], excluded: number | null): void {
  const { contest, votes, keep, states, history, rounds } = count;
  if (continuing(count).length <= contest.seats - count.elected.length) elect(count, continuing(count));
  const held = votes.reduce((sum, each) => sum + each, 0n);
  history.push([...votes]);
  rounds.push({
    number: rounds.length + 1,
    action: excluded !== null ? 'EXCLUSION' : elected.length > 0 ? 'ELECTION' : 'FILLING',
    of: (excluded !== null ? [excluded] : elected).map((place) => contest.options[place]!.id),
    figures: contest.options.map(({ id }, place) => ({
      option: id,
      value: formatDecimals(votes[place]!, DECIMALS),
      state: states[place]!,
      keepFactor: formatDecimals(keep[place]!, DECIMALS),
    })),
    totals: {
      quota: formatDecimals(count.quota, DECIMALS),
      surplus: formatDecimals(count.surplus, DECIMALS),
      nonTransferable: formatDecimals(count.ballots * ONE - held, DECIMALS),
    },
  });
}
