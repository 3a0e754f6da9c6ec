import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Opening } from './opening.ts';

/** Things that a community shares, and the rules by which they are booked. */
@Entity('pool')
export class Pool {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  name: string;

  @Column('text')
  description: string;

  /** The unit of its fees and deposits; null if it takes none. */
  @Column('text', { nullable: true })
  unitId: string | null;

  /** The account of the network that receives fees. */
  @Column('text', { nullable: true })
  accountId: string | null;

  /** Whether members may offer what is theirs; a steward accepts it. */
  @Column('boolean')
  takesOffers: boolean;

  /** Whether members take and bring back by themselves; otherwise a steward hands out and takes back. */
  @Column('boolean')
  isSelfService: boolean;

  /** Whether members see who booked, and not only that something is taken. */
  @Column('boolean')
  showsBookers: boolean;

  @Column('boolean')
  needsApproval: boolean;

  /** A booking begins so much later than it is asked for, at least. */
  @Column('integer')
  leadMinutes: number;

  /** A booking begins at most so many days ahead. */
  @Column('integer')
  aheadDays: number;

  /** How long a booking lasts at most; null for no bound. */
  @Column('integer', { nullable: true })
  longestMinutes: number | null;

  /** How many open bookings a member has at most; null for no bound. */
  @Column('integer', { nullable: true })
  memberBookings: number | null;

  /** For how long before a booking nobody else can have the thing. */
  @Column('integer')
  bufferBeforeMinutes: number;

  /** The same afterwards. */
  @Column('integer')
  bufferAfterMinutes: number;

  /** Until so long before its beginning a booking is cancelled free of charge. */
  @Column('integer')
  cancelFreeMinutes: number;

  /** Later than that it costs so many millionths of the fee. */
  @Column('integer')
  cancelFeePpm: number;

  /** What comes back so much later, at most, pays no late fee. */
  @Column('integer')
  lateGraceMinutes: number;

  @Column('jsonb')
  opening: Opening;

  /** Counts the changes of the rules. */
  @Column('integer')
  ruleVersion: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  archivedAt: Date | null;
}
