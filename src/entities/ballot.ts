import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BallotInput } from '../governance/tally/method.ts';

/** The ballot of a voter in an open vote, as it stands. Functions of the database alone write it. */
@Entity('ballot')
export class Ballot {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  @PrimaryColumn('text')
  membershipId: string;

  /** Which of the ballots that were cast in this vote it is, counted from 1. */
  @Column('integer')
  number: number;

  @Column('jsonb')
  vote: BallotInput;
}
