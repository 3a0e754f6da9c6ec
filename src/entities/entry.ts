import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One side of a transfer in one account, numbered within the account. */
@Entity('entry')
export class Entry {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  accountId: string;

  @PrimaryColumn('bigint')
  seq: bigint;

  @Column('text')
  transferId: string;

  @Column('bigint')
  amountMinor: bigint;

  @Column('bigint')
  balanceAfterMinor: bigint;

  @Column('bigint')
  receivedAfterMinor: bigint;

  /** Whether it is a part of a levy on the transfer, not of its amount. */
  @Column('boolean')
  isLevy: boolean;

  @Column('timestamptz')
  postedAt: Date;
}
