import { Column, Entity, PrimaryColumn } from 'typeorm';

export const SHARE_OFFER_STATES = ['OPEN', 'ACCEPTED', 'DECLINED', 'WITHDRAWN'] as const;
export type ShareOfferState = (typeof SHARE_OFFER_STATES)[number];

/** Shares that a co-owner offers to one other member for a price. */
@Entity('share_offer')
export class ShareOffer {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  resourceId: string;

  @Column('text')
  fromMembershipId: string;

  @Column('text')
  toMembershipId: string;

  @Column('integer')
  shareCount: number;

  /** For all of them, in minor units of the account's unit. */
  @Column('bigint')
  priceMinor: bigint;

  /** The account that is paid. */
  @Column('text')
  accountId: string;

  @Column('text')
  state: ShareOfferState;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;
}
