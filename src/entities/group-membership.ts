import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A member of a group. */
@Entity('group_membership')
export class GroupMembership {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  groupId: string;

  @PrimaryColumn('text')
  membershipId: string;

  @Column('boolean')
  isCoordinator: boolean;

  @Column('timestamptz')
  joinedAt: Date;
}
