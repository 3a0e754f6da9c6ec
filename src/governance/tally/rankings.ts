import { optionCheck, unaskedParts } from './ballots.ts';
import type { BallotFault, BallotInput, Contest, ParsedBallot, WeightedVote } from './method.ts';

/** Places on the ballot, from the first preference down. */
export type Ranking = readonly number[];

/** For each place on the ballot the rank that a voter gave, 1 for the best; 0 if none was given. */
export type Ranks = readonly number[];

/** Reads a ranking in which no two stand together. */
export function parseRanking(input: BallotInput, contest: Contest): ParsedBallot<Ranking> {
  const faults = rankingFaults(input, contest);
  for (const [rank, ids] of (input.ranking ?? []).entries())
    if (ids.length > 1) faults.push({ code: 'EQUAL_RANK', path: `ranking.${rank}` });
  if (faults.length > 0) return { faults };
  const places = placesOf(contest);
  return { vote: input.ranking!.map(([id = '']) => places.get(id)!) };
}

/** Reads a ranking in which several can stand together. */
export function parseRanks(input: BallotInput, contest: Contest): ParsedBallot<Ranks> {
  const faults = rankingFaults(input, contest);
  if (faults.length > 0) return { faults };
  const ranks = contest.options.map(() => 0);
  const places = placesOf(contest);
  for (const [index, ids] of input.ranking!.entries())
    for (const id of ids) ranks[places.get(id)!] = index + 1;
  return { vote: ranks };
}

function rankingFaults(input: BallotInput, contest: Contest): BallotFault[] {
  const faults = unaskedParts(input, ['ranking']);
  const ranking = input.ranking ?? [];
  const check = optionCheck(contest);
  for (const [rank, ids] of ranking.entries()) {
    if (ids.length === 0) faults.push({ code: 'EMPTY_RANK', path: `ranking.${rank}` });
    for (const [index, id] of ids.entries()) {
      const code = check(id);
      if (code) faults.push({ code, path: `ranking.${rank}.${index}` });
    }
  }
  if (ranking.length === 0) faults.push({ code: 'EMPTY_BALLOT', path: 'ranking' });
  return faults;
}

// A contest is read once for its hundred thousand ballots.
const knownPlaces = new WeakMap<Contest, ReadonlyMap<string, number>>();

function placesOf(contest: Contest): ReadonlyMap<string, number> {
  let places = knownPlaces.get(contest);
  if (!places) {
    places = new Map(contest.options.map(({ id }, place) => [id, place]));
    knownPlaces.set(contest, places);
  }
  return places;
}

/** The places of those who can be elected. */
export function standing({ options }: Contest): number[] {
  return options.flatMap(({ isWithdrawn }, place) => (isWithdrawn ? [] : [place]));
}

/**
 * Puts alike rankings together. Who has withdrawn is passed over, and a ballot that names nobody else is none: it counts
 * neither for a candidate nor for the quota.
 */
export function groupRankings(
  contest: Contest,
  votes: readonly WeightedVote<Ranking>[],
): WeightedVote<Ranking>[] {
  const stands = contest.options.map(({ isWithdrawn }) => !isWithdrawn);
  const hasAll = stands.every(Boolean);
  const valid = hasAll
    ? votes
    : votes.map(({ vote, weight }) => ({ vote: vote.filter((place) => stands[place]), weight }));
  return groupAlike(valid.filter(({ vote }) => vote.length > 0));
}

/** Puts alike votes together and adds up their weights. */
export function groupAlike<Vote extends readonly number[]>(
  votes: readonly WeightedVote<Vote>[],
): WeightedVote<Vote>[] {
  const groups = new Map<string, WeightedVote<Vote>>();
  for (const { vote, weight } of votes) {
    const key = vote.join(',');
    const group = groups.get(key);
    if (group) group.weight += weight;
    else groups.set(key, { vote, weight });
  }
  return [...groups.values()];
}
