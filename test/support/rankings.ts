import fc from 'fast-check';
import type {
  BallotInput,
  Contest,
  Round,
  TallyMethod,
  TallyResult,
  WeightedVote,
} from '../../src/governance/tally/method.ts';
import { contestOf, oneByOne, renamed } from './elections.ts';

/** A ranking and how many gave it. */
export interface RankedBallot {
  ranking: string[][];
  weight: number;
}

/** Reads rankings as the literature writes them: `5 ACBED, 3 (AB)C` is five of A before C and so on, three with A beside B. */
export function rankings(text: string): RankedBallot[] {
  return text.split(', ').map((line) => {
    const [count, word = ''] = line.split(' ');
    const ranking = [...word.matchAll(/\((\w+)\)|\w/g)].map(([id, tier]) => [...(tier ?? id)]);
    return { ranking, weight: Number(count) };
  });
}

/** Reads ballots as the method does; they must be in order. */
export function votesFrom<Vote>(
  method: TallyMethod<Vote>,
  contest: Contest,
  ballots: readonly RankedBallot[],
): WeightedVote<Vote>[] {
  return ballots.map(({ ranking, weight }) => ({
    vote: votedBy(method, contest, { ranking }),
    weight: BigInt(weight),
  }));
}

function votedBy<Vote>(method: TallyMethod<Vote>, contest: Contest, input: BallotInput): Vote {
  const { vote, faults } = method.parseBallot(input, contest);
  if (faults) throw new Error(JSON.stringify(faults));
  return vote;
}

/** Counts rankings of options with one letter each, which stand on the ballot in the order of the alphabet. */
export function countRanked(
  method: TallyMethod,
  text: string,
  { seats = 1, seed = 'seed' }: { seats?: number; seed?: string } = {},
): TallyResult {
  const ballots = rankings(text);
  const ids = [...new Set(ballots.flatMap(({ ranking }) => ranking.flat()))].toSorted();
  const contest = contestOf(ids, { seats, seed });
  return method.count(contest, votesFrom(method, contest, ballots));
}

/** The figures of a round by option. */
export function figuresOf(round: Round | undefined): Record<string, string> {
  return Object.fromEntries((round?.figures ?? []).map(({ option, value }) => [option, value]));
}

const IDS = ['a', 'b', 'c', 'd', 'e'];

/** Rankings of some of a to e, each alone in its place; as many ballots as that, with weights from 1 to 6. */
export function strictBallots(maxLength = 12): fc.Arbitrary<RankedBallot[]> {
  const ranking = fc.shuffledSubarray(IDS, { minLength: 1 }).map((ids) => ids.map((id) => [id]));
  return ballotsOf(ranking, maxLength);
}

/** The same, with several in one place now and then. */
export function weakBallots(maxLength = 12): fc.Arbitrary<RankedBallot[]> {
  const ranking = fc
    .tuple(
      fc.shuffledSubarray(IDS, { minLength: 1 }),
      fc.array(fc.boolean(), { minLength: IDS.length, maxLength: IDS.length }),
    )
    .map(([ids, joins]) =>
      ids.reduce<string[][]>((tiers, id, index) => {
        if (index > 0 && joins[index]) tiers.at(-1)!.push(id);
        else tiers.push([id]);
        return tiers;
      }, []),
    );
  return ballotsOf(ranking, maxLength);
}

function ballotsOf(ranking: fc.Arbitrary<string[][]>, maxLength: number): fc.Arbitrary<RankedBallot[]> {
  return fc.array(fc.record({ ranking, weight: fc.integer({ min: 1, max: 6 }) }), {
    minLength: 1,
    maxLength,
  });
}

export function contestOfFive({ seats = 1, seed = 'seed' }: { seats?: number; seed?: string } = {}): Contest {
  return contestOf(IDS, { seats, seed });
}

/**
 * What every way of counting keeps: ballots may come in any order, one by one or together, and other names for the options
 * change nothing but the names.
 */
export function keepsOrderAndNames(method: TallyMethod, ballots: fc.Arbitrary<RankedBallot[]>): void {
  const names = new Map(IDS.map((id, index) => [id, `name ${IDS.length - index}`]));
  const seats = fc.integer({ min: 1, max: method.isMultiSeat ? 4 : 1 });
  fc.assert(
    fc.property(ballots, seats, fc.string(), fc.infiniteStream(fc.nat()), (some, places, seed, numbers) => {
      const contest = contestOfFive({ seats: places, seed });
      const votes = votesFrom(method, contest, some);
      const result = method.count(contest, votes);
      const shuffled = oneByOne(votes)
        .map((vote) => ({ vote, at: numbers.next().value as number }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ vote }) => vote);
      const others = { ...contest, options: IDS.map((id) => ({ id: names.get(id)! })) };

      expect(method.count(contest, shuffled)).toEqual(result);
      expect(method.count(others, votes)).toEqual(renamed(result, names));
    }),
    { numRuns: 60 },
  );
}

/** Adds ballots with one option in the first place until it has the majority. */
export function withMajority(ballots: readonly RankedBallot[], id: string): RankedBallot[] {
  const total = ballots.reduce((sum, { weight }) => sum + weight, 0);
  return [...ballots, { ranking: [[id]], weight: total + 1 }];
}
