import { Ctx, Mutation, Resolver } from 'type-graphql';
import type { Booking } from '../../entities/booking.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import {
  BookingApproveInput,
  BookingApprovePayload,
  BookingCancelInput,
  BookingCancelPayload,
  BookingCheckOutInput,
  BookingCheckOutPayload,
  BookingDeclineInput,
  BookingDeclinePayload,
  BookingExtendInput,
  BookingExtendPayload,
  BookingPayInput,
  BookingPayPayload,
  BookingRequestInput,
  BookingRequestPayload,
  BookingReturnInput,
  BookingReturnPayload,
  BookingReverseInput,
  BookingReversePayload,
  BookingShortenInput,
  BookingShortenPayload,
  type BookingPayload,
} from '../../schema/pools/booking-mutations.ts';
import { cancelBooking } from '../../services/pools/bookings/cancel.ts';
import { checkOutBooking } from '../../services/pools/bookings/check-out.ts';
import { approveBooking, declineBooking } from '../../services/pools/bookings/decide.ts';
import { extendBooking } from '../../services/pools/bookings/extend.ts';
import { bookingAgain } from '../../services/pools/bookings/read-bookings.ts';
import { requestBooking } from '../../services/pools/bookings/request.ts';
import { returnBooking } from '../../services/pools/bookings/return.ts';
import { payBooking, reverseBooking } from '../../services/pools/bookings/settle.ts';
import { shortenBooking } from '../../services/pools/bookings/shorten.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutateOnce } from '../mutate.ts';

