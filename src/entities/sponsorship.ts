import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A member vouches for an applicant. */
@Entity('sponsorship')
export class Sponsorship {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  membershipId: string;

  @PrimaryColumn('text')
  sponsorMembershipId: string;

  @Column('timestamptz')
  at: Date;
}
