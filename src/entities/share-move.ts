import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Shares that were issued, went from one to another or were taken back. Only ever added to. */
@Entity('share_move')
export class ShareMove {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  resourceId: string;

  /** Null if they were issued. */
  @Column('text', { nullable: true })
  fromMembershipId: string | null;

  /** Null if they were taken back. */
  @Column('text', { nullable: true })
  toMembershipId: string | null;

  @Column('integer')
  shareCount: number;

  /** What was paid for them. */
  @Column('text', { nullable: true })
  transferId: string | null;

  @Column('text', { nullable: true })
  byPersonId: string | null;

  @Column('timestamptz')
  at: Date;
}
