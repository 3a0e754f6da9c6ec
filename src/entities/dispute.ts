import { Column, Entity, PrimaryColumn } from 'typeorm';

export const DISPUTE_STATES = ['OPEN', 'RESOLVED', 'WITHDRAWN'] as const;
export const DISPUTE_OUTCOMES = ['REVERSED', 'REFUNDED', 'DISMISSED'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number];

/** A disagreement about a posted transfer, which a mediator settles. */
@Entity('dispute')
export class Dispute {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  transferId: string;

  @Column('text')
  state: DisputeState;

  @Column('text')
  reason: string;

  @Column('text')
  openedByMembershipId: string;

  @Column('text', { nullable: true })
  mediatorMembershipId: string | null;

  @Column('text', { nullable: true })
  outcome: DisputeOutcome | null;

  @Column('text', { nullable: true })
  resolution: string | null;

  /** The reversal or refund that came of it. */
  @Column('text', { nullable: true })
  settledByTransferId: string | null;

  @Column('timestamptz')
  openedAt: Date;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;
}
