import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Group } from '../../entities/group.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { TranslationType, translationsOf } from '../../schema/common/translation.ts';
import {
  GroupCoordinatorSetInput,
  GroupCoordinatorSetPayload,
  GroupCreateInput,
  GroupCreatePayload,
  GroupJoinInput,
  GroupJoinPayload,
  GroupLeaveInput,
  GroupLeavePayload,
  GroupUpdateInput,
  GroupUpdatePayload,
} from '../../schema/networks/group-mutations.ts';
import { GroupType, GroupViewerCanType } from '../../schema/networks/group.ts';
import { MembershipConnection, MembershipType } from '../../schema/networks/membership.ts';
import { NetworkType } from '../../schema/networks/network.ts';
import { may, type Verdict } from '../../services/access/may.ts';
import {
  coordinatesGroup,
  createGroup,
  joinGroup,
  leaveGroup,
  setGroupCoordinator,
  updateGroup,
} from '../../services/networks/groups.ts';
import { coordinatorsOf } from '../../services/networks/read-members.ts';
import { listMembers } from '../../services/networks/read-networks.ts';
import { textIn } from '../../services/networks/translations.ts';
import type { Context } from '../context.ts';
import { Input, refuseNulls } from '../input.ts';
import { mutate } from '../mutate.ts';

const LOCALE = {
  nullable: true,
  description: 'Preferred language; the network’s own if there is no such text.',
};

@Resolver(() => GroupType)
export class GroupResolver {
  @FieldResolver(() => NetworkType, { description: 'The network that it belongs to.' })
  network(@Root() group: Group, @Ctx() ctx: Context): Promise<Network> {
    return ctx.loaders.network(group.networkId);
  }

  @FieldResolver(() => String, { description: 'Its name.' })
  async name(
    @Root() group: Group,
    @Arg('locale', () => String, LOCALE) locale: string | null,
    @Ctx() ctx: Context,
  ): Promise<string> {
    const network = await ctx.loaders.network(group.networkId);
    return textIn(group.name, locale, network.defaultLocale) ?? '';
  }

  @FieldResolver(() => [TranslationType], { description: 'Its name in all its languages, at most 100.' })
  nameTranslations(@Root() group: Group): TranslationType[] {
    return translationsOf(group.name);
  }

  @FieldResolver(() => String, { nullable: true, description: 'What it is for.' })
  async purpose(
    @Root() group: Group,
    @Arg('locale', () => String, LOCALE) locale: string | null,
    @Ctx() ctx: Context,
  ): Promise<string | null> {
    const network = await ctx.loaders.network(group.networkId);
    return textIn(group.purpose, locale, network.defaultLocale);
  }

  @FieldResolver(() => MembershipConnection, { description: 'Its members, by name.' })
  async members(
    @Root() group: Group,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Membership>> {
    const standing = await ctx.loaders.standing(group.networkId);
    const closeness = await ctx.loaders.closeness(group.networkId);
    return listMembers(ctx.db, standing, { filter: { groupId: group.id }, closeness }, pageRequest(page));
  }

  @FieldResolver(() => [MembershipType], { description: 'Who coordinates it, at most 50.' })
  async coordinators(@Root() group: Group, @Ctx() ctx: Context): Promise<Membership[]> {
    const ids = await coordinatorsOf(ctx.db, group);
    return Promise.all(ids.map((id) => ctx.loaders.membership(group.networkId, id)));
  }

  @FieldResolver(() => GroupViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() group: Group,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof GroupViewerCanType, Verdict>> {
    const standing = await ctx.loaders.standing(group.networkId);
    const isOwn = await coordinatesGroup(ctx.db, standing, group.id);
    return { manage: may(standing, 'group.manage', { isOwn }), join: may(standing, 'group.join') };
  }

  @Mutation(() => GroupCreatePayload, {
    description: 'Makes a group; the viewer coordinates it. Codes: NETWORK_ARCHIVED.',
  })
  groupCreate(
    @Input(() => GroupCreateInput) input: GroupCreateInput,
    @Ctx() ctx: Context,
  ): Promise<GroupCreatePayload> {
    return mutate(ctx, async (tx) => ({ group: await createGroup(tx, input) }));
  }

  @Mutation(() => GroupUpdatePayload, { description: 'Changes a group. Codes: NETWORK_ARCHIVED.' })
  groupUpdate(
    @Input(() => GroupUpdateInput) input: GroupUpdateInput,
    @Ctx() ctx: Context,
  ): Promise<GroupUpdatePayload> {
    return mutate(ctx, async (tx) => {
      refuseNulls(input, 'name', 'joinMode', 'isArchived');
      return { group: await updateGroup(tx, input) };
    });
  }

  @Mutation(() => GroupJoinPayload, {
    description:
      'Joins a group, or adds a member as its coordinator. Codes: GROUP_CONFLICT, NETWORK_ARCHIVED.',
  })
  groupJoin(
    @Input(() => GroupJoinInput) input: GroupJoinInput,
    @Ctx() ctx: Context,
  ): Promise<GroupJoinPayload> {
    return mutate(ctx, async (tx) => ({ group: await joinGroup(tx, input) }));
  }

  @Mutation(() => GroupLeavePayload, {
    description:
      'Leaves a group, or takes a member out as its coordinator. Codes: GROUP_CONFLICT, NETWORK_ARCHIVED.',
  })
  groupLeave(
    @Input(() => GroupLeaveInput) input: GroupLeaveInput,
    @Ctx() ctx: Context,
  ): Promise<GroupLeavePayload> {
    return mutate(ctx, async (tx) => ({ group: await leaveGroup(tx, input) }));
  }

  @Mutation(() => GroupCoordinatorSetPayload, {
    description: 'Says whether a member of a group coordinates it. Codes: GROUP_CONFLICT, NETWORK_ARCHIVED.',
  })
  groupCoordinatorSet(
    @Input(() => GroupCoordinatorSetInput) input: GroupCoordinatorSetInput,
    @Ctx() ctx: Context,
  ): Promise<GroupCoordinatorSetPayload> {
    return mutate(ctx, async (tx) => ({ group: await setGroupCoordinator(tx, input) }));
  }
}
