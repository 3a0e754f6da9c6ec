import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Category } from '../../entities/category.ts';
import type { NetworkEvent } from '../../entities/network-event.ts';
import type { Group } from '../../entities/group.ts';
import type { Invitation } from '../../entities/invitation.ts';
import type { Membership } from '../../entities/membership.ts';
import type { NetworkTerms } from '../../entities/network-terms.ts';
import type { Network } from '../../entities/network.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { placeOf, PlaceType } from '../../schema/common/place.ts';
import { TranslationType, translationsOf } from '../../schema/common/translation.ts';
import { GroupConnection } from '../../schema/networks/group.ts';
import { EventFilterInput, MemberFilterInput, NetworkFilterInput } from '../../schema/networks/filters.ts';
import {
  InvitationConnection,
  MembershipConnection,
  MembershipType,
} from '../../schema/networks/membership.ts';
import {
  CategoryType,
  EventConnection,
  FederationAggregateType,
  MemberClassType,
  NetworkConnection,
  NetworkTermsType,
  NetworkType,
  NetworkViewerCanType,
} from '../../schema/networks/network.ts';
import { decisionVerdict } from '../../services/access/decisions.ts';
import { may, type Verdict } from '../../services/access/may.ts';
import { aggregateOfChildren, type Aggregate } from '../../services/networks/federation.ts';
import { listGroups } from '../../services/networks/groups.ts';
import { listInvitations } from '../../services/networks/invitations.ts';
import { readableMembership } from '../../services/networks/read-members.ts';
import {
  listMembers,
  listNetworks,
  listParentRequests,
  mayApply,
  networkBy,
} from '../../services/networks/read-networks.ts';
import { listEvents } from '../../services/networks/record.ts';
import { textIn } from '../../services/networks/translations.ts';
import type { Context } from '../context.ts';

const LOCALE = {
  nullable: true,
  description: 'Preferred language; the network’s own if there is no such text.',
};

