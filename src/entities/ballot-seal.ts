import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BoxedBallot } from './ballot-box.ts';

/** Ballots of a secret vote that were sealed together. */
@Entity('ballot_seal')
export class BallotSeal {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  /** Counts from 1 without gaps. */
  @PrimaryColumn('integer')
  number: number;

  /** By receipt. */
  @Column('jsonb')
  ballots: Record<string, BoxedBallot>;

  /** What each of them says, as a hash. */
  @Column('jsonb')
  digests: Record<string, string>;

  /** Over the digests and the seal before it. */
  @Column('bytea')
  hash: Buffer;
}
