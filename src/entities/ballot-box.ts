import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BallotInput } from '../governance/tally/method.ts';

/** A ballot as it lies in the box of a secret vote. */
export interface BoxedBallot {
  vote: BallotInput;
  /** A whole number above zero, as text. */
  weight: string;
}

/** Where the ballots of a vote go. Functions of the database alone write it. */
@Entity('ballot_box')
export class BallotBox {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  /** How many seals there are; in an open vote each ballot that was ever cast is one. */
  @Column('integer')
  sealCount: number;

  /** The last seal; empty before the first. */
  @Column('bytea')
  head: Buffer;

  /** Of a secret vote: when the last seal was made. */
  @Column('timestamptz', { nullable: true })
  sealedAt: Date | null;

  /** On how many lists those stand who have voted in secret. */
  @Column('integer')
  rollParts: number;

  /** Ballots of a secret vote that are not sealed yet, by receipt. */
  @Column('jsonb')
  pool: Record<string, BoxedBallot>;

  /** What each of them says, as a hash. */
  @Column('jsonb')
  poolDigests: Record<string, string>;

  @Column('bytea')
  poolHash: Buffer;
}
