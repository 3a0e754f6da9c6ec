import { Arg, Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { BookingItem } from '../../entities/booking-item.ts';
import type { Booking } from '../../entities/booking.ts';
import type { Kit } from '../../entities/kit.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { moneyOf, MoneyType } from '../../schema/common/money.ts';
import { DateTimeScalar } from '../../schema/common/scalars.ts';
import { TransferConnection } from '../../schema/ledger/transfer.ts';
import { MembershipType } from '../../schema/networks/membership.ts';
import {
  BookingConnection,
  BookingFilterInput,
  BookingItemType,
  BookingType,
  BookingViewerCanType,
  TakenTimeType,
} from '../../schema/pools/booking.ts';
import { KitType } from '../../schema/pools/kit.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import { ResourceType } from '../../schema/pools/resource.ts';
import { authorize, may, type Verdict } from '../../services/access/may.ts';
import {
  bookingVerdicts,
  seesBooker,
  seesBookingWhole,
  type BookingTies,
} from '../../services/pools/bookings/booking-access.ts';
import { isOverdue } from '../../services/pools/bookings/booking-steps.ts';
import type { TakenTime } from '../../services/pools/bookings/errors.ts';
import type { Context } from '../context.ts';

@Resolver(() => BookingType)
export class BookingResolver {
  @FieldResolver(() => PoolType, { description: 'The pool.' })
  pool(@Root() { networkId, poolId }: Booking, @Ctx() ctx: Context): Promise<Pool> {
    return ctx.loaders.pool(networkId, poolId);
  }

  @FieldResolver(() => KitType, {
    nullable: true,
    description: 'The kit that was booked; null for single things.',
  })
  async kit(@Root() { networkId, kitId }: Booking, @Ctx() ctx: Context): Promise<Kit | null> {
    return kitId ? ctx.loaders.kit(networkId, kitId) : null;
  }

  @FieldResolver(() => [BookingItemType], { description: 'The things, 50 at most.' })
  items(@Root() booking: Booking, @Ctx() ctx: Context): Promise<BookingItem[]> {
    return ctx.loaders.bookingItems(booking);
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description: 'Who has the things. Null if the pool does not show it to the viewer.',
  })
  async booker(@Root() booking: Booking, @Ctx() ctx: Context): Promise<Membership | null> {
    const isShown = await showsBooker(ctx, booking);
    return isShown ? ctx.loaders.membership(booking.networkId, booking.membershipId) : null;
  }

  @FieldResolver(() => MembershipType, {
    nullable: true,
    description:
      'The steward who approved or declined it. Null if the rules did, or the viewer does not see it.',
  })
  async decidedBy(@Root() booking: Booking, @Ctx() ctx: Context): Promise<Membership | null> {
    const { networkId, decidedByMembershipId } = booking;
    if (!decidedByMembershipId || !(await seesWhole(ctx, booking))) return null;
    return ctx.loaders.membership(networkId, decidedByMembershipId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What it is for. Null if nobody said, or the viewer does not see it.',
  })
  async purpose(@Root() booking: Booking, @Ctx() ctx: Context): Promise<string | null> {
    return booking.purpose !== '' && (await seesWhole(ctx, booking)) ? booking.purpose : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why it was declined or called off. Null if nobody said, or the viewer does not see it.',
  })
  async reason(@Root() booking: Booking, @Ctx() ctx: Context): Promise<string | null> {
    return (await seesWhole(ctx, booking)) ? booking.reason : null;
  }

  @FieldResolver(() => Boolean, { description: 'Whether its things should be back by now.' })
  isOverdue(@Root() booking: Booking, @Ctx() ctx: Context): boolean {
    return isOverdue(booking, ctx.now);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'What it costs, held when it is approved and paid when it is fetched. Null if it is free, or the viewer does not see it.',
  })
  fee(@Root() booking: Booking, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return moneyOfBooking(ctx, booking, booking.feeMinor);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'What is held beside until the things are back. Null if it is free, or the viewer does not see it.',
  })
  deposit(@Root() booking: Booking, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return moneyOfBooking(ctx, booking, booking.depositMinor);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What lateness cost. Null if it is free, or the viewer does not see it.',
  })
  lateFee(@Root() booking: Booking, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return moneyOfBooking(ctx, booking, booking.lateFeeMinor);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description: 'What makes up for damage. Null if it is free, or the viewer does not see it.',
  })
  damage(@Root() booking: Booking, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return moneyOfBooking(ctx, booking, booking.damageMinor);
  }

  @FieldResolver(() => MoneyType, {
    nullable: true,
    description:
      'What is still owed; until it is paid the booker books nothing more in the pool. Null if it is free, or the viewer does not see it.',
  })
  unpaid(@Root() booking: Booking, @Ctx() ctx: Context): Promise<MoneyType | null> {
    return moneyOfBooking(ctx, booking, booking.unpaidMinor);
  }

  @FieldResolver(() => TransferConnection, {
    nullable: true,
    description: 'All that moved for it, oldest first. Null if the viewer does not see it.',
  })
  async transfers(
    @Root() booking: Booking,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Transfer> | null> {
    if (!(await seesWhole(ctx, booking))) return null;
    return ctx.loaders.bookingTransfers(booking, pageRequest(page));
  }

  @FieldResolver(() => BookingViewerCanType, { description: 'What the viewer may do with it.' })
  async viewerCan(
    @Root() booking: Booking,
    @Ctx() ctx: Context,
  ): Promise<Record<keyof BookingViewerCanType, Verdict>> {
    const ties = { ...(await tiesTo(ctx, booking)), isPayer: await isPaidByViewer(ctx, booking) };
    return bookingVerdicts(ties, booking);
  }
}

