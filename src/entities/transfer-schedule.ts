import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Day } from '../kernel/calendar.ts';
import type { DenialReason } from './denial-reason.ts';

export const SCHEDULE_STATES = ['ACTIVE', 'PAUSED', 'ENDED', 'CANCELLED', 'STOPPED'] as const;
export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type ScheduleState = (typeof SCHEDULE_STATES)[number];
export type Frequency = (typeof FREQUENCIES)[number];

/** A payment that is made again and again, or in parts, on days that follow from its beginning. */
@Entity('transfer_schedule')
export class TransferSchedule {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  payerAccountId: string;

  @Column('text')
  payeeAccountId: string;

  /** What each date pays, or the whole that all dates pay together. */
  @Column('bigint')
  amountMinor: bigint;

  /** Whether the amount is the whole. */
  @Column('boolean')
  isSplit: boolean;

  @Column('text')
  description: string;

  @Column('date')
  startsOn: Day;

  @Column('text')
  frequency: Frequency;

  /** Every so many days, weeks, months or years. */
  @Column('integer')
  every: number;

  @Column('integer')
  dateCount: number;

  @Column('text')
  state: ScheduleState;

  /** Why the server stopped it. */
  @Column('text', { nullable: true })
  stopReason: DenialReason | null;

  /** How many dates have come about, whatever came of them. */
  @Column('integer')
  settledCount: number;

  @Column('date', { nullable: true })
  nextDueOn: Day | null;

  @Column('timestamptz', { nullable: true })
  nextDueAt: Date | null;

  /** In whose name it pays: the person must be allowed to sign for the payer at each date. */
  @Column('text')
  createdByPersonId: string;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;
}
