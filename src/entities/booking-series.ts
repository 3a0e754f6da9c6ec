import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Why there is no booking for a time, as it was told. */
export interface SeriesRefusal {
  /** By the clocks of the network: `2026-04-01T09:00`. */
  startsAt: string;
  code: string;
  message: string;
  path: string | null;
  fields: object;
}

/** Bookings that repeat by a rule of the calendar, each of which has its own answer. */
@Entity('booking_series')
export class BookingSeries {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  poolId: string;

  @Column('text')
  membershipId: string;

  /** As RFC 5545 writes it, without its beginning: `FREQ=WEEKLY;COUNT=10`. */
  @Column('text')
  rule: string;

  /** The beginning of the first by the clocks of the network: `2026-04-01T09:00`. */
  @Column('text')
  startsAtLocal: string;

  @Column('text')
  timeZone: string;

  @Column('integer')
  durationMinutes: number;

  @Column('integer')
  occurrenceCount: number;

  /** Why there is no booking for some of its times. */
  @Column('jsonb')
  refusals: SeriesRefusal[];

  @Column('timestamptz')
  createdAt: Date;
}
