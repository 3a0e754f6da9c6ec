import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ObjectionState } from './objection.ts';
import type { TakenStance } from './stance.ts';

/** Something that was said to a proposal that asks for consent: a stance, an objection, or that one is settled. */
@Entity('consent_record')
export class ConsentRecord {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  /** Counts from 1 without gaps. */
  @PrimaryColumn('integer')
  number: number;

  @Column('text')
  said: TakenStance | 'OBJECT' | Exclude<ObjectionState, 'RAISED'>;

  /** Of the proposal, to which it was said; of what settles an objection, that of the objection. */
  @Column('integer')
  version: number;

  @Column('text')
  membershipId: string;

  /** Null for a stance. */
  @Column('text', { nullable: true })
  objectionId: string | null;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('timestamptz')
  saidAt: Date;

  /** Fastens it to all that was said before it. */
  @Column('bytea')
  hash: Buffer;
}
