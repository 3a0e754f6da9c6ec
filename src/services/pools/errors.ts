import type { OpeningScope, ResourceState } from '../../entities/resource.ts';
import type { Day } from '../../kernel/calendar.ts';
import { DomainError } from '../../kernel/errors.ts';

export class PoolArchived extends DomainError {
  constructor() {
    super('POOL_ARCHIVED', 'The pool is archived: nothing in it changes any more.');
  }
}

/** The thing was only offered and not accepted yet, or it is retired. */
export class ResourceNotActive extends DomainError {
  constructor(state: ResourceState, path = 'resourceId') {
    super('RESOURCE_NOT_ACTIVE', 'The thing is not in use.', { state }, path);
  }
}

/** What is asked fits another kind of thing: pieces are booked, a stock is filled and emptied. */
export class ResourceKindMismatch extends DomainError {
  constructor(path = 'resourceId') {
    super('RESOURCE_KIND_MISMATCH', 'Things are booked; a stock is filled and emptied.', {}, path);
  }
}

export class BookingInThePast extends DomainError {
  constructor() {
    super('BOOKING_IN_THE_PAST', 'A booking begins now or later.', {}, 'from');
  }
}

/** The thing has to be booked further ahead. */
export class BookingTooSoon extends DomainError {
  constructor(earliest: Date) {
    super(
      'BOOKING_TOO_SOON',
      'The thing has to be booked earlier.',
      { earliest: earliest.toISOString() },
      'from',
    );
  }
}

export class BookingTooFarAhead extends DomainError {
  constructor(lastDay: Day) {
    super('BOOKING_TOO_FAR_AHEAD', 'It cannot be booked so far ahead yet.', { lastDay }, 'from');
  }
}

export class BookingTooLong extends DomainError {
  constructor(longestMinutes: number) {
    super('BOOKING_TOO_LONG', 'It cannot be booked for so long.', { longestMinutes }, 'until');
  }
}

/** There were never so many pieces of it. */
export class TooFewPieces extends DomainError {
  constructor(quantity: number) {
    super('TOO_FEW_PIECES', 'There are fewer pieces of it.', { quantity }, 'quantity');
  }
}

export class MaintenanceOverdue extends DomainError {
  constructor(path = 'resourceId') {
    super('MAINTENANCE_OVERDUE', 'The thing has to be looked after first.', {}, path);
  }
}

/** Somebody wrote down that it cannot be used; whoever looks after it says when it can be again. */
export class ResourceUnusable extends DomainError {
  constructor(path = 'resourceId') {
    super('RESOURCE_UNUSABLE', 'The thing cannot be used in its condition.', {}, path);
  }
}

/** Its owner wants it back by then. */
export class LentOnlyUntil extends DomainError {
  constructor(lentUntil: Date) {
    super(
      'LENT_ONLY_UNTIL',
      'Its owner lends it only until then.',
      { lentUntil: lentUntil.toISOString() },
      'until',
    );
  }
}

/** @param scope whether the whole booking has to lie in open hours, or only its beginning and its end */
export class OutsideOpeningHours extends DomainError {
  constructor(scope: OpeningScope) {
    super('OUTSIDE_OPENING_HOURS', 'It is closed then.', { scope }, 'from');
  }
}

/** A pool does not allow this as it is. */
export class PoolConflict extends DomainError {
  constructor(reason: 'HAS_OPEN_BOOKINGS' | 'TAKES_NO_OFFERS' | 'NO_UNIT' | 'OTHER_UNIT') {
    super('POOL_CONFLICT', 'The pool does not allow this.', { reason });
  }
}

export class StewardConflict extends DomainError {
  constructor(reason: 'ALREADY_STEWARD' | 'NO_STEWARD' | 'TOO_MANY') {
    super('STEWARD_CONFLICT', 'The member cannot be made a steward, or is none.', { reason }, 'membershipId');
  }
}

/** A thing does not allow this as it is. */
export class ResourceConflict extends DomainError {
  constructor(reason: 'NOT_OFFERED' | 'IS_OUT' | 'IS_TAKEN' | 'TOO_MANY_PLANS' | 'PLAN_ENDED') {
    super('RESOURCE_CONFLICT', 'The thing does not allow this.', { reason });
  }
}
