import type { TallyMethodName, ThresholdBase } from './tally/method.ts';

/** Which of the members who have votes vote on something. */
export interface Voters {
  /** Only members of this group; null for all. */
  groupId: string | null;
  /** What the group was called when the bylaws were made; null without one. */
  groupName: string | null;
  /** Only who was admitted at least so many days before the vote opens; null for all. */
  minimumDays: number | null;
}

/** How a proposal is voted on. It is fixed when voting opens. */
export interface VotingRule {
  method: TallyMethodName;
  /** A fraction such as `2/3`, or `>1/2` for more than a half; for MAJORITY. */
  threshold: string;
  base: ThresholdBase;
  /** The least turnout, as a fraction of the weight of all electors; `0/1` asks for none. */
  quorum: string;
  /** How long the vote is open. */
  periodDays: number;
  /** How long what was decided waits before it is executed. */
  delayDays: number;
  isSecret: boolean;
  /** Whether the vote may be closed as soon as all electors have voted. */
  allowsEarlyClose: boolean;
  /** Whose holders may stop what was decided during the delay; null for nobody. */
  vetoRole: string | null;
  /** How many are elected; 1 unless the method elects several. */
  seats: number;
  /** SCORE: most points for one option. */
  maxScore: number | null;
  /** DOT and QUADRATIC: what each voter gives away. */
  credits: number | null;
  /** Budget methods: what may be spent, a decimal number of the unit. */
  budget: string | null;
  /** The unit of the budget and of what projects cost; null without a budget, and where none has been named yet. */
  budgetUnitId: string | null;
  /** What it was called when it was named, for sentences. */
  budgetUnitCode: string | null;
  /** Null for every member who has votes. */
  electorate: Voters | null;
}
