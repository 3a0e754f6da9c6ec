import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProposalAction } from '../governance/actions.ts';
import type { VoteOutcome } from '../governance/outcome.ts';
import type { ProposalState } from '../governance/proposal.ts';
import type { RuleWish } from '../governance/strictest-rule.ts';
import type { VotingRule } from '../governance/voting-rule.ts';

/** What can be voted for. */
export interface ProposalOption {
  /** Short and unique in the proposal: `1`, `2`, … */
  id: string;
  name: string;
  /** The candidate, in an election. */
  membershipId: string | null;
  /** What a project costs, a decimal number; for the budget methods. */
  cost: string | null;
  /** The unit of the cost; null without one. What was proposed before units were kept has none. */
  costUnitId?: string | null;
  /** It stood on the ballot, and nobody can vote for it any more. */
  isWithdrawn: boolean;
}

/** Why what was decided could not be executed. */
export interface ExecutionFailure {
  code: string;
  message: string;
  /** Which action, counted from 0. */
  action: number;
}

// Only functions of the database write it, when the proposal is opened or later.
const LATER = { nullable: true, insert: false, update: false } as const;

/** A motion with what it would do, how it is voted on, and what became of it. */
@Entity('proposal')
export class Proposal {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('integer')
  version: number;

  @Column('text')
  title: string;

  @Column('text')
  text: string;

  /** What it is about, for delegations by topic. */
  @Column('text', { nullable: true })
  topic: string | null;

  @Column('text')
  state: ProposalState;

  @Column('text')
  authorMembershipId: string;

  @Column('text', { nullable: true })
  facilitatorMembershipId: string | null;

  @Column('text')
  createdByPersonId: string;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('jsonb')
  actions: ProposalAction[];

  @Column('jsonb')
  options: ProposalOption[];

  @Column('jsonb')
  rule: VotingRule;

  /** What who proposes would like of the rule; what is absent is as the bylaws in force have it when the vote opens. */
  @Column('jsonb')
  wish: RuleWish;

  @Column('integer', { ...LATER })
  eligibleCount: number | null;

  @Column('bigint', { ...LATER })
  eligibleWeight: bigint | null;

  /** SHA-256 over what members vote on, by whom and until when, in hex; null until it is opened. */
  @Column('text', { ...LATER })
  frozenHash: string | null;

  /** What ties are decided by; drawn when the vote closes. */
  @Column('text', { ...LATER })
  seed: string | null;

  @Column('jsonb', { ...LATER })
  outcome: VoteOutcome | null;

  @Column('jsonb', { ...LATER })
  failure: ExecutionFailure | null;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { ...LATER })
  openedAt: Date | null;

  @Column('timestamptz', { ...LATER })
  closesAt: Date | null;

  @Column('timestamptz', { ...LATER })
  closedAt: Date | null;

  /** When what was decided is carried out. */
  @Column('timestamptz', { ...LATER })
  executeAt: Date | null;

  @Column('timestamptz', { ...LATER })
  executedAt: Date | null;

  @Column('text', { ...LATER })
  vetoedByMembershipId: string | null;

  @Column('text', { ...LATER })
  vetoReason: string | null;
}
