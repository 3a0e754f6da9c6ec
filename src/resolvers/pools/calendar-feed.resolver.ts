import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { CalendarFeed } from '../../entities/calendar-feed.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  CalendarFeedCreateInput,
  CalendarFeedCreatePayload,
  CalendarFeedRevokeInput,
  CalendarFeedRevokePayload,
  CalendarFeedType,
} from '../../schema/pools/calendar-feed.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import { createFeed, revokeFeed, seesFeedsOf } from '../../services/pools/calendar/feeds.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate } from '../mutate.ts';

@Resolver(() => CalendarFeedType)
export class CalendarFeedResolver {
  @FieldResolver(() => PoolType, {
    nullable: true,
    description: 'The pool whose bookings it shows, if it is one.',
  })
  async pool(@Root() { networkId, poolId }: CalendarFeed, @Ctx() ctx: Context): Promise<Pool | null> {
    return poolId === null ? null : ctx.loaders.pool(networkId, poolId);
  }

  @FieldResolver(() => ResourceType, {
    nullable: true,
    description: 'The thing whose bookings it shows, if it is one.',
  })
  async resource(
    @Root() { networkId, resourceId }: CalendarFeed,
    @Ctx() ctx: Context,
  ): Promise<Resource | null> {
    return resourceId === null ? null : ctx.loaders.resource(networkId, resourceId);
  }

  @Mutation(() => CalendarFeedCreatePayload, {
    description:
      'Makes an address by which a program reads bookings as the viewer may see them. Codes: INVALID_ID, INVALID_CHOICE, TOO_MANY_CALENDAR_FEEDS, NETWORK_ARCHIVED.',
  })
  calendarFeedCreate(
    @Input(() => CalendarFeedCreateInput) input: CalendarFeedCreateInput,
    @Ctx() ctx: Context,
  ): Promise<CalendarFeedCreatePayload> {
    return mutate(ctx, async (tx) => {
      const { feed, secret } = await createFeed(tx, input);
      const url = `${ctx.app.config.publicUrl}/calendar/${feed.networkId}/${secret}.ics`;
      return { calendarFeed: feed, url };
    });
  }

  @Mutation(() => CalendarFeedRevokePayload, {
    description: 'Ends the address of a calendar at once. Codes: INVALID_ID, NETWORK_ARCHIVED.',
  })
  calendarFeedRevoke(
    @Input(() => CalendarFeedRevokeInput) { networkId, calendarFeedId: feedId }: CalendarFeedRevokeInput,
    @Ctx() ctx: Context,
  ): Promise<CalendarFeedRevokePayload> {
    return mutate(ctx, async (tx) => ({ calendarFeed: await revokeFeed(tx, { networkId, feedId }) }));
  }
}

@Resolver(() => MembershipType)
export class MembershipCalendarFeedsResolver {
  @FieldResolver(() => [CalendarFeedType], {
    nullable: true,
    description: 'Calendars of bookings by the member that work now, at most 20; for the member alone.',
  })
  async calendarFeeds(@Root() member: Membership, @Ctx() ctx: Context): Promise<CalendarFeed[] | null> {
    const standing = await ctx.loaders.standing(member.networkId);
    return seesFeedsOf(standing, member.id) ? ctx.loaders.calendarFeeds(member) : null;
  }
}
