import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Day } from '../kernel/calendar.ts';

export const OCCURRENCE_STATES = ['DONE', 'RETRYING', 'FAILED', 'SKIPPED'] as const;
export type OccurrenceState = (typeof OCCURRENCE_STATES)[number];

/** One date of a schedule that has come, and what came of it. There is one for each date, so nothing is paid twice. */
@Entity('transfer_occurrence')
export class TransferOccurrence {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  scheduleId: string;

  @PrimaryColumn('date')
  dueOn: Day;

  /** Counted from 0. */
  @Column('integer')
  number: number;

  @Column('bigint')
  amountMinor: bigint;

  @Column('text')
  state: OccurrenceState;

  @Column('integer')
  tries: number;

  /** The code of the last refusal. */
  @Column('text', { nullable: true })
  refusalCode: string | null;

  @Column('text', { nullable: true })
  transferId: string | null;

  @Column('timestamptz', { nullable: true })
  retryAt: Date | null;

  @Column('timestamptz', { nullable: true })
  settledAt: Date | null;
}
