import { Column, Entity, PrimaryColumn } from 'typeorm';

export const STOCK_MOVE_KINDS = ['CONTRIBUTION', 'TAKING', 'SPOILAGE', 'CORRECTION'] as const;
export type StockMoveKind = (typeof STOCK_MOVE_KINDS)[number];

/** What came into a stock or went out of it. Only ever added to. */
@Entity('stock_move')
export class StockMove {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  resourceId: string;

  /** Its number within the stock, without gaps. */
  @PrimaryColumn('bigint')
  seq: bigint;

  @Column('text')
  id: string;

  @Column('text')
  kind: StockMoveKind;

  /** Below zero for what goes out. */
  @Column('bigint')
  amountMinor: bigint;

  @Column('bigint')
  balanceAfterMinor: bigint;

  @Column('text', { nullable: true })
  membershipId: string | null;

  /** The household on whose quota it counts. */
  @Column('text', { nullable: true })
  groupId: string | null;

  @Column('text')
  note: string;

  @Column('text', { nullable: true })
  byPersonId: string | null;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('timestamptz')
  at: Date;
}
