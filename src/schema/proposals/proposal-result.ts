import { Field, Int, ObjectType } from 'type-graphql';
import { RESOLUTION_KINDS, RESOLUTION_OUTCOMES, type Resolution } from '../../entities/resolution.ts';
import type { ResolutionKind, ResolutionOutcome, VoteSummary } from '../../entities/resolution.ts';
import { OUTCOME_REASONS, type OutcomeReason } from '../../governance/outcome.ts';
import type {
  PairFigure,
  Round,
  RoundFigure,
  TallyMethodName,
  TieBreak,
} from '../../governance/tally/method.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { TallyMethodEnum } from './voting-rule.ts';

export const OutcomeReasonEnum = enumOf('OutcomeReason', OUTCOME_REASONS, 'Why a vote ended as it did.', {
  PASSED: 'It passed.',
  NOBODY_VOTED: 'Nobody took part.',
  QUORUM_NOT_MET: 'Too few took part.',
  THRESHOLD_NOT_MET: 'Too few said yes; a tie is too few.',
  OBJECTION_OPEN: 'Somebody objected, and the objection stands.',
  NO_WINNER: 'No option was chosen.',
  TOO_HARD_TO_COUNT: 'The count was given up at a bound, which only a budget by PB_KNAPSACK can reach.',
});

@ObjectType('TallyFigure', { description: 'The standing of one option in a step of the count.' })
export class RoundFigureType implements RoundFigure {
  @Field(() => String, { description: 'The option, or a word such as `YES`.' })
  option: string;

  @Field(() => String, { description: 'Its votes or points, an exact number as text.' })
  value: string;

  @Field(() => String, { description: 'What became of it: `CONTINUING`, `ELECTED` or `EXCLUDED`.' })
  state: RoundFigure['state'];

  @Field(() => String, {
    nullable: true,
    description: 'The part that it keeps of each vote that reaches it; for STV_MEEK.',
  })
  keepFactor?: string;
}

@ObjectType('TallyPair', { description: 'What stands for one option against another; for SCHULZE.' })
export class PairFigureType implements PairFigure {
  @Field(() => String, { description: 'The option.' })
  option: string;

  @Field(() => String, { description: 'The other one.' })
  over: string;

  @Field(() => String, { description: 'Votes for the one over the other, in the weakest step of a path.' })
  value: string;

  @Field(() => String, { description: 'Votes the other way.' })
  against: string;
}

@ObjectType('TallyTotal', { description: 'A number of a whole step of the count.' })
export class RoundTotalType {
  @Field(() => String, { description: 'What it is, such as `nonTransferable`.' })
  name: string;

  @Field(() => String, {
    description: 'The number, exact, as text; amounts are in the smallest part of the unit.',
  })
  value: string;
}

@ObjectType('TallyRound', {
  description: 'A step of the count with its numbers, so that a person can follow it.',
})
export class RoundType implements Omit<Round, 'totals' | 'pairs'> {
  @Field(() => Int, { description: 'Counts up from 1.' })
  number: number;

  @Field(() => String, { description: 'What is done in it, such as `SURPLUS` or `EXCLUSION`.' })
  action: string;

  @Field(() => [String], { description: 'The options that it is done with.' })
  of: string[];

  @Field(() => [RoundFigureType], { description: 'All options as they stand after it, at most 100.' })
  figures: RoundFigure[];
}

@ObjectType('TallyTieBreak', { description: 'Equals among whom something had to decide.' })
export class TieBreakType implements TieBreak {
  @Field(() => Int, { description: 'The round in which it was needed.' })
  round: number;

  @Field(() => [String], { description: 'The options that were equal.' })
  among: string[];

  @Field(() => [String], { description: 'Those that were taken.' })
  chosen: string[];

  @Field(() => String, { description: 'What decided, such as `EARLIER_ROUND` or `LOT`.' })
  by: string;

  @Field(() => String, { nullable: true, description: 'The seed of the lot; null if none was drawn.' })
  seed: string | null;
}

