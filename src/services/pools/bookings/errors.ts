import type { BookingState } from '../../../entities/booking.ts';
import type { Interval } from '../../../kernel/calendar.ts';
import { DomainError } from '../../../kernel/errors.ts';

/** A time in which too few pieces of a thing are left. */
export interface TakenTime extends Interval {
  networkId: string;
  resourceId: string;
}

// So many tell enough of what is in the way.
const MAX_CONFLICTS = 20;

/** Others have taken the things for some of the time. Who they are is not told. */
export class BookingConflict extends DomainError {
  override readonly shown: { conflicts: TakenTime[] };

  constructor(conflicts: readonly TakenTime[]) {
    super('BOOKING_CONFLICT', 'Others have taken the things for some of the time.');
    this.shown = { conflicts: conflicts.slice(0, MAX_CONFLICTS) };
  }
}

export class BookingStateConflict extends DomainError {
  constructor(state: BookingState) {
    super('BOOKING_STATE_CONFLICT', 'The booking is in another state.', { state }, 'bookingId');
  }
}

/** Its time has begun, or is over: it is too late for what was asked. */
export class BookingTimeOver extends DomainError {
  constructor() {
    super('BOOKING_TIME_OVER', 'The time of the booking has come or is over.', {}, 'bookingId');
  }
}

/** The things are the booker's from then on. */
export class BookingNotBegun extends DomainError {
  constructor(from: Date) {
    super('BOOKING_NOT_BEGUN', 'The things are handed out later.', { from: from.toISOString() }, 'bookingId');
  }
}

/** Who had it before has not brought it back. */
export class ThingStillOut extends DomainError {
  constructor(resourceId: string) {
    super('THING_STILL_OUT', 'Too few pieces of the thing are back.', { resourceId }, 'bookingId');
  }
}

export class TooManyBookings extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_BOOKINGS', 'A member has only so many open bookings in the pool.', { max });
  }
}

/** Something of an earlier booking in the pool is not paid. */
export class UnpaidBookings extends DomainError {
  constructor(bookingIds: string[]) {
    super('UNPAID_BOOKINGS', 'Pay what earlier bookings in the pool cost first.', { bookingIds });
  }
}

export class NothingToPay extends DomainError {
  constructor() {
    super('NOTHING_TO_PAY', 'Nothing of the booking is unpaid.', {}, 'bookingId');
  }
}

export class NothingToReverse extends DomainError {
  constructor() {
    super('NOTHING_TO_REVERSE', 'Nothing was paid for the booking, or all of it went back.', {}, 'bookingId');
  }
}

/** The things cost something, and the pool has no account that could receive it. */
export class PoolWithoutAccount extends DomainError {
  constructor() {
    super('POOL_WITHOUT_ACCOUNT', 'The pool has no account for what its things cost.');
  }
}

/** What a booking costs is held only for so long. */
export class BookingBeyondHolds extends DomainError {
  constructor(latest: Date) {
    super(
      'BOOKING_BEYOND_HOLDS',
      'What it costs cannot be held for so long.',
      { latest: latest.toISOString() },
      'until',
    );
  }
}

/** Who asked for it may not pay from its account any more. */
export class BookingNotBacked extends DomainError {
  constructor() {
    super(
      'BOOKING_NOT_BACKED',
      'Who asked for the booking may not pay from its account any more.',
      {},
      'bookingId',
    );
  }
}

/** Somebody who leaves brings back first what they have. */
export class ThingsOut extends DomainError {
  constructor(bookingIds: string[]) {
    super('THINGS_OUT', 'The member still has things of a pool.', { bookingIds });
  }
}

export class KitEnded extends DomainError {
  constructor() {
    super('KIT_ENDED', 'The kit is not booked any more.', {}, 'kitId');
  }
}

export class InvalidRecurrence extends DomainError {
  constructor(reason: 'SYNTAX' | 'PART' | 'ENDLESS' | 'NEVER') {
    super(
      'INVALID_RECURRENCE',
      'This is no rule of RFC 5545 by which bookings can repeat.',
      { reason },
      'rule',
    );
  }
}

/** There is no such time of the clock, or no such day. */
export class InvalidLocalTime extends DomainError {
  constructor() {
    super(
      'INVALID_LOCAL_TIME',
      'A local time is a day and a time of the clock, such as 2026-04-01T09:00.',
      {},
      'startsAt',
    );
  }
}

export class SeriesTooLong extends DomainError {
  constructor(of: { maxCount: number; maxDays: number }) {
    super('SERIES_TOO_LONG', 'A series has only so many bookings and lasts only so long.', of, 'rule');
  }
}

/** Clocks are put forward over it on that day. */
export class LocalTimeSkipped extends DomainError {
  constructor() {
    super('LOCAL_TIME_SKIPPED', 'The clocks skip this time on that day.');
  }
}
