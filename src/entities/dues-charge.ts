import { Column, Entity, PrimaryColumn } from 'typeorm';

export const DUES_STATES = ['UNPAID', 'PAID'] as const;
export type DuesState = (typeof DUES_STATES)[number];

/** What one member owes for one period. */
@Entity('dues_charge')
export class DuesCharge {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  membershipId: string;

  @Column('text')
  unitId: string;

  @Column('text')
  period: string;

  /** The rule that it comes from. */
  @Column('text')
  ruleId: string;

  @Column('bigint')
  amountMinor: bigint;

  @Column('text')
  state: DuesState;

  @Column('timestamptz')
  chargedAt: Date;

  /** From then on, if it is unpaid, the member is in arrears. */
  @Column('timestamptz')
  graceUntil: Date;

  /** When the server noted that the grace was over; null before, and if it was paid in time. */
  @Column('timestamptz', { nullable: true })
  arrearsAt: Date | null;

  @Column('timestamptz', { nullable: true })
  paidAt: Date | null;

  @Column('text', { nullable: true })
  transferId: string | null;
}
