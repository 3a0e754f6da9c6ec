import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Condition, FeePeriod } from './resource.ts';

/** A thing of a booking. */
@Entity('booking_item')
export class BookingItem {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  bookingId: string;

  @PrimaryColumn('text')
  resourceId: string;

  @Column('integer')
  quantity: number;

  /** The beginning of the booking less the buffer before it. */
  @Column('timestamptz')
  occupiedFrom: Date;

  /** Its end and the buffer after it. */
  @Column('timestamptz')
  occupiedUntil: Date;

  /** Whether it counts: the booking is approved or out. */
  @Column('boolean')
  isTaken: boolean;

  /** Whether there was one piece only, which the database guards by itself. */
  @Column('boolean')
  isSingle: boolean;

  @Column('bigint')
  feeMinor: bigint;

  @Column('bigint')
  depositMinor: bigint;

  @Column('text', { nullable: true })
  lateFeePer: FeePeriod | null;

  @Column('bigint')
  lateFeeMinor: bigint;

  @Column('text', { nullable: true })
  conditionOut: Condition | null;

  @Column('text', { nullable: true })
  conditionIn: Condition | null;

  @Column('text', { nullable: true })
  damageNote: string | null;
}
