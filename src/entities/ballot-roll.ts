import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A list of members who have voted in secret. */
@Entity('ballot_roll')
export class BallotRoll {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  @PrimaryColumn('integer')
  part: number;

  /** Sorted. */
  @Column('text', { array: true })
  membershipIds: string[];

  @Column('bytea')
  hash: Buffer;
}
