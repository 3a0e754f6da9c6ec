import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person as an outside identity provider knows them. */
@Entity('person_identity')
export class PersonIdentity {
  @PrimaryColumn('text')
  issuer: string;

  @PrimaryColumn('text')
  subject: string;

  @Column('text')
  personId: string;

  @Column('timestamptz')
  linkedAt: Date;
}
