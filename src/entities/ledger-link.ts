import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Seals the transfers that were committed together: the hash of the link before it and of all that they say. */
@Entity('ledger_link')
export class LedgerLink {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('bigint')
  number: bigint;

  @Column('bytea')
  hash: Buffer;

  @Column('text', { array: true })
  transferIds: string[];

  @Column('timestamptz')
  sealedAt: Date;

  /** How what it seals is put into bytes: field by field as text, or as the records of PostgreSQL. */
  @Column('text')
  format: 'TEXTS' | 'RECORDS';
}

/** The last link of a network. */
@Entity('ledger_head')
export class LedgerHead {
  @PrimaryColumn('text')
  networkId: string;

  @Column('bigint')
  number: bigint;

  @Column('bytea')
  hash: Buffer;

  /** How many transfers have been posted. */
  @Column('bigint')
  transferCount: bigint;
}
