import type { ActionKind } from './actions.ts';
import type { VotingRule } from './voting-rule.ts';

/** Who decides one kind of action, up to an amount if one is given. */
export interface BylawRule {
  action: ActionKind;
  /** Up to how much, as a decimal number of the unit in which the action moves value; null for any amount. */
  upTo: string | null;
  decidedBy: Decider;
}

export type Decider =
  | { by: 'ROLE'; role: string }
  | { by: 'SIGNATURES'; role: string; count: number }
  | ({ by: 'VOTE' } & BylawVote);

/** A voting rule as bylaws state it; what is absent has the default of `votingRuleOf`. */
export type BylawVote = Pick<VotingRule, 'method' | 'threshold' | 'base' | 'quorum' | 'periodDays'> &
  Partial<VotingRule>;