@Resolver()
export class BookingMutationsResolver {
  @Mutation(() => BookingRequestPayload, {
    description:
      'Asks for things of a pool, once for its key: all of them or none. Approved at once where no steward has to answer. Codes: BOOKING_CONFLICT, BOOKING_IN_THE_PAST, BOOKING_TOO_SOON, BOOKING_TOO_FAR_AHEAD, BOOKING_TOO_LONG, OUTSIDE_OPENING_HOURS, TOO_FEW_PIECES, LENT_ONLY_UNTIL, MAINTENANCE_OVERDUE, RESOURCE_UNUSABLE, RESOURCE_NOT_ACTIVE, RESOURCE_KIND_MISMATCH, KIT_ENDED, TOO_MANY_BOOKINGS, UNPAID_BOOKINGS, POOL_ARCHIVED, POOL_WITHOUT_ACCOUNT, BOOKING_BEYOND_HOLDS, MEMBERSHIP_STATE, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, INSUFFICIENT_CREDIT, DECISION_REQUIRED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingRequest(
    @Input(() => BookingRequestInput) input: BookingRequestInput,
    @Ctx() ctx: Context,
  ): Promise<BookingRequestPayload> {
    return onBooking(ctx, 'bookingRequest', input, (tx) => requestBooking(tx, input));
  }

  @Mutation(() => BookingApprovePayload, {
    description:
      'Approves a booking that was asked for or waits, once for its key; for stewards and coordinators. Codes: MEMBERSHIP_STATE, BOOKING_CONFLICT, BOOKING_STATE_CONFLICT, BOOKING_TIME_OVER, BOOKING_NOT_BACKED, BOOKING_BEYOND_HOLDS, RESOURCE_NOT_ACTIVE, MAINTENANCE_OVERDUE, RESOURCE_UNUSABLE, LENT_ONLY_UNTIL, INSUFFICIENT_CREDIT, ACCOUNT_NOT_OPEN, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingApprove(
    @Input(() => BookingApproveInput) input: BookingApproveInput,
    @Ctx() ctx: Context,
  ): Promise<BookingApprovePayload> {
    return onBooking(ctx, 'bookingApprove', input, (tx) => approveBooking(tx, input));
  }

  @Mutation(() => BookingDeclinePayload, {
    description:
      'Turns a booking down, also one that was approved and not fetched, once for its key; for stewards and coordinators, and nobody for their own or one that they pay. Nothing is to be paid. Codes: BOOKING_STATE_CONFLICT, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingDecline(
    @Input(() => BookingDeclineInput) input: BookingDeclineInput,
    @Ctx() ctx: Context,
  ): Promise<BookingDeclinePayload> {
    return onBooking(ctx, 'bookingDecline', input, (tx) => declineBooking(tx, input));
  }

  @Mutation(() => BookingCancelPayload, {
    description:
      'Calls a booking off that was not fetched, once for its key; for the booker, stewards and coordinators. Later than the pool allows it costs a part of the fee. Codes: BOOKING_STATE_CONFLICT, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingCancel(
    @Input(() => BookingCancelInput) input: BookingCancelInput,
    @Ctx() ctx: Context,
  ): Promise<BookingCancelPayload> {
    return onBooking(ctx, 'bookingCancel', input, (tx) => cancelBooking(tx, input));
  }

  @Mutation(() => BookingCheckOutPayload, {
    description:
      'Hands the things of a booking out and takes its fee, once for its key; for stewards and coordinators and, in a pool with self-service, the booker. Codes: MEMBERSHIP_STATE, BOOKING_STATE_CONFLICT, BOOKING_NOT_BEGUN, BOOKING_TIME_OVER, THING_STILL_OUT, RESOURCE_NOT_ACTIVE, MAINTENANCE_OVERDUE, RESOURCE_UNUSABLE, LENT_ONLY_UNTIL, ACCOUNT_NOT_OPEN, CEILING_EXCEEDED, INVALID_CHOICE, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingCheckOut(
    @Input(() => BookingCheckOutInput) input: BookingCheckOutInput,
    @Ctx() ctx: Context,
  ): Promise<BookingCheckOutPayload> {
    return onBooking(ctx, 'bookingCheckOut', input, (tx) => checkOutBooking(tx, input));
  }

  @Mutation(() => BookingReturnPayload, {
    description:
      'Takes the things of a booking back, once for its key; for stewards and coordinators and, in a pool with self-service, the booker. Lateness and damage are paid from the deposit first. Codes: BOOKING_STATE_CONFLICT, POOL_WITHOUT_ACCOUNT, FILE_IN_USE, FILE_TYPE_NOT_ACCEPTED, INVALID_CHOICE, INVALID_AMOUNT, TOO_MANY_DECIMALS, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingReturn(
    @Input(() => BookingReturnInput) input: BookingReturnInput,
    @Ctx() ctx: Context,
  ): Promise<BookingReturnPayload> {
    return onBooking(ctx, 'bookingReturn', input, (tx) => returnBooking(tx, input));
  }

  @Mutation(() => BookingExtendPayload, {
    description:
      'Lets a booking last longer, once for its key; for the booker, stewards and coordinators, and where a steward has to approve for these alone. What it costs more takes who may pay from its account. Codes: BOOKING_CONFLICT, BOOKING_STATE_CONFLICT, BOOKING_TIME_OVER, BOOKING_TOO_LONG, OUTSIDE_OPENING_HOURS, LENT_ONLY_UNTIL, MAINTENANCE_OVERDUE, RESOURCE_UNUSABLE, RESOURCE_NOT_ACTIVE, BOOKING_BEYOND_HOLDS, BOOKING_NOT_BACKED, DECISION_REQUIRED, INSUFFICIENT_CREDIT, ACCOUNT_NOT_OPEN, INVALID_RANGE, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingExtend(
    @Input(() => BookingExtendInput) input: BookingExtendInput,
    @Ctx() ctx: Context,
  ): Promise<BookingExtendPayload> {
    return onBooking(ctx, 'bookingExtend', input, (tx) => extendBooking(tx, input));
  }

  @Mutation(() => BookingShortenPayload, {
    description:
      'Lets a booking end earlier, so that others can have the things, once for its key; for the booker and, as long as they are not out, stewards and coordinators. What was not fetched costs less by that, as the rule of cancelling allows; of what was fetched nothing is paid back. Codes: BOOKING_STATE_CONFLICT, BOOKING_TIME_OVER, OUTSIDE_OPENING_HOURS, BOOKING_NOT_BACKED, ACCOUNT_NOT_OPEN, INSUFFICIENT_CREDIT, INVALID_RANGE, POOL_ARCHIVED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingShorten(
    @Input(() => BookingShortenInput) input: BookingShortenInput,
    @Ctx() ctx: Context,
  ): Promise<BookingShortenPayload> {
    return onBooking(ctx, 'bookingShorten', input, (tx) => shortenBooking(tx, input));
  }

  @Mutation(() => BookingPayPayload, {
    description:
      'Pays what is still owed for a booking, once for its key; for those who may pay from the account. Codes: NOTHING_TO_PAY, REQUIRED, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, DECISION_REQUIRED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingPay(
    @Input(() => BookingPayInput) input: BookingPayInput,
    @Ctx() ctx: Context,
  ): Promise<BookingPayPayload> {
    return onBooking(ctx, 'bookingPay', input, (tx) => payBooking(tx, input));
  }

  @Mutation(() => BookingReversePayload, {
    description:
      'Undoes all that was paid for a booking that has ended, and forgives what is owed, once for its key; for stewards and coordinators, and nobody for their own or one that they have paid. Codes: BOOKING_STATE_CONFLICT, NOTHING_TO_REVERSE, NOT_REVERSIBLE, ACCOUNT_NOT_OPEN, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, DECISION_REQUIRED, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  bookingReverse(
    @Input(() => BookingReverseInput) input: BookingReverseInput,
    @Ctx() ctx: Context,
  ): Promise<BookingReversePayload> {
    return onBooking(ctx, 'bookingReverse', input, (tx) => reverseBooking(tx, input));
  }
}

async function onBooking(
  ctx: Context,
  operation: string,
  input: { networkId: string; idempotencyKey: string },
  work: (tx: Tx) => Promise<Booking>,
): Promise<BookingPayload> {
  const again = (tx: Tx, id: string) => bookingAgain(tx, input.networkId, id);
  const { made, errors } = await mutateOnce(ctx, { operation, input, work, again });
  return { booking: made, errors };
}
