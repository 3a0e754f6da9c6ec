import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OutcomeReason } from '../governance/outcome.ts';
import type { TallyMethodName } from '../governance/tally/method.ts';

export const RESOLUTION_KINDS = ['VOTE', 'SIGNATURES', 'ROLE'] as const;
export const RESOLUTION_OUTCOMES = ['PASSED', 'CHOSEN', 'FAILED', 'VETOED', 'DECLINED'] as const;
export type ResolutionKind = (typeof RESOLUTION_KINDS)[number];
export type ResolutionOutcome = (typeof RESOLUTION_OUTCOMES)[number];

/** The numbers of a vote. */
export interface VoteSummary {
  method: TallyMethodName;
  reason: OutcomeReason;
  participants: number;
  participantWeight: string;
  eligible: number;
  eligibleWeight: string;
  /** Names of what was chosen. */
  winners: string[];
}

/** What belongs to how something was decided; no line has all of it. */
export interface ResolutionSummary extends Partial<Omit<VoteSummary, 'reason'>> {
  /** Why a vote ended so, or why somebody stopped or declined it. */
  reason?: string;
  /** Memberships that signed. */
  signers?: string[];
  /** The membership that declined it. */
  declinedBy?: string;
  /** The role by which it was stopped. */
  role?: string | null;
}

/** A line of a network's register of what was decided. */
@Entity('resolution')
export class Resolution {
  @PrimaryColumn('text')
  networkId: string;

  /** Counts from 1 without gaps. */
  @PrimaryColumn('integer')
  number: number;

  /** The proposal or the action that was signed. */
  @Column('text')
  sourceId: string;

  @Column('text')
  kind: ResolutionKind;

  @Column('text')
  title: string;

  /** What each action does, as voters and signatories read it. */
  @Column('jsonb')
  sentences: string[];

  @Column('text')
  outcome: ResolutionOutcome;

  /** The numbers of the vote, or who signed, stopped or declined it. */
  @Column('jsonb')
  summary: ResolutionSummary;

  @Column('timestamptz')
  decidedAt: Date;
}
