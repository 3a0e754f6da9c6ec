import { Field, ObjectType } from 'type-graphql';
import {
  MEMBERSHIP_STATES,
  PLACE_PRECISIONS,
  PROFILE_FIELDS,
  VISIBILITIES,
  type Membership,
  type MembershipState,
  type ProfileField,
  type Visibility,
} from '../../entities/membership.ts';
import { ROLES, type Role, type RoleAssignment } from '../../entities/role-assignment.ts';
import type { Invitation } from '../../entities/invitation.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';

export const MembershipStateEnum = enumOf(
  'MembershipState',
  MEMBERSHIP_STATES,
  'Where a membership stands.',
  {
    APPLIED: 'Asked to join; not decided yet.',
    ACTIVE: 'A member with all rights.',
    SUSPENDED: 'Reads the own accounts and keeps the own profile, and does nothing else until reinstated.',
    LEFT: 'Was a member, or withdrew the application.',
    DECLINED: 'Asked to join and was declined.',
  },
);

export const VisibilityEnum = enumOf('Visibility', VISIBILITIES, 'Who sees a part of a profile.', {
  NOBODY: 'The member alone.',
  NETWORK: 'Active members of the network.',
  FEDERATION: 'Active members of the networks under the same umbrella.',
  PUBLIC: 'Everyone.',
});

export const ProfileFieldEnum = enumOf('ProfileField', PROFILE_FIELDS, 'A part of a profile.', {
  displayName: 'The name.',
  about: 'The text about the member.',
  skills: 'What the member can do.',
  phone: 'The telephone number.',
  email: 'The e-mail address.',
  place: 'Where the member lives.',
});

export const PlacePrecisionEnum = enumOf('PlacePrecision', PLACE_PRECISIONS, 'How exactly a place is kept.', {
  EXACT: 'As given.',
  NEIGHBOURHOOD: 'To a hundredth of a degree, about a kilometre.',
  TOWN: 'To a tenth of a degree, about eleven kilometres.',
  HIDDEN: 'No coordinates at all.',
});

export const RoleEnum = enumOf('Role', ROLES, 'What a member does for the network.', {
  COORDINATOR: 'Admits members and changes the settings that bylaws leave to coordinators.',
  TREASURER: 'Prepares and signs payments from common accounts.',
  MODERATOR: 'Looks after what members publish.',
  AUDITOR: 'Reads every account and changes nothing.',
  HELPER: 'Acts for one member who cannot use a computer.',
});

@ObjectType('RoleAssignment', { implements: NodeType, description: 'A role that a member holds for a term.' })
export class RoleAssignmentType
  extends NodeType
  implements Pick<RoleAssignment, 'id' | 'role' | 'startsAt' | 'endsAt' | 'revokedAt'>
{
  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => DateTimeScalar, { description: 'Beginning of the term.' })
  startsAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'End of the term; null for until revoked.' })
  endsAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the role was taken back before its term.',
  })
  revokedAt: Date | null;
}

@ObjectType('ProfileVisibility', { description: 'Who sees one part of a profile.' })
export class ProfileVisibilityType {
  @Field(() => ProfileFieldEnum, { description: 'The part.' })
  field: ProfileField;

  @Field(() => VisibilityEnum, { description: 'Who sees it.' })
  visibleTo: Visibility;
}

@ObjectType('Membership', {
  implements: NodeType,
  description:
    'Joins a person to a network, with the profile that the person shows there. What the viewer may not see is null.',
})
export class MembershipType
  extends NodeType
  implements Pick<Membership, 'id' | 'state' | 'memberClass' | 'appliedAt' | 'admittedAt'>
{
  @Field(() => MembershipStateEnum, { description: 'Where the membership stands.' })
  state: MembershipState;

  @Field(() => String, { description: 'Code of the member class.' })
  memberClass: string;

  @Field(() => DateTimeScalar, { description: 'When the person asked to join.' })
  appliedAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the person became a member.' })
  admittedAt: Date | null;
}

export const MembershipConnection = connectionOf<Membership>('Membership', () => MembershipType);

@ObjectType('MembershipViewerCan', { description: 'What the viewer may do with a membership.' })
export class MembershipViewerCanType {
  @Field(() => PermissionType, { description: 'Change the profile, or its texts as a moderator.' })
  update: PermissionType;

  @Field(() => PermissionType, { description: 'Admit the applicant.' })
  admit: PermissionType;

  @Field(() => PermissionType, { description: 'Decline the application.' })
  decline: PermissionType;

  @Field(() => PermissionType, { description: 'Vouch for the applicant.' })
  sponsor: PermissionType;

  @Field(() => PermissionType, { description: 'Suspend the member.' })
  suspend: PermissionType;

  @Field(() => PermissionType, { description: 'End the suspension.' })
  reinstate: PermissionType;

  @Field(() => PermissionType, { description: 'Leave the network.' })
  leave: PermissionType;

  @Field(() => PermissionType, { description: 'Give the member a role.' })
  assignRole: PermissionType;
}

@ObjectType('Invitation', {
  implements: NodeType,
  description: 'A letter that lets one person join, once, until it expires.',
})
export class InvitationType
  extends NodeType
  implements Pick<Invitation, 'id' | 'email' | 'createdAt' | 'expiresAt' | 'acceptedAt' | 'revokedAt'>
{
  @Field(() => String, { description: 'Where the letter went.' })
  email: string;

  @Field(() => DateTimeScalar, { description: 'When it was sent.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { description: 'Until when it works.' })
  expiresAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was used.' })
  acceptedAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was taken back.' })
  revokedAt: Date | null;
}

export const InvitationConnection = connectionOf<Invitation>('Invitation', () => InvitationType);
