import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Membership } from '../../entities/membership.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import { ViewerType } from '../../schema/people/viewer.ts';
import { membershipsOf } from '../../services/networks/memberships.ts';
import type { Context } from '../context.ts';

@Resolver(() => ViewerType)
export class ViewerNetworksResolver {
  @FieldResolver(() => [MembershipType], {
    description: 'Memberships in all networks, oldest first, former ones too.',
  })
  memberships(@Root() viewer: ViewerType, @Ctx() ctx: Context): Promise<Membership[]> {
    return membershipsOf(ctx.db, viewer.personId);
  }
}
