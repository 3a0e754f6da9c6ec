import { Column, Entity, PrimaryColumn } from 'typeorm';

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
  scopes: string[];

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
