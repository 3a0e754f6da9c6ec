import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Group } from '../../entities/group.ts';
import type { Membership, ProfileField } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import type { RoleAssignment } from '../../entities/role-assignment.ts';
import { placeOf, PlaceType } from '../../schema/common/place.ts';
import { TranslationType, translationsOf } from '../../schema/common/translation.ts';
import { GroupType } from '../../schema/networks/group.ts';
import {
  MembershipType,
  MembershipViewerCanType,
  ProfileVisibilityType,
  RoleAssignmentType,
} from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import type { Verdict } from '../../services/access/may.ts';
import {
  isOwnMembership,
  membershipVerdicts,
  seesConnections,
  seesApplication,
  seesDecisionOn,
  seesField,
} from '../../services/networks/membership-access.ts';
import { textIn } from '../../services/networks/translations.ts';
import type { Context } from '../context.ts';

@Resolver(() => MembershipType)
export class MembershipResolver {
  @FieldResolver(() => NetworkType, { description: 'The network.' })
  network(@Root() member: Membership, @Ctx() ctx: Context): Promise<Network> {
    return ctx.loaders.network(member.networkId);
  }

  @FieldResolver(() => String, { nullable: true, description: 'The name in this network.' })
  async displayName(@Root() member: Membership, @Ctx() ctx: Context): Promise<string | null> {
    return (await sees(ctx, member, 'displayName')) ? member.displayName : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'About the member.' })
  async about(
    @Root() member: Membership,
    @Arg('locale', () => String, {
      nullable: true,
      description: 'Preferred language; the network’s own if there is no such text.',
    })
    locale: string | null,
    @Ctx() ctx: Context,
  ): Promise<string | null> {
    if (!(await sees(ctx, member, 'about'))) return null;
    const network = await ctx.loaders.network(member.networkId);
    return textIn(member.about, locale, network.defaultLocale);
  }

  @FieldResolver(() => [TranslationType], {
    nullable: true,
    description: 'About the member, in all languages, at most 100.',
  })
  async aboutTranslations(
    @Root() member: Membership,
    @Ctx() ctx: Context,
  ): Promise<TranslationType[] | null> {
    return (await sees(ctx, member, 'about')) ? translationsOf(member.about) : null;
  }

  @FieldResolver(() => [String], { nullable: true, description: 'What the member can do.' })
  async skills(@Root() member: Membership, @Ctx() ctx: Context): Promise<string[] | null> {
    return (await sees(ctx, member, 'skills')) ? member.skills : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Telephone number.' })
  async phone(@Root() member: Membership, @Ctx() ctx: Context): Promise<string | null> {
    return (await sees(ctx, member, 'phone')) ? member.phone : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'E-mail address.' })
  async email(@Root() member: Membership, @Ctx() ctx: Context): Promise<string | null> {
    if (!(await sees(ctx, member, 'email'))) return null;
    return (await ctx.loaders.person(member.personId)).email;
  }

  @FieldResolver(() => PlaceType, {
    nullable: true,
    description: 'Where the member lives, as exactly as it is kept.',
  })
  async place(@Root() member: Membership, @Ctx() ctx: Context): Promise<PlaceType | null> {
    return (await sees(ctx, member, 'place')) ? placeOf(member) : null;
  }

  @FieldResolver(() => [ProfileVisibilityType], {
    nullable: true,
    description: 'Who sees what; for the member alone.',
  })
  async visibility(@Root() member: Membership, @Ctx() ctx: Context): Promise<ProfileVisibilityType[] | null> {
    if (!(await isOwn(ctx, member))) return null;
    return (Object.keys(member.visibility) as ProfileField[]).map((field) => ({
      field,
      visibleTo: member.visibility[field],
    }));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Why the person would like to join; for the person and those who decide, and where they vote on admissions for all members.',
  })
  async application(@Root() member: Membership, @Ctx() ctx: Context): Promise<string | null> {
    const standing = await ctx.loaders.standing(member.networkId);
    return seesApplication(standing, member) ? member.application : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the last decision rests on; for the person and those who decide.',
  })
  async stateReason(@Root() member: Membership, @Ctx() ctx: Context): Promise<string | null> {
    return (await seesDecision(ctx, member)) ? member.stateReason : null;
  }

  @FieldResolver(() => Boolean, { description: 'Whether the member has accepted the terms in force.' })
  async hasAcceptedTerms(@Root() member: Membership, @Ctx() ctx: Context): Promise<boolean> {
    const network = await ctx.loaders.network(member.networkId);
    return member.acceptedTermsVersion === network.termsVersion;
  }

  @FieldResolver(() => [RoleAssignmentType], {
    nullable: true,
    description: 'Roles held now or in future, at most 50; for members and the person.',
  })
  async roles(@Root() member: Membership, @Ctx() ctx: Context): Promise<RoleAssignment[] | null> {
    return (await seesInside(ctx, member)) ? ctx.loaders.roles(member) : null;
  }

  @FieldResolver(() => [MembershipType], {
    nullable: true,
    description: 'Members who vouched for this one, at most 50; for members and the person.',
  })
  async sponsors(@Root() member: Membership, @Ctx() ctx: Context): Promise<Membership[] | null> {
    if (!(await seesInside(ctx, member))) return null;
    const ids = await ctx.loaders.sponsorIds(member);
    return Promise.all(ids.map((id) => ctx.loaders.membership(member.networkId, id)));
  }

  @FieldResolver(() => [GroupType], {
    nullable: true,
    description: 'Groups that the member belongs to, by name, at most 50; for members.',
  })
  async groups(@Root() member: Membership, @Ctx() ctx: Context): Promise<Group[] | null> {
    if (!(await seesInside(ctx, member))) return null;
    const ids = await ctx.loaders.groupIds(member);
    return Promise.all(ids.map((id) => ctx.loaders.group(member.networkId, id)));
  }

  @FieldResolver(() => MembershipViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() member: Membership,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof MembershipViewerCanType, Verdict>> {
    return membershipVerdicts(await ctx.loaders.standing(member.networkId), member);
  }
}

@Resolver(() => RoleAssignmentType)
export class RoleAssignmentResolver {
  @FieldResolver(() => MembershipType, { description: 'Who holds it.' })
  membership(@Root() assignment: RoleAssignment, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(assignment.networkId, assignment.membershipId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'The member who is helped; null but for helpers.',
  })
  async forMembership(@Root() assignment: RoleAssignment, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, forMembershipId } = assignment;
    return forMembershipId ? ctx.loaders.membership(networkId, forMembershipId) : null;
  }
}

async function isOwn(ctx: Context, member: Membership): Promise<boolean> {
  return isOwnMembership(await ctx.loaders.standing(member.networkId), member);
}

async function sees(ctx: Context, member: Membership, field: ProfileField): Promise<boolean> {
  const { networkId } = member;
  return seesField(
    await ctx.loaders.standing(networkId),
    member,
    field,
    await ctx.loaders.closeness(networkId),
  );
}

async function seesInside(ctx: Context, member: Membership): Promise<boolean> {
  return seesConnections(await ctx.loaders.standing(member.networkId), member);
}

async function seesDecision(ctx: Context, member: Membership): Promise<boolean> {
  return seesDecisionOn(await ctx.loaders.standing(member.networkId), member);
}
