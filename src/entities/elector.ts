import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who may vote on a proposal, with the weight of the vote. */
@Entity('elector')
export class Elector {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  @PrimaryColumn('text')
  membershipId: string;

  /** A whole number above zero. */
  @Column('bigint')
  weight: bigint;
}
