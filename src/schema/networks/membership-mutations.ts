import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { PlacePrecision, ProfileField, Visibility } from '../../entities/membership.ts';
import type { Role } from '../../entities/role-assignment.ts';
import { MutationPayload } from '../common/payload.ts';
import { PlaceInput } from '../common/place.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { TranslationInput } from '../common/translation.ts';
import {
  InvitationType,
  MembershipType,
  PlacePrecisionEnum,
  ProfileFieldEnum,
  RoleAssignmentType,
  RoleEnum,
  VisibilityEnum,
} from './membership.ts';

@ObjectType({ description: 'The membership, or why nothing changed.' })
export class MembershipPayload extends MutationPayload {
  @Field(() => MembershipType, { nullable: true, description: 'The membership as it is now.' })
  membership?: MembershipType;
}

@InputType({ description: 'Who asks to join what.' })
export class MembershipApplyInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => String, { nullable: true, description: 'Why, for those who decide; up to 5,000 characters.' })
  application?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version of the terms that was read and is accepted.',
  })
  acceptedTermsVersion?: number | null;
}

@ObjectType({ description: 'The application, or the membership where the network is open.' })
export class MembershipApplyPayload extends MembershipPayload {}

@InputType({ description: 'Admits an applicant.' })
export class MembershipAdmitActionInput {
  @Field(() => ID, { description: 'The applicant’s membership.' })
  membershipId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the member class; that of the application if absent.',
  })
  memberClass?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What the decision rests on, up to 1,000 characters. Needed where a vote or paid shares admit.',
  })
  reason?: string | null;
}

@InputType({ description: 'Which applicant is admitted.' })
export class MembershipAdmitInput extends MembershipAdmitActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The new member.' })
export class MembershipAdmitPayload extends MembershipPayload {}

@InputType({ description: 'Which membership changes its state.' })
export class MembershipDeclineInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The membership.' })
  membershipId: string;

  @Field(() => String, { nullable: true, description: 'Why, up to 1,000 characters; needed to suspend.' })
  reason?: string | null;
}

@ObjectType({ description: 'The declined application.' })
export class MembershipDeclinePayload extends MembershipPayload {}

@InputType({ description: 'Which member is suspended.' })
export class MembershipSuspendInput extends MembershipDeclineInput {}

@ObjectType({ description: 'The suspended member.' })
export class MembershipSuspendPayload extends MembershipPayload {}

@InputType({ description: 'Whose suspension ends.' })
export class MembershipReinstateInput extends MembershipDeclineInput {}

@ObjectType({ description: 'The reinstated member.' })
export class MembershipReinstatePayload extends MembershipPayload {}

@InputType({ description: 'Which own membership ends.' })
export class MembershipLeaveInput extends MembershipDeclineInput {}

@ObjectType({ description: 'The ended membership.' })
export class MembershipLeavePayload extends MembershipPayload {}

@InputType({ description: 'For whom the viewer vouches.' })
export class MembershipSponsorInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The applicant’s membership.' })
  membershipId: string;
}

@ObjectType({ description: 'The applicant, a member already if this was the last sponsor needed.' })
export class MembershipSponsorPayload extends MembershipPayload {}

@InputType({ description: 'Who is invited.' })
export class MembershipInviteInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => String, { description: 'Where the letter goes.' })
  email: string;

  @Field(() => String, {
    nullable: true,
    description: 'Language of the letter as a BCP 47 tag; the network’s if absent.',
  })
  locale?: string | null;

  @Field(() => Int, { nullable: true, description: 'For how many days it works, 1 to 90; 14 if absent.' })
  validDays?: number | null;
}

@ObjectType({ description: 'The invitation that was sent. Its secret stands in the letter alone.' })
export class MembershipInvitePayload extends MutationPayload {
  @Field(() => InvitationType, { nullable: true, description: 'The invitation.' })
  invitation?: InvitationType;
}

@InputType({ description: 'Which invitation is taken back.' })
export class InvitationRevokeInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The invitation.' })
  invitationId: string;
}

@ObjectType({ description: 'The invitation that no longer works.' })
export class InvitationRevokePayload extends MutationPayload {
  @Field(() => InvitationType, { nullable: true, description: 'The invitation.' })
  invitation?: InvitationType;
}

@InputType({ description: 'Which invitation is accepted.' })
export class MembershipAcceptInvitationInput {
  @Field(() => String, { description: 'The secret from the letter.' })
  secret: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version of the network’s terms that was read and is accepted.',
  })
  acceptedTermsVersion?: number | null;
}

@ObjectType({ description: 'The new membership.' })
export class MembershipAcceptInvitationPayload extends MembershipPayload {}

@InputType({ description: 'Who sees one part of a profile.' })
export class ProfileVisibilityInput {
  @Field(() => ProfileFieldEnum, { description: 'The part.' })
  field: ProfileField;

  @Field(() => VisibilityEnum, { description: 'Who sees it. A name is seen by the network at least.' })
  visibleTo: Visibility;
}

@InputType({ description: 'What changes in a profile. Absent fields stay, null empties.' })
export class MembershipUpdateInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The membership.' })
  membershipId: string;

  @Field(() => String, { nullable: true, description: 'The name in this network, 1 to 100 characters.' })
  displayName?: string;

  @Field(() => [TranslationInput], {
    nullable: true,
    description: 'About the member, up to 5,000 characters a language.',
  })
  about?: TranslationInput[] | null;

  @Field(() => [String], { nullable: true, description: 'Up to 30 skills of up to 60 characters.' })
  skills?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Telephone number, up to 40 characters.' })
  phone?: string | null;

  @Field(() => PlaceInput, { nullable: true, description: 'Where the member lives.' })
  place?: PlaceInput | null;

  @Field(() => PlacePrecisionEnum, {
    nullable: true,
    description: 'How exactly the place is kept; finer digits are not stored.',
  })
  placePrecision?: PlacePrecision;

  @Field(() => [ProfileVisibilityInput], {
    nullable: true,
    description: 'Who sees what; parts not named stay as they are.',
  })
  visibility?: ProfileVisibilityInput[];
}

@ObjectType({ description: 'The changed membership.' })
export class MembershipUpdatePayload extends MembershipPayload {}

@InputType({ description: 'Who gets which role.' })
export class RoleAssignInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The member who gets it.' })
  membershipId: string;

  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => ID, { nullable: true, description: 'The member who is helped; for HELPER and for it alone.' })
  forMembershipId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Beginning of the term; now if absent.' })
  startsAt?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'End of the term; until revoked if absent.' })
  endsAt?: Date | null;
}

@ObjectType({ description: 'The role that was given.' })
export class RoleAssignPayload extends MutationPayload {
  @Field(() => RoleAssignmentType, { nullable: true, description: 'The assignment.' })
  roleAssignment?: RoleAssignmentType;
}

@InputType({ description: 'Takes a role back.' })
export class RoleRevokeActionInput {
  @Field(() => ID, { description: 'The assignment.' })
  roleAssignmentId: string;

  @Field(() => String, { nullable: true, description: 'Why, up to 1,000 characters.' })
  reason?: string | null;
}

@InputType({ description: 'Which role is taken back.' })
export class RoleRevokeInput extends RoleRevokeActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The role that was taken back.' })
export class RoleRevokePayload extends MutationPayload {
  @Field(() => RoleAssignmentType, { nullable: true, description: 'The assignment.' })
  roleAssignment?: RoleAssignmentType;
}
