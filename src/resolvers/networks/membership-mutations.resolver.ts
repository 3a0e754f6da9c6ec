import { Ctx, Mutation, Resolver } from 'type-graphql';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  InvitationRevokeInput,
  InvitationRevokePayload,
  MembershipAcceptInvitationInput,
  MembershipAcceptInvitationPayload,
  MembershipAdmitInput,
  MembershipAdmitPayload,
  MembershipApplyInput,
  MembershipApplyPayload,
  MembershipDeclineInput,
  MembershipDeclinePayload,
  MembershipInviteInput,
  MembershipInvitePayload,
  MembershipLeaveInput,
  MembershipLeavePayload,
  MembershipReinstateInput,
  MembershipReinstatePayload,
  MembershipSponsorInput,
  MembershipSponsorPayload,
  MembershipSuspendInput,
  MembershipSuspendPayload,
  MembershipUpdateInput,
  MembershipUpdatePayload,
  RoleAssignInput,
  RoleAssignPayload,
  RoleRevokeInput,
  RoleRevokePayload,
} from '../../schema/networks/membership-mutations.ts';
import { acceptInvitation, inviteMember, revokeInvitation } from '../../services/networks/invitations.ts';
import { leaveNetwork, reinstateMember, suspendMember } from '../../services/networks/membership-changes.ts';
import {
  admitMember,
  applyForMembership,
  declineApplication,
  sponsorApplicant,
} from '../../services/networks/admission.ts';
import { updateProfile } from '../../services/networks/profiles.ts';
import { assignRole, revokeRole } from '../../services/networks/roles.ts';
import { requirePerson } from '../../services/people/authenticate.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { answering, mutate } from '../mutate.ts';

