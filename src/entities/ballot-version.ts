import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BallotInput } from '../governance/tally/method.ts';

/** A ballot that was cast in an open vote, perhaps to be changed later. */
@Entity('ballot_version')
export class BallotVersion {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  /** Counts from 1 without gaps. */
  @PrimaryColumn('integer')
  number: number;

  /** The receipt. */
  @Column('text')
  id: string;

  @Column('text')
  membershipId: string;

  @Column('text', { nullable: true })
  castByPersonId: string | null;

  /** The member, if a helper cast it. */
  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('jsonb')
  vote: BallotInput;

  @Column('timestamptz')
  castAt: Date;

  /** Fastens it to all that were cast before it. */
  @Column('bytea')
  hash: Buffer;
}
