import { Column, Entity, PrimaryColumn } from 'typeorm';

export const RESOLUTION_KINDS = ['VOTE', 'SIGNATURES', 'ROLE'] as const;
export const RESOLUTION_OUTCOMES = ['PASSED', 'CHOSEN', 'FAILED', 'VETOED', 'DECLINED'] as const;
export type ResolutionKind = (typeof RESOLUTION_KINDS)[number];
export type ResolutionOutcome = (typeof RESOLUTION_OUTCOMES)[number];

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

  /** The numbers of the vote, or who signed. */
  @Column('jsonb')
  summary: Record<string, unknown>;

  @Column('timestamptz')
  decidedAt: Date;
}
