/** The ways of counting. `docs/voting.md` says what each asks of a voter and how it finds the winners. */
export const TALLY_METHODS = [
  'CONSENT',
  'MAJORITY',
  'APPROVAL',
  'SCORE',
  'DOT',
  'BORDA',
  'INSTANT_RUNOFF',
  'SCHULZE',
  'STV_SCOTTISH',
  'STV_MEEK',
  'QUADRATIC',
  'SORTITION',
  'PB_GREEDY',
  'PB_KNAPSACK',
  'PB_EQUAL_SHARES',
] as const;
export type TallyMethodName = (typeof TALLY_METHODS)[number];

/** What can be voted for. */
export interface TallyOption {
  /** What ballots and results call it. */
  id: string;
  /** What a project costs, in minor units; for the budget methods only. */
  cost?: bigint;
  /** It stands on the ballot no more: what was voted for it is passed over, and it cannot win. */
  isWithdrawn?: boolean;
}

/** A draw by lot that anybody can repeat. */
export interface Lot {
  /** What was recorded when the ballots closed. */
  seed: string;
  /** A number as good as random, the same for the same seed and label. */
  draw(label: string): bigint;
}

/** What a vote is about and by which numbers it is counted. */
export interface Contest {
  /** In the order in which they stand on the ballot: it decides nothing but the order in which equals are listed. */
  options: readonly TallyOption[];
  /** How many are to be elected; 1 for most methods. */
  seats: number;
  lot: Lot;
  settings: TallySettings;
}

/** Numbers that some methods need; each method says which in its docstring. */
export interface TallySettings {
  /** Part of the base above which a motion passes: MAJORITY. More than a half is `{ numerator: 1n, denominator: 2n, isStrict: true }`. */
  threshold?: Threshold;
  /** What the threshold is a part of: MAJORITY. */
  base?: ThresholdBase;
  /** Weight of all who may vote: MAJORITY on ELIGIBLE. */
  eligible?: bigint;
  /** How many options one may approve of at most: APPROVAL and the budget methods. */
  maxApprovals?: number;
  /** Most points for one option: SCORE, and the budget methods if they are to take points. */
  maxScore?: number;
  /**
   * Points to give away: DOT, and QUADRATIC, where n votes for one option cost n²; the budget methods if they are to take
   * points.
   */
  credits?: number;
  /** What may be spent, in minor units: the budget methods. */
  budget?: bigint;
  /** How PB_EQUAL_SHARES goes on when the shares that voters have buy nothing more; `ADD1` if nothing is said. */
  completion?: Completion;
  /** By how much `ADD1` raises the share of each voter at a time, in minor units: PB_EQUAL_SHARES; 1 if nothing is said. */
  increment?: bigint;
  /** How often `ADD1` raises the shares at most: PB_EQUAL_SHARES; without a bound if nothing is said. */
  mostSteps?: number;
  /** How many sets of projects are compared at most: PB_KNAPSACK; without a bound if nothing is said. */
  mostChoices?: number;
  /** How many share the budget, where some of them marked nothing; as many as have votes if absent: PB_EQUAL_SHARES. */
  voters?: bigint;
  /** Whether the first share is rounded down to a multiple of the increment: PB_EQUAL_SHARES. */
  startsWhole?: boolean;
}

export const COMPLETIONS = ['NONE', 'ADD1', 'ADD1_UTILITARIAN'] as const;
export type Completion = (typeof COMPLETIONS)[number];

export const THRESHOLD_BASES = ['CAST', 'CAST_WITH_ABSTAIN', 'ELIGIBLE'] as const;
export type ThresholdBase = (typeof THRESHOLD_BASES)[number];

export interface Threshold {
  numerator: bigint;
  denominator: bigint;
  /** More than the part, not only as much. */
  isStrict: boolean;
}

/** A vote as it counts: that of one person, or of n who voted alike. */
export interface WeightedVote<Vote> {
  vote: Vote;
  /** A whole number above zero. */
  weight: bigint;
}

