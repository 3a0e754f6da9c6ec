import { Column, Entity, PrimaryColumn } from 'typeorm';

export const ROLES = ['COORDINATOR', 'TREASURER', 'MODERATOR', 'AUDITOR', 'HELPER'] as const;
export type Role = (typeof ROLES)[number];

/** A role that a member holds for a term. */
@Entity('role_assignment')
export class RoleAssignment {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  membershipId: string;

  @Column('text')
  role: Role;

  @Column('text', { nullable: true })
  forMembershipId: string | null;

  @Column('timestamptz')
  startsAt: Date;

  @Column('timestamptz', { nullable: true })
  endsAt: Date | null;

  @Column('text', { nullable: true })
  assignedByPersonId: string | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;

  @Column('text', { nullable: true })
  revocationReason: string | null;
}
