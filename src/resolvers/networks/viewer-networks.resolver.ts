import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { MembershipConnection } from '../../schema/networks/membership.ts';
import { ViewerType } from '../../schema/people/viewer.ts';
import { listMembershipsOf } from '../../services/networks/memberships.ts';
import type { Context } from '../context.ts';

@Resolver(() => ViewerType)
export class ViewerNetworksResolver {
  @FieldResolver(() => MembershipConnection, {
    description: 'Memberships in all networks, oldest first, former ones too.',
  })
  memberships(
    @Root() viewer: ViewerType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Membership>> {
    return listMembershipsOf(ctx.db, viewer.personId, pageRequest(page));
  }
}
