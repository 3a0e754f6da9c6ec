import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A sign-in. Only a hash of its token is kept. */
@Entity('session')
export class Session {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  personId: string;

  @Column('bytea')
  tokenHash: Buffer;

  @Column('text', { nullable: true })
  userAgent: string | null;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  lastSeenAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  secondFactorAt: Date | null;
}
