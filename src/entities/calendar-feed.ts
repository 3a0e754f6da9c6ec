import { Column, Entity, PrimaryColumn } from 'typeorm';

export const FEED_SCOPES = ['MEMBER', 'POOL', 'RESOURCE'] as const;
export type FeedScope = (typeof FEED_SCOPES)[number];

/** A calendar that programs read by an address which nobody can guess. */
@Entity('calendar_feed')
export class CalendarFeed {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  /** Whose it is: it shows what this member may see. */
  @Column('text')
  membershipId: string;

  @Column('text')
  scope: FeedScope;

  @Column('text', { nullable: true })
  poolId: string | null;

  @Column('text', { nullable: true })
  resourceId: string | null;

  @Column('bytea')
  secretHash: Buffer;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  readAt: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
