import type { Proposal } from '../../../entities/proposal.ts';
import { contestOf } from '../../../governance/contest.ts';
import { tallyMethod } from '../../../governance/tally/index.ts';
import type { BallotInput, Contest, TallyResult, WeightedVote } from '../../../governance/tally/method.ts';
import { lotOf } from '../../../kernel/lot.ts';
import { InvalidBallot } from './ballot-errors.ts';

/** What a client gives; nulls are as good as nothing. */
export type GivenBallot = { [Part in keyof BallotInput]: BallotInput[Part] | null };

/**
 * A ballot as it is kept and published: only what was asked for, and where the order says nothing, in the order of the options,
 * so that nothing tells it from others that say the same.
 *
 * @throws InvalidBallot naming every fault
 */
export function readBallot(proposal: Proposal, given: GivenBallot): BallotInput {
  const input = withoutNulls(given);
  // No lot is drawn to read a ballot.
  const contest = contestOf(proposal, lotOf(''));
  const { faults } = tallyMethod(proposal.rule.method).parseBallot(input, contest);
  if (faults) throw new InvalidBallot(faults);
  const place = new Map(contest.options.map(({ id }, index) => [id, index]));
  const byPlace = (a: string, b: string) => (place.get(a) ?? 0) - (place.get(b) ?? 0);
  const { choice, reason, approvals, ranking, scores } = input;
  return {
    ...(choice !== undefined && { choice }),
    ...(reason !== undefined && { reason: reason.trim() }),
    ...(approvals && { approvals: approvals.toSorted(byPlace) }),
    ...(ranking && { ranking: ranking.map((equals) => equals.toSorted(byPlace)) }),
    ...(scores && {
      scores: scores
        .map(({ option, value }) => ({ option, value }))
        .toSorted((a, b) => byPlace(a.option, b.option)),
    }),
  };
}

function withoutNulls(given: GivenBallot): BallotInput {
  return Object.fromEntries(Object.entries(given).filter(([, part]) => part !== null && part !== undefined));
}

/** What a ballot says and what it weighs. */
export interface WeighedBallot {
  vote: BallotInput;
  weight: bigint;
}

/** Of a vote what counting it takes. */
export type Poll = Pick<Proposal, 'rule' | 'options' | 'eligibleWeight'>;

/** What came of a count, and how many ballots said nothing that could be counted. */
export interface Tally extends TallyResult {
  invalidBallots: number;
}

/**
 * Counts ballots by the rule of a vote: the same ballots and the same seed give the same result, whenever they are counted.
 * Each was read when it was cast. One that cannot be read all the same is invalid: it is told, and holds up nobody's vote.
 *
 * @param seed of the lot that decides between equals
 */
export function tallyOf(poll: Poll, ballots: readonly WeighedBallot[], seed: string): Tally {
  const votes = votesIn(poll, ballots);
  const result = tallyMethod(poll.rule.method).count(contestOf(poll, lotOf(seed)), votes);
  return { ...result, invalidBallots: ballots.length - votes.length };
}

/** What ballots that were cast mean to the way of counting. Who has withdrawn since is passed over by the count. */
function votesIn(poll: Poll, ballots: readonly WeighedBallot[]): WeightedVote<unknown>[] {
  const contest = contestOf(poll, lotOf(''));
  const asCast: Contest = {
    ...contest,
    options: contest.options.map((option) => ({ ...option, isWithdrawn: false })),
  };
  const method = tallyMethod(poll.rule.method);
  return ballots.flatMap(({ vote: input, weight }) => {
    const { vote, faults } = method.parseBallot(input, asCast);
    return faults ? [] : [{ vote, weight }];
  });
}
