import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Booking } from '../../entities/booking.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { BookingConnection } from '../../schema/pools/booking.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import { ResourceConnection } from '../../schema/pools/resource.ts';
import { PoolWorklistType } from '../../schema/pools/worklist.ts';
import { may } from '../../services/access/may.ts';
import { workFilter, type WorkKind } from '../../services/pools/bookings/worklist.ts';
import type { Context } from '../context.ts';

@Resolver(() => PoolType)
export class PoolWorklistResolver {
  @FieldResolver(() => PoolWorklistType, {
    nullable: true,
    description: 'What waits for its stewards; null for who is neither one nor a coordinator.',
  })
  async worklist(@Root() pool: Pool, @Ctx() ctx: Context): Promise<Pool | null> {
    const standing = await ctx.loaders.standing(pool.networkId);
    const isOwn = await ctx.loaders.isSteward(pool);
    return may(standing, 'booking.decide', { isOwn }).allowed ? pool : null;
  }
}

@Resolver(() => PoolWorklistType)
export class WorklistResolver {
  @FieldResolver(() => BookingConnection, { description: 'Bookings that a steward has to answer.' })
  toApprove(
    @Root() pool: Pool,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking>> {
    return workOf(ctx, pool, 'toApprove', page);
  }

  @FieldResolver(() => BookingConnection, {
    description: 'Approved bookings that begin before the end of today in the time zone of the network.',
  })
  dueOut(
    @Root() pool: Pool,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking>> {
    return workOf(ctx, pool, 'dueOut', page);
  }

  @FieldResolver(() => BookingConnection, {
    description: 'Bookings whose things are out and should be back by the end of today.',
  })
  dueBack(
    @Root() pool: Pool,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking>> {
    return workOf(ctx, pool, 'dueBack', page);
  }

  @FieldResolver(() => BookingConnection, { description: 'Bookings whose things should be back by now.' })
  overdue(
    @Root() pool: Pool,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking>> {
    return workOf(ctx, pool, 'overdue', page);
  }

  @FieldResolver(() => ResourceConnection, {
    description: 'Things that must be looked after before they are used again, oldest first.',
  })
  toMaintain(
    @Root() pool: Pool,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Resource>> {
    return ctx.loaders.thingsToMaintain(pool, pageRequest(page));
  }
}

async function workOf(ctx: Context, pool: Pool, kind: WorkKind, page: PageArgs): Promise<Page<Booking>> {
  const { timeZone } = await ctx.loaders.network(pool.networkId);
  const filter = workFilter(kind, ctx.now, timeZone);
  return ctx.loaders.bookingsOfPool(pool, { ...pageRequest(page), filter });
}
