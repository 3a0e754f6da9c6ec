import { Column, Entity, PrimaryColumn } from 'typeorm';

export const TRANSFER_STATES = ['PENDING', 'POSTED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'REVERSED'] as const;
export const TRANSFER_KINDS = [
  'PAYMENT',
  'REQUEST',
  'RECORDED',
  'REVERSAL',
  'DEMURRAGE',
  'DUES',
  'CLOSING',
  'CONVERSION',
  'REFUND',
  'FEE',
  'SHARES',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];
export type TransferState = (typeof TRANSFER_STATES)[number];

/** Moves an amount of one unit between accounts of one network. */
@Entity('transfer')
export class Transfer {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  unitId: string;

  @Column('text')
  kind: TransferKind;

  @Column('text')
  state: TransferState;

  @Column('text')
  payerAccountId: string;

  @Column('text')
  payeeAccountId: string;

  @Column('bigint')
  amountMinor: bigint;

  @Column('bigint')
  payerLevyMinor: bigint;

  @Column('bigint')
  payeeLevyMinor: bigint;

  @Column('text', { nullable: true })
  levyAccountId: string | null;

  /** The number of its entry in the account of the payer; null while it is not posted. */
  @Column('bigint', { nullable: true })
  payerSeq: bigint | null;

  @Column('bigint', { nullable: true })
  payeeSeq: bigint | null;

  @Column('text')
  description: string;

  @Column('text', { nullable: true })
  createdByPersonId: string | null;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('text', { nullable: true })
  actorSystem: string | null;

  /** The transfer that this one undoes. */
  @Column('text', { nullable: true })
  reversesId: string | null;

  /** The transfer that undoes this one. */
  @Column('text', { nullable: true })
  reversedById: string | null;

  /** The hold that this one captures. */
  @Column('text', { nullable: true })
  holdId: string | null;

  /** What it came from: a schedule, a dispute, a decision. */
  @Column('text', { nullable: true })
  causeId: string | null;

  /** Posted past a limit, in a unit that only warns. */
  @Column('boolean')
  isBeyondLimit: boolean;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  postedAt: Date | null;

  /** Until when a waiting transfer can be answered. */
  @Column('timestamptz', { nullable: true })
  expiresAt: Date | null;

  /** When the rules of the payer accept it, unless somebody answers before; null if they do not. */
  @Column('timestamptz', { nullable: true })
  acceptsAt: Date | null;

  /** When a transfer that waited was accepted, rejected, cancelled or expired. */
  @Column('timestamptz', { nullable: true })
  answeredAt: Date | null;
}
