import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { NetworkEvent } from '../../entities/network-event.ts';
import type { Invitation } from '../../entities/invitation.ts';
import type { Membership } from '../../entities/membership.ts';
import { InvitationType, MembershipType } from '../../schema/networks/membership.ts';
import { EventType } from '../../schema/networks/network.ts';
import type { Context } from '../context.ts';

@Resolver(() => EventType)
export class EventResolver {
  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who did it, as a member; null if the server did, or somebody who is no member.',
  })
  async actor(@Root() event: NetworkEvent, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, actorPersonId } = event;
    if (!actorPersonId) return null;
    return ctx.loaders.memberOf(networkId, actorPersonId);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'For whom a helper did it; null if there was none.',
  })
  async actingFor(@Root() event: NetworkEvent, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, actingForMembershipId } = event;
    return actingForMembershipId ? ctx.loaders.membership(networkId, actingForMembershipId) : null;
  }

  @FieldResolver(() => String, { description: 'Further values, as a JSON object.' })
  data(@Root() event: NetworkEvent): string {
    return JSON.stringify(event.data);
  }
}

@Resolver(() => InvitationType)
export class InvitationResolver {
  @FieldResolver(() => MembershipType, { description: 'Who invited.' })
  invitedBy(@Root() invitation: Invitation, @Ctx() ctx: Context): Promise<Membership> {
    return ctx.loaders.membership(invitation.networkId, invitation.invitedByMembershipId);
  }
}
