import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import type { Objection, ObjectionState } from '../../entities/objection.ts';
import type { Proposal } from '../../entities/proposal.ts';
import type { Stance } from '../../entities/stance.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  ObjectionConnection,
  ObjectionRaiseInput,
  ObjectionRaisePayload,
  ObjectionResolveInput,
  ObjectionResolvePayload,
  ObjectionStateEnum,
  ObjectionType,
  ObjectionViewerCanType,
  ProposalFacilitatorSetInput,
  ProposalFacilitatorSetPayload,
  StanceConnection,
  StanceTakeInput,
  StanceTakePayload,
  StanceType,
} from '../../schema/proposals/consent.ts';
import { ProposalType } from '../../schema/proposals/proposal.ts';
import { authorize, type Verdict } from '../../services/access/may.ts';
import { takeStance } from '../../services/proposals/discussion/consent.ts';
import { setFacilitator } from '../../services/proposals/discussion/facilitator.ts';
import { raiseObjection, resolveObjection } from '../../services/proposals/discussion/objections.ts';
import { objectionVerdicts, type ObjectionDeed } from '../../services/proposals/discussion/read-consent.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => ProposalType)
export class ProposalConsentResolver {
  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who looks after the consent and rules on objections; null for nobody.',
  })
  async facilitator(
    @Root() { networkId, facilitatorMembershipId }: Proposal,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return facilitatorMembershipId ? ctx.loaders.membership(networkId, facilitatorMembershipId) : null;
  }

  @FieldResolver(() => StanceConnection, {
    description: 'Stances to it as it reads now; none unless it is decided by consent.',
  })
  async stances(
    @Root() proposal: Proposal,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Stance>> {
    authorize(await ctx.loaders.standing(proposal.networkId), 'proposal.read');
    return ctx.loaders.stances(proposal, pageRequest(page));
  }

  @FieldResolver(() => StanceType, {
    nullable: true,
    description: 'What the viewer says to it as it reads now; null for nothing yet, or for an objection.',
  })
  viewerStance(@Root() proposal: Proposal, @Ctx() ctx: Context): Promise<Stance | null> {
    return ctx.loaders.ownStance(proposal);
  }

  @FieldResolver(() => ObjectionConnection, {
    description: 'Objections to it, oldest first, whatever version they were raised against.',
  })
  async objections(
    @Root() proposal: Proposal,
    @Arg('state', () => ObjectionStateEnum, { nullable: true, description: 'Only those in this state.' })
    state: ObjectionState | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Objection>> {
    authorize(await ctx.loaders.standing(proposal.networkId), 'proposal.read');
    return ctx.loaders.objections(proposal, { state: state ?? null, ...pageRequest(page) });
  }

  @Mutation(() => StanceTakePayload, {
    description:
      'Consents to a proposal or stands aside; to say the same again changes nothing. Codes: NOT_BY_CONSENT, PROPOSAL_STATE, PROPOSAL_AMENDED, NOT_AN_ELECTOR, OBJECTION_CONFLICT, NETWORK_ARCHIVED.',
  })
  stanceTake(
    @Input(() => StanceTakeInput) input: StanceTakeInput,
    @Ctx() ctx: Context,
  ): Promise<StanceTakePayload> {
    return mutate(ctx, async (tx) => ({ proposal: await takeStance(tx, input) }));
  }

  @Mutation(() => ProposalFacilitatorSetPayload, {
    description:
      'Says who rules on objections; for the author of a draft, and for coordinators. Codes: NOT_BY_CONSENT, PROPOSAL_STATE, OBJECTION_CONFLICT, MEMBERSHIP_STATE, FACILITATOR_IS_AUTHOR, NETWORK_ARCHIVED.',
  })
  proposalFacilitatorSet(
    @Input(() => ProposalFacilitatorSetInput) input: ProposalFacilitatorSetInput,
    @Ctx() ctx: Context,
  ): Promise<ProposalFacilitatorSetPayload> {
    return mutate(ctx, async (tx) => ({ proposal: await setFacilitator(tx, input) }));
  }
}

@Resolver(() => StanceType)
export class StanceResolver {
  @FieldResolver(() => MembershipType, { description: 'Whose it is.' })
  member(@Root() { networkId, membershipId }: Stance, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }
}

@Resolver(() => ObjectionType)
export class ObjectionResolver {
  @FieldResolver(() => ProposalType, { description: 'The proposal against which it is.' })
  proposal(@Root() { networkId, proposalId }: Objection, @Ctx() ctx: Context): Promise<Proposal> {
    return ctx.loaders.proposal(networkId, proposalId);
  }

  @FieldResolver(() => MembershipType, { description: 'Who raised it.' })
  raisedBy(@Root() { networkId, membershipId }: Objection, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(networkId, membershipId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who settled it; null while it is open.',
  })
  async resolvedBy(
    @Root() { networkId, resolvedByMembershipId }: Objection,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    return resolvedByMembershipId ? ctx.loaders.membership(networkId, resolvedByMembershipId) : null;
  }

  @FieldResolver(() => ObjectionViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() objection: Objection,
    @Ctx() ctx: Context,
  ): Promise<Record<ObjectionDeed, Verdict>> {
    const { networkId, proposalId } = objection;
    const proposal = await ctx.loaders.proposal(networkId, proposalId);
    return objectionVerdicts(await ctx.loaders.standing(networkId), { objection, proposal }, ctx.now);
  }

  @Mutation(() => ObjectionRaisePayload, {
    description:
      'Objects to a proposal, which does not pass as long as the objection is open. Codes: NOT_BY_CONSENT, PROPOSAL_STATE, NOT_AN_ELECTOR, OBJECTION_CONFLICT, NETWORK_ARCHIVED.',
  })
  objectionRaise(
    @Input(() => ObjectionRaiseInput) input: ObjectionRaiseInput,
    @Ctx() ctx: Context,
  ): Promise<ObjectionRaisePayload> {
    return mutate(ctx, async (tx) => ({ objection: await raiseObjection(tx, input) }));
  }

  @Mutation(() => ObjectionResolvePayload, {
    description:
      'Settles an objection: for who raised it, or for the facilitator if it is none. Codes: OBJECTION_CONFLICT, PROPOSAL_STATE, REQUIRED, NETWORK_ARCHIVED.',
  })
  objectionResolve(
    @Input(() => ObjectionResolveInput) input: ObjectionResolveInput,
    @Ctx() ctx: Context,
  ): Promise<ObjectionResolvePayload> {
    return mutate(ctx, async (tx) => ({ objection: await resolveObjection(tx, input) }));
  }
}
