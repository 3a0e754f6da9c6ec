import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Random bytes with which the receipts of a secret vote are made; deleted soon after the vote. */
@Entity('ballot_salt')
export class BallotSalt {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  @Column('bytea')
  salt: Buffer;

  @Column('timestamptz')
  closesAt: Date;
}