@ObjectType('ProposalResult', { description: 'What came of a vote, with all numbers of its count.' })
export class ProposalResultType {
  @Field(() => Boolean, { description: 'Whether it passed.' })
  isPassed: boolean;

  @Field(() => OutcomeReasonEnum, { description: 'Why it ended so.' })
  reason: OutcomeReason;

  @Field(() => Int, { description: 'How many took part, themselves or by delegation.' })
  participants: number;

  @Field(() => String, { description: 'How many votes they have together, a whole number.' })
  participantWeight: string;

  @Field(() => Int, {
    description: 'How many ballots could not be counted, though their voters took part; 0 in a sound vote.',
  })
  invalidBallots: number;

  @Field(() => Int, { description: 'How many could have taken part.' })
  eligible: number;

  @Field(() => String, { description: 'How many votes all of them have together, a whole number.' })
  eligibleWeight: string;

  @Field(() => String, {
    nullable: true,
    description: 'What elects or passes, as text; null where the method has no quota.',
  })
  quota: string | null;

  @Field(() => String, { description: 'What lots were drawn with; drawn itself when the vote closed.' })
  seed: string;

  @Field(() => [TieBreakType], {
    description: 'Where equals had to be told apart, at most one in each round and place.',
  })
  tieBreaks: TieBreak[];
}

export const RoundConnection = connectionOf<Round>('TallyRound', () => RoundType);

export const ResolutionKindEnum = enumOf('ResolutionKind', RESOLUTION_KINDS, 'How something was decided.', {
  VOTE: 'The members voted.',
  SIGNATURES: 'Holders of a role signed.',
  ROLE: 'A holder of a role decided.',
});

export const ResolutionOutcomeEnum = enumOf('ResolutionOutcome', RESOLUTION_OUTCOMES, 'What was decided.', {
  PASSED: 'It passed.',
  CHOSEN: 'Options were chosen, and nothing follows from it: the result says which.',
  FAILED: 'It did not pass.',
  VETOED: 'It had passed, and was stopped before it was carried out.',
  DECLINED: 'Somebody who could have signed declined.',
});

@ObjectType('ResolutionCount', { description: 'The numbers of a vote, as the register keeps them.' })
export class ResolutionCountType implements VoteSummary {
  @Field(() => TallyMethodEnum, { description: 'How the ballots were counted.' })
  method: TallyMethodName;

  @Field(() => OutcomeReasonEnum, { description: 'Why it ended so.' })
  reason: OutcomeReason;

  @Field(() => Int, { description: 'How many took part, themselves or by delegation.' })
  participants: number;

  @Field(() => String, { description: 'How many votes they have together, a whole number.' })
  participantWeight: string;

  @Field(() => Int, { description: 'How many could have taken part.' })
  eligible: number;

  @Field(() => String, { description: 'How many votes all of them have together, a whole number.' })
  eligibleWeight: string;

  @Field(() => [String], {
    description: 'Names of what was chosen, at most 100, in their order; `YES` for a motion that passed.',
  })
  winners: string[];
}

@ObjectType('Resolution', { description: 'A line of the register of what a network has decided.' })
export class ResolutionType implements Omit<Resolution, 'networkId' | 'sourceId' | 'summary'> {
  @Field(() => Int, { description: 'Counts from 1 without gaps.' })
  number: number;

  @Field(() => ResolutionKindEnum, { description: 'How it was decided.' })
  kind: ResolutionKind;

  @Field(() => String, { description: 'What it was about.' })
  title: string;

  @Field(() => [String], { description: 'What each action does, as it was read by who decided.' })
  sentences: string[];

  @Field(() => ResolutionOutcomeEnum, { description: 'What was decided.' })
  outcome: ResolutionOutcome;

  @Field(() => DateTimeScalar, { description: 'When it was decided.' })
  decidedAt: Date;
}

export const ResolutionConnection = connectionOf<Resolution>('Resolution', () => ResolutionType);
