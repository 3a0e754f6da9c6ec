import { Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { BookingSeries } from '../../entities/booking-series.ts';
import type { Booking } from '../../entities/booking.ts';
import type { Pool } from '../../entities/pool.ts';
import { pageRequest, type Page } from '../../kernel/page.ts';
import { PageArgs } from '../../schema/common/connection.ts';
import { toMutationError } from '../../schema/common/errors.ts';
import {
  BookingSeriesCancelInput,
  BookingSeriesCancelPayload,
  BookingSeriesRequestInput,
  BookingSeriesRequestPayload,
  BookingSeriesType,
} from '../../schema/pools/booking-series.ts';
import { BookingConnection, BookingType } from '../../schema/pools/booking.ts';
import { PoolType } from '../../schema/pools/pool.ts';
import {
  cancelSeries,
  requestSeries,
  seriesAgain,
  type SeriesAnswer,
} from '../../services/pools/bookings/series.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutateOnce } from '../mutate.ts';
import { seesWhole } from './booking.resolver.ts';

@Resolver(() => BookingSeriesType)
export class BookingSeriesResolver {
  @FieldResolver(() => PoolType, { description: 'The pool.' })
  pool(@Root() { networkId, poolId }: BookingSeries, @Ctx() ctx: Context): Promise<Pool> {
    return ctx.loaders.pool(networkId, poolId);
  }

  @FieldResolver(() => BookingConnection, { description: 'Its bookings, in the order of their times.' })
  bookings(
    @Root() series: BookingSeries,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: Context,
  ): Promise<Page<Booking>> {
    return ctx.loaders.bookingsOfSeries(series, pageRequest(page));
  }

  @Mutation(() => BookingSeriesRequestPayload, {
    description:
      'Asks for things of a pool again and again by a rule of the calendar, once for its key: at the same time of the clock, also when clocks change. Each time has its own answer, with the codes of `bookingRequest` and LOCAL_TIME_SKIPPED. Codes: INVALID_RECURRENCE, INVALID_LOCAL_TIME, SERIES_TOO_LONG, RESOURCE_NOT_ACTIVE, RESOURCE_KIND_MISMATCH, KIT_ENDED, UNPAID_BOOKINGS, POOL_ARCHIVED, MEMBERSHIP_STATE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async bookingSeriesRequest(
    @Input(() => BookingSeriesRequestInput) input: BookingSeriesRequestInput,
    @Ctx() ctx: Context,
  ): Promise<BookingSeriesRequestPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'bookingSeriesRequest',
      input,
      work: (tx) => requestSeries(tx, input),
      again: (tx, id) => seriesAgain(tx, input.networkId, id),
    });
    return { bookingSeries: made?.series, occurrences: made?.answers.map(toOccurrence), errors };
  }

  @Mutation(() => BookingSeriesCancelPayload, {
    description:
      'Calls off all bookings of a series that have not begun, once for its key; for the booker, stewards and coordinators. Codes: BOOKING_STATE_CONFLICT, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async bookingSeriesCancel(
    @Input(() => BookingSeriesCancelInput) input: BookingSeriesCancelInput,
    @Ctx() ctx: Context,
  ): Promise<BookingSeriesCancelPayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'bookingSeriesCancel',
      input,
      work: (tx) => cancelSeries(tx, input),
      again: async (tx, id) => (await seriesAgain(tx, input.networkId, id)).series,
    });
    return { bookingSeries: made, errors };
  }
}

function toOccurrence({ startsAt, booking, refusal }: SeriesAnswer) {
  return { startsAt, booking, errors: refusal ? [toMutationError(refusal)] : [] };
}

@Resolver(() => BookingType)
export class BookingSeriesOfBookingResolver {
  @FieldResolver(() => BookingSeriesType, {
    nullable: true,
    description: 'The series it belongs to. Null if there is none, or the viewer does not see it.',
  })
  async series(@Root() booking: Booking, @Ctx() ctx: Context): Promise<BookingSeries | null> {
    const { networkId, seriesId } = booking;
    return seriesId && (await seesWhole(ctx, booking))
      ? ctx.loaders.bookingSeries(networkId, seriesId)
      : null;
  }
}