/** One thing that is wrong with a ballot, and where. */
export interface BallotFault {
  /** Such as `UNKNOWN_OPTION`. */
  code: string;
  /** Into what was given: `ranking.2`. */
  path: string;
}

export type ParsedBallot<Vote> =
  { vote: Vote; faults?: undefined } | { vote?: undefined; faults: BallotFault[] };

/** The standing of one option in a round, as text: `12`, `12.33333`. */
export interface RoundFigure {
  option: string;
  value: string;
  /** What became of it in this round. */
  state: 'CONTINUING' | 'ELECTED' | 'EXCLUDED';
  /** The part that it keeps of each vote that reaches it: STV_MEEK. */
  keepFactor?: string;
}

/** What stands for one option against another, as text: SCHULZE. */
export interface PairFigure {
  option: string;
  over: string;
  /** Votes for the one over the other, or in the weakest step of the strongest path. */
  value: string;
  /** Votes the other way, or in the same step. */
  against: string;
}

/** A step of the count with its numbers, so that a person can follow it. */
export interface Round {
  number: number;
  /** What is done in it: `FIRST_PREFERENCES`, `SURPLUS`, `EXCLUSION`, … */
  action: string;
  /** Whose surplus, who is excluded, which project is bought. */
  of: string[];
  figures: RoundFigure[];
  /** Other numbers of the round by name: `nonTransferable`, `quota`, `budgetLeft`, `rho`. */
  totals: Record<string, string>;
  pairs?: PairFigure[];
}

/** Equals among whom something had to decide. */
export interface TieBreak {
  /** The round in which it was needed. */
  round: number;
  among: string[];
  /** Who was taken: elected, excluded or moved first, whatever the round was about. */
  chosen: string[];
  /** What decided: `EARLIER_ROUND`, `LOT`, … */
  by: string;
  /** The seed of the lot; null if no lot was drawn. */
  seed: string | null;
}

export interface TallyResult {
  method: TallyMethodName;
  seats: number;
  /** What elects, as text; null where the method has no quota. */
  quota: string | null;
  /** In the order in which they were elected or chosen; for MAJORITY and CONSENT `YES` if it passed. */
  winners: string[];
  rounds: Round[];
  tieBreaks: TieBreak[];
  /** All whom nobody beats, among whom the winner was found: SCHULZE. */
  potentialWinners?: string[];
  /** True if the count was given up at the bound that its settings have: there is no winner then. */
  isTooHard?: true;
  /** Only for the budget methods. */
  budget?: { budget: bigint; spent: bigint };
}

/** A way of counting. Both functions are pure: the same input gives the same output. */
export interface TallyMethod<Vote = unknown> {
  readonly name: TallyMethodName;
  /** What `parseBallot` takes, for the API and for published ballots. */
  readonly ballotKind: BallotKind;
  /** Whether it elects more than one. */
  readonly isMultiSeat: boolean;
  /** Reads what a voter gave; names every fault. */
  parseBallot(input: BallotInput, contest: Contest): ParsedBallot<Vote>;
  count(contest: Contest, votes: readonly WeightedVote<Vote>[]): TallyResult;
}

/**
 * What a voter gives, the part that the method asks for:
 * `choice` one word, `reason` why one objects, `approvals` the options that are approved, `ranking` the options from the first preference down, those
 * between which one makes no difference in one list, `scores` a whole number for each option that is named.
 */
export interface BallotInput {
  choice?: string | undefined;
  reason?: string | undefined;
  approvals?: readonly string[] | undefined;
  ranking?: readonly (readonly string[])[] | undefined;
  scores?: readonly OptionScore[] | undefined;
}

export interface OptionScore {
  option: string;
  value: number;
}

/** `APPROVALS_OR_SCORES` means scores if the settings say how many points there are, else approvals. */
export type BallotKind = 'CHOICE' | 'APPROVALS' | 'RANKING' | 'SCORES' | 'APPROVALS_OR_SCORES' | 'NONE';