/** How the viewer stands to a booking. */
async function tiesTo(ctx: Context, { networkId, poolId, membershipId }: Booking): Promise<BookingTies> {
  const standing = await ctx.loaders.standing(networkId);
  const pool = await ctx.loaders.pool(networkId, poolId);
  const isSteward = await ctx.loaders.isSteward(pool);
  return { standing, pool, isSteward, isOwn: membershipId === standing.membership?.id };
}

async function isPaidByViewer(ctx: Context, booking: Booking): Promise<boolean> {
  const payers = await ctx.loaders.bookingPayers(booking);
  const ties = payers.map(async (id) => ctx.loaders.tieTo(await ctx.loaders.account(booking.networkId, id)));
  return (await Promise.all(ties)).some((tie) => tie !== null);
}

/** Whether the viewer sees who has booked. */
export async function showsBooker(ctx: Context, booking: Booking): Promise<boolean> {
  return seesBooker(await tiesTo(ctx, booking));
}

/** Whether the viewer sees more of a booking than which things and when. */
export async function seesWhole(ctx: Context, booking: Booking): Promise<boolean> {
  const ties = await tiesTo(ctx, booking);
  return seesBookingWhole(ties.standing, ties);
}

async function moneyOfBooking(ctx: Context, booking: Booking, minor: bigint): Promise<MoneyType | null> {
  const { networkId, unitId } = booking;
  if (!unitId || !(await seesWhole(ctx, booking))) return null;
  return moneyOf(minor, await ctx.loaders.unit(networkId, unitId));
}

@Resolver(() => BookingItemType)
export class BookingItemResolver {
  @FieldResolver(() => ResourceType, { description: 'The thing.' })
  resource(@Root() { networkId, resourceId }: BookingItem, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What is damaged. Null if nobody said, or the viewer does not see it.',
  })
  async damageNote(@Root() item: BookingItem, @Ctx() ctx: Context): Promise<string | null> {
    if (item.damageNote === null) return null;
    const booking = await ctx.loaders.booking(item.networkId, item.bookingId);
    return (await seesWhole(ctx, booking)) ? item.damageNote : null;
  }
}

@Resolver(() => TakenTimeType)
export class TakenTimeResolver {
  @FieldResolver(() => ResourceType, { description: 'The thing.' })
  resource(@Root() { networkId, resourceId }: TakenTime, @Ctx() ctx: Context): Promise<Resource> {
    return ctx.loaders.resource(networkId, resourceId);
  }
}

@Resolver(() => PoolType)
export class PoolBookingsResolver {
  @FieldResolver(() => BookingConnection, { description: 'Its bookings, in the order in which they begin.' })
  async bookings(
    @Root() pool: Pool,
    @Arg('filter', () => BookingFilterInput, { nullable: true, description: 'Which bookings.' })
    filter: BookingFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking>> {
    authorize(await ctx.loaders.standing(pool.networkId), 'pool.read');
    return ctx.loaders.bookingsOfPool(pool, { ...pageRequest(page), filter: filter ?? {} });
  }
}

@Resolver(() => ResourceType)
export class ResourceBookingsResolver {
  @FieldResolver(() => BookingConnection, {
    description: 'Bookings of it between two instants, in the order in which they begin.',
  })
  async bookings(
    @Root() resource: Resource,
    @Arg('from', () => DateTimeScalar, { description: 'Only those that last beyond this instant.' })
    from: Date,
    @Arg('to', () => DateTimeScalar, { description: 'Only those that begin before this instant.' })
    to: Date,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking>> {
    authorize(await ctx.loaders.standing(resource.networkId), 'pool.read');
    return ctx.loaders.bookingsOfThing(resource, { ...pageRequest(page), filter: { from, to } });
  }
}

@Resolver(() => MembershipType)
export class MembershipBookingsResolver {
  @FieldResolver(() => BookingConnection, {
    nullable: true,
    description:
      'What the member has booked, in the order in which it begins; for the member, coordinators and auditors. Null for others.',
  })
  async bookings(
    @Root() member: Membership,
    @Arg('filter', () => BookingFilterInput, { nullable: true, description: 'Which bookings.' })
    filter: BookingFilterInput | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking> | null> {
    const standing = await ctx.loaders.standing(member.networkId);
    const isOwn = member.id === standing.membership?.id;
    if (!may(standing, 'booking.read', { isOwn }).allowed) return null;
    return ctx.loaders.bookingsOfMember(member, { ...pageRequest(page), filter: filter ?? {} });
  }
}
