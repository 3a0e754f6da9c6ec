import { Column, Entity, PrimaryColumn } from 'typeorm';

export const HOLD_STATES = ['OPEN', 'CAPTURED', 'RELEASED', 'EXPIRED'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** An amount that an account cannot spend until it is captured or released. */
@Entity('hold')
export class Hold {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  accountId: string;

  /** Who alone can be paid from it; null for anybody. */
  @Column('text', { nullable: true })
  payeeAccountId: string | null;

  @Column('text')
  state: HoldState;

  @Column('bigint')
  amountMinor: bigint;

  @Column('bigint')
  capturedMinor: bigint;

  @Column('text')
  description: string;

  /** What it is for: a booking, a pledge. */
  @Column('text', { nullable: true })
  causeId: string | null;

  @Column('text', { nullable: true })
  createdByPersonId: string | null;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('text', { nullable: true })
  actorSystem: string | null;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;
}
