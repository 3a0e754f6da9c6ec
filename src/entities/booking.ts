import { Column, Entity, PrimaryColumn } from 'typeorm';

export const BOOKING_STATES = [
  'WAITING',
  'REQUESTED',
  'APPROVED',
  'CHECKED_OUT',
  'RETURNED',
  'DECLINED',
  'CANCELLED',
  'LAPSED',
] as const;
export type BookingState = (typeof BOOKING_STATES)[number];

/** One or several things that a member has, or asks for, from one instant up to another. */
@Entity('booking')
export class Booking {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  poolId: string;

  /** Who has the things. */
  @Column('text')
  membershipId: string;

  @Column('text', { nullable: true })
  kitId: string | null;

  @Column('text', { nullable: true })
  seriesId: string | null;

  @Column('text')
  state: BookingState;

  @Column('timestamptz')
  fromAt: Date;

  /** Not a part of it any more. */
  @Column('timestamptz')
  untilAt: Date;

  @Column('text')
  purpose: string;

  /** Whether it waits when something is taken, in place of being refused. */
  @Column('boolean')
  waits: boolean;

  /** The unit of all its amounts; null if it is free of charge. */
  @Column('text', { nullable: true })
  unitId: string | null;

  @Column('text', { nullable: true })
  payerAccountId: string | null;

  @Column('text', { nullable: true })
  payeeAccountId: string | null;

  /** What it costs, held when it is approved and paid when it is taken out. */
  @Column('bigint')
  feeMinor: bigint;

  /** Held when it is approved; what is not kept for damage or lateness is released. */
  @Column('bigint')
  depositMinor: bigint;

  @Column('bigint')
  lateFeeMinor: bigint;

  @Column('bigint')
  damageMinor: bigint;

  /** What could not be paid when it came back. */
  @Column('bigint')
  unpaidMinor: bigint;

  /** The rules of its pool as they were when it was asked for. */
  @Column('integer')
  cancelFreeMinutes: number;

  @Column('integer')
  cancelFeePpm: number;

  @Column('integer')
  lateGraceMinutes: number;

  @Column('text', { nullable: true })
  feeHoldId: string | null;

  @Column('text', { nullable: true })
  depositHoldId: string | null;

  /** Why it was declined or cancelled. */
  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text')
  createdByPersonId: string;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  /** The steward who approved or declined; null if the rules did. */
  @Column('text', { nullable: true })
  decidedByMembershipId: string | null;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  decidedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  checkedOutAt: Date | null;

  /** When it was returned, declined, cancelled or lapsed. */
  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;

  /** When its end was last moved, to a later or an earlier time. */
  @Column('timestamptz', { nullable: true })
  extendedAt: Date | null;

  @Column('integer')
  extensionCount: number;

  /** When everything that was paid for it went back. */
  @Column('timestamptz', { nullable: true })
  reversedAt: Date | null;
}
