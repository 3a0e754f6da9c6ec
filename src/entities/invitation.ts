import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A letter that lets one person join, once, until it expires. */
@Entity('invitation')
export class Invitation {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  email: string;

  @Column('text')
  emailKey: string;

  @Column('bytea')
  secretHash: Buffer;

  @Column('text')
  invitedByMembershipId: string;

  /** Whether the inviter could admit, so that accepting makes a member and not an applicant. */
  @Column('boolean')
  admits: boolean;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  acceptedAt: Date | null;

  @Column('text', { nullable: true })
  acceptedMembershipId: string | null;
}
