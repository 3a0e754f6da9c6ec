import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who can sign in. Belongs to no network; memberships join people to networks. */
@Entity('person')
export class Person {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  name: string;

  @Column('text')
  email: string;

  @Column('text')
  emailKey: string;

  @Column('timestamptz', { nullable: true })
  emailVerifiedAt: Date | null;

  @Column('text')
  locale: string;

  @Column('text', { nullable: true })
  passwordHash: string | null;

  @Column('boolean')
  isAdministrator: boolean;

  @Column('text', { nullable: true })
  oneTimeCodeSecret: string | null;

  @Column('timestamptz', { nullable: true })
  oneTimeCodeConfirmedAt: Date | null;

  @Column('bigint', { nullable: true })
  oneTimeCodeLastStep: bigint | null;

  @Column('timestamptz')
  createdAt: Date;
}
