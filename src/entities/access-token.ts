import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an access token may be limited to. Every token may read what its person may read. */
export const TOKEN_SCOPES = ['TRADE', 'MANAGE'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** A named, scoped, expiring key for a program. Only its hash is kept. */
@Entity('access_token')
export class AccessToken {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  personId: string;

  @Column('text')
  name: string;

  @Column('bytea')
  tokenHash: Buffer;

  @Column('text', { array: true })
  scopes: TokenScope[];

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
