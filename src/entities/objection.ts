import { Column, Entity, PrimaryColumn } from 'typeorm';

export const OBJECTION_STATES = ['RAISED', 'INTEGRATED', 'WITHDRAWN', 'INVALID'] as const;
export type ObjectionState = (typeof OBJECTION_STATES)[number];

/** A reason for which a proposal must not pass as it is. */
@Entity('objection')
export class Objection {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  proposalId: string;

  /** Of the proposal, against which it was raised. It stays open when there is another one. */
  @Column('integer')
  version: number;

  @Column('text')
  membershipId: string;

  @Column('text')
  reason: string;

  @Column('text')
  state: ObjectionState;

  @Column('timestamptz')
  raisedAt: Date;

  /** Why it is settled; the facilitator always says so. */
  @Column('text', { nullable: true })
  resolution: string | null;

  @Column('text', { nullable: true })
  resolvedByMembershipId: string | null;

  @Column('timestamptz', { nullable: true })
  resolvedAt: Date | null;
}