@Resolver(() => MembershipType)
export class MembershipMutationsResolver {
  @Mutation(() => MembershipApplyPayload, {
    description: 'Applies for membership. Codes: TERMS_NOT_ACCEPTED, MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  membershipApply(
    @Input(() => MembershipApplyInput) input: MembershipApplyInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipApplyPayload> {
    return mutate(ctx, async (tx) => ({ membership: await applyForMembership(tx, input) }));
  }

  @Mutation(() => MembershipAdmitPayload, {
    description:
      'Admits an applicant; the accounts open with it. Codes: DECISION_REQUIRED, MEMBERSHIP_STATE, REQUIRED, NETWORK_ARCHIVED.',
  })
  membershipAdmit(
    @Input(() => MembershipAdmitInput) input: MembershipAdmitInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipAdmitPayload> {
    return mutate(ctx, async (tx) => ({ membership: await admitMember(tx, input) }));
  }

  @Mutation(() => MembershipDeclinePayload, {
    description: 'Declines an application. Codes: MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  membershipDecline(
    @Input(() => MembershipDeclineInput) input: MembershipDeclineInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipDeclinePayload> {
    return mutate(ctx, async (tx) => ({ membership: await declineApplication(tx, input) }));
  }

  @Mutation(() => MembershipSponsorPayload, {
    description: 'Vouches for an applicant. Codes: ALREADY_SPONSORED, MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  membershipSponsor(
    @Input(() => MembershipSponsorInput) input: MembershipSponsorInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipSponsorPayload> {
    return mutate(ctx, async (tx) => ({ membership: await sponsorApplicant(tx, input) }));
  }

  @Mutation(() => MembershipSuspendPayload, {
    description:
      'Suspends a member. Codes: DECISION_REQUIRED, MEMBERSHIP_STATE, LAST_COORDINATOR, REQUIRED, NETWORK_ARCHIVED.',
  })
  membershipSuspend(
    @Input(() => MembershipSuspendInput) input: MembershipSuspendInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipSuspendPayload> {
    return mutate(ctx, async (tx) => ({ membership: await suspendMember(tx, input) }));
  }

  @Mutation(() => MembershipReinstatePayload, {
    description: 'Ends a suspension. Codes: DECISION_REQUIRED, MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  membershipReinstate(
    @Input(() => MembershipReinstateInput) input: MembershipReinstateInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipReinstatePayload> {
    return mutate(ctx, async (tx) => ({ membership: await reinstateMember(tx, input) }));
  }

  @Mutation(() => MembershipLeavePayload, {
    description:
      'Ends the own membership or withdraws the application. Codes: ACCOUNT_NOT_EMPTY, LAST_COORDINATOR, MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  membershipLeave(
    @Input(() => MembershipLeaveInput) input: MembershipLeaveInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipLeavePayload> {
    return mutate(ctx, async (tx) => ({ membership: await leaveNetwork(tx, input) }));
  }

  @Mutation(() => MembershipUpdatePayload, {
    description:
      'Changes a profile: the own one, or texts of others as a moderator. Codes: INVALID_CHOICE, NETWORK_ARCHIVED.',
  })
  membershipUpdate(
    @Input(() => MembershipUpdateInput) input: MembershipUpdateInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipUpdatePayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, 'displayName', 'placePrecision', 'visibility');
      return { membership: await updateProfile(tx, input) };
    });
  }

  @Mutation(() => MembershipInvitePayload, {
    description:
      'Invites somebody by e-mail. Codes: INVALID_EMAIL, INVALID_RANGE, TOO_MANY_INVITATIONS, TOO_MANY_ATTEMPTS, NETWORK_ARCHIVED.',
  })
  membershipInvite(
    @Input(() => MembershipInviteInput) input: MembershipInviteInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipInvitePayload> {
    return answering(async () => {
      // Over all networks, before the transaction: the count stays when the invitation is refused.
      const { personId } = requirePerson(ctx.actor);
      await ctx.app.people.throttle.count('invitationByPerson', personId);
      return ctx.run(async (tx) => ({ invitation: await inviteMember(tx, input) }));
    });
  }

  @Mutation(() => InvitationRevokePayload, {
    description:
      'Takes an invitation back: who sent it, or a coordinator. Codes: INVITATION_INVALID, NETWORK_ARCHIVED.',
  })
  invitationRevoke(
    @Input(() => InvitationRevokeInput) input: InvitationRevokeInput,
    @Ctx() ctx: Context,
  ): Promise<InvitationRevokePayload> {
    return mutate(ctx, async (tx) => ({ invitation: await revokeInvitation(tx, input) }));
  }

  @Mutation(() => MembershipAcceptInvitationPayload, {
    description:
      'Joins by invitation. Codes: INVITATION_INVALID, TERMS_NOT_ACCEPTED, MEMBERSHIP_STATE, NETWORK_ARCHIVED.',
  })
  membershipAcceptInvitation(
    @Input(() => MembershipAcceptInvitationInput) input: MembershipAcceptInvitationInput,
    @Ctx() ctx: Context,
  ): Promise<MembershipAcceptInvitationPayload> {
    return mutate(ctx, async (tx) => ({ membership: await acceptInvitation(tx, input) }));
  }

  @Mutation(() => RoleAssignPayload, {
    description:
      'Gives a member a role for a term. Codes: DECISION_REQUIRED, ROLE_HELD, MEMBERSHIP_STATE, INVALID_CHOICE, NETWORK_ARCHIVED.',
  })
  roleAssign(
    @Input(() => RoleAssignInput) input: RoleAssignInput,
    @Ctx() ctx: Context,
  ): Promise<RoleAssignPayload> {
    return mutate(ctx, async (tx) => ({ roleAssignment: await assignRole(tx, input) }));
  }

  @Mutation(() => RoleRevokePayload, {
    description:
      'Takes a role back before its term ends. Codes: DECISION_REQUIRED, LAST_COORDINATOR, NETWORK_ARCHIVED.',
  })
  roleRevoke(
    @Input(() => RoleRevokeInput) input: RoleRevokeInput,
    @Ctx() ctx: Context,
  ): Promise<RoleRevokePayload> {
    return mutate(ctx, async (tx) => ({ roleAssignment: await revokeRole(tx, input) }));
  }
}
