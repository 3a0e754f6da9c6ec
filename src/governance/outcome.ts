import type { Round, TieBreak } from './tally/method.ts';

/** Why a vote ended as it did. */
export const OUTCOME_REASONS = [
  'PASSED',
  'NOBODY_VOTED',
  'QUORUM_NOT_MET',
  'THRESHOLD_NOT_MET',
  'OBJECTION_OPEN',
  'NO_WINNER',
  'TOO_HARD_TO_COUNT',
] as const;
export type OutcomeReason = (typeof OUTCOME_REASONS)[number];

/** What came of a vote, as it is kept: whole numbers beyond 2^53 stand as text. */
export interface VoteOutcome {
  isPassed: boolean;
  reason: OutcomeReason;
  /** How many took part, themselves or by delegation, and with which weight. */
  participants: number;
  participantWeight: string;
  /** How many ballots could not be counted, though their voters took part; absent if all could. */
  invalidBallots?: number;
  /** Ids of options in the order in which they were elected; `YES` for a motion that passed. */
  winners: string[];
  quota: string | null;
  rounds: Round[];
  tieBreaks: TieBreak[];
  /** Budget methods: what was to be spent and what the chosen projects cost, in the decimals of `scaleOf`. */
  budget: string | null;
  spent: string | null;
}