@Resolver(() => NetworkType)
export class NetworkResolver {
  @Query(() => NetworkConnection, { description: 'Networks that anyone may find, by short name.' })
  networks(
    @Arg('filter', () => NetworkFilterInput, { nullable: true, description: 'Which networks.' })
    filter: NetworkFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Network>> {
    return listNetworks(ctx.db, { text: filter?.text ?? null }, pageRequest(page));
  }

  @Query(() => NetworkType, { nullable: true, description: 'One network; null if there is none.' })
  network(
    @Arg('slug', () => String, { nullable: true, description: 'Its short name; or give `id`.' })
    slug: string | null,
    @Arg('id', () => ID, { nullable: true, description: 'Its id; or give `slug`.' }) id: string | null,
    @Ctx() ctx: Context,
  ): Promise<Network | null> {
    return networkBy(ctx.db, { slug, id });
  }

  @FieldResolver(() => String, { description: 'Its name.' })
  name(@Root() network: Network, @Arg('locale', () => String, LOCALE) locale: string | null): string {
    return textIn(network.name, locale, network.defaultLocale) ?? network.slug;
  }

  @FieldResolver(() => [TranslationType], { description: 'Its name in all its languages, at most 100.' })
  nameTranslations(@Root() network: Network): TranslationType[] {
    return translationsOf(network.name);
  }

  @FieldResolver(() => String, { nullable: true, description: 'What it is.' })
  description(
    @Root() network: Network,
    @Arg('locale', () => String, LOCALE) locale: string | null,
  ): string | null {
    return textIn(network.description, locale, network.defaultLocale);
  }

  @FieldResolver(() => [TranslationType], { description: 'What it is, in all its languages, at most 100.' })
  descriptionTranslations(@Root() network: Network): TranslationType[] {
    return translationsOf(network.description);
  }

  @FieldResolver(() => PlaceType, { nullable: true, description: 'Where it is.' })
  place(@Root() network: Network): PlaceType | null {
    return placeOf(network);
  }

  @FieldResolver(() => [MemberClassType], { description: 'Kinds of members; the first is the usual one.' })
  memberClasses(@Root() network: Network): MemberClassType[] {
    return network.memberClasses;
  }

  @FieldResolver(() => NetworkTermsType, {
    nullable: true,
    description: 'What members accept when they join.',
  })
  terms(@Root() network: Network, @Ctx() ctx: Context): Promise<NetworkTerms | null> {
    return ctx.loaders.terms(network.id);
  }

  @FieldResolver(() => [CategoryType], { description: 'Kinds of things and services that members exchange.' })
  categories(@Root() network: Network, @Ctx() ctx: Context): Promise<Category[]> {
    return ctx.loaders.categories(network.id);
  }

  @FieldResolver(() => NetworkType, { nullable: true, description: 'The umbrella that it belongs to.' })
  async parent(@Root() network: Network, @Ctx() ctx: Context): Promise<Network | null> {
    return network.parentId ? ctx.loaders.network(network.parentId) : null;
  }

  @FieldResolver(() => NetworkConnection, {
    description: 'The networks directly below it, by short name; unlisted ones for its members alone.',
  })
  async children(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Network>> {
    const standing = await ctx.loaders.standing(network.id);
    const includesUnlisted = may(standing, 'member.list').allowed;
    return listNetworks(ctx.db, { parentId: network.id, includesUnlisted }, pageRequest(page));
  }

  @FieldResolver(() => NetworkConnection, {
    nullable: true,
    description: 'The networks that have asked to be taken in, by short name; for coordinators.',
  })
  async parentRequests(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Network>> {
    return listParentRequests(ctx.db, await ctx.loaders.standing(network.id), pageRequest(page));
  }

  @FieldResolver(() => FederationAggregateType, {
    description: 'Counts and sums over the networks directly below: never a single person’s figures.',
  })
  federation(@Root() network: Network, @Ctx() ctx: Context): Promise<Aggregate> {
    return aggregateOfChildren(ctx.db, network.id, ctx.now);
  }

  @FieldResolver(() => Int, { description: 'How many active members there are.' })
  memberCount(@Root() network: Network, @Ctx() ctx: Context): Promise<number> {
    return ctx.loaders.memberCount(network.id);
  }

  @FieldResolver(() => MembershipConnection, {
    nullable: true,
    description: 'Members by name, as far as the viewer may see them; active ones if no states are named.',
  })
  async members(
    @Root() network: Network,
    @Arg('filter', () => MemberFilterInput, { nullable: true, description: 'Which members.' })
    filter: MemberFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Membership>> {
    const standing = await ctx.loaders.standing(network.id);
    const closeness = await ctx.loaders.closeness(network.id);
    return listMembers(ctx.db, standing, { filter: filter ?? {}, closeness }, pageRequest(page));
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'One membership, if the viewer may see it.',
  })
  async membership(
    @Root() network: Network,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Membership | null> {
    const standing = await ctx.loaders.standing(network.id);
    return readableMembership(ctx.db, standing, id, await ctx.loaders.closeness(network.id));
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'The viewer’s own; null for who has none.',
  })
  async viewerMembership(@Root() network: Network, @Ctx() ctx: Context): Promise<Membership | null> {
    return (await ctx.loaders.standing(network.id)).membership;
  }

  @FieldResolver(() => GroupConnection, {
    nullable: true,
    description: 'Groups in use, by name; for members.',
  })
  async groups(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Group>> {
    return listGroups(ctx.db, await ctx.loaders.standing(network.id), pageRequest(page));
  }

  @FieldResolver(() => InvitationConnection, {
    nullable: true,
    description: 'Invitations, newest first; for coordinators and auditors.',
  })
  async invitations(
    @Root() network: Network,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Invitation>> {
    return listInvitations(ctx.db, await ctx.loaders.standing(network.id), pageRequest(page));
  }

  @FieldResolver(() => EventConnection, {
    nullable: true,
    description: 'What was done by whom, newest first; for coordinators, treasurers and auditors.',
  })
  async auditLog(
    @Root() network: Network,
    @Arg('filter', () => EventFilterInput, { nullable: true, description: 'Which facts.' })
    filter: EventFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<NetworkEvent>> {
    return listEvents(ctx.db, await ctx.loaders.standing(network.id), filter ?? {}, pageRequest(page));
  }

  @FieldResolver(() => NetworkViewerCanType, { description: 'What the viewer may do here.' })
  async viewerCan(
    @Root() network: Network,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof NetworkViewerCanType, Verdict>> {
    const standing = await ctx.loaders.standing(network.id);
    return {
      apply: mayApply(standing),
      update: decisionVerdict(standing, 'network.update', { kind: 'networkUpdate', amount: null }),
      archive: may(standing, 'network.archive'),
      publishTerms: may(standing, 'network.publishTerms'),
      link: may(standing, 'network.link'),
      listMembers: may(standing, 'member.list'),
      invite: may(standing, 'member.invite'),
      admit: decisionVerdict(standing, 'member.admit', { kind: 'membershipAdmit', amount: null }),
      assignRole: decisionVerdict(standing, 'role.assign', { kind: 'roleAssign', amount: null }),
      createGroup: may(standing, 'group.create'),
      createUnit: may(standing, 'unit.create'),
      openAccount: may(standing, 'account.open'),
      readAuditLog: may(standing, 'audit.read'),
    };
  }
}

@Resolver(() => NetworkTermsType)
export class NetworkTermsResolver {
  @FieldResolver(() => String, { description: 'The text.' })
  async text(
    @Root() terms: NetworkTerms,
    @Arg('locale', () => String, LOCALE) locale: string | null,
    @Ctx() ctx: Context,
  ): Promise<string> {
    const network = await ctx.loaders.network(terms.networkId);
    return textIn(terms.text, locale, network.defaultLocale) ?? '';
  }
}

@Resolver(() => CategoryType)
export class CategoryResolver {
  @FieldResolver(() => String, { description: 'What it is called.' })
  async name(
    @Root() category: Category,
    @Arg('locale', () => String, LOCALE) locale: string | null,
    @Ctx() ctx: Context,
  ): Promise<string> {
    const network = await ctx.loaders.network(category.networkId);
    return textIn(category.name, locale, network.defaultLocale) ?? '';
  }
}
