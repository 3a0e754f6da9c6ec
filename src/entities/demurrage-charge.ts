import { Column, Entity, PrimaryColumn } from 'typeorm';

/** That an account was looked at for a period, and what it gave. */
@Entity('demurrage_charge')
export class DemurrageCharge {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  accountId: string;

  @PrimaryColumn('text')
  period: string;

  @Column('text')
  runId: string;

  @Column('bigint')
  amountMinor: bigint;

  /** Null if nothing was due. */
  @Column('text', { nullable: true })
  transferId: string | null;

  @Column('timestamptz')
  chargedAt: Date;
}
