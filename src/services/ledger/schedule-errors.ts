import { DomainError } from '../../kernel/errors.ts';

/** A schedule has so many dates at most, and none of them lies more than so many years ahead. */
export class ScheduleTooLong extends DomainError {
  constructor(max: { maxDates: number; maxYears: number }) {
    super('SCHEDULE_TOO_LONG', 'The schedule has too many dates, or reaches too far ahead.', max);
  }
}

/** Schedules that go on, for one payer. */
export class TooManySchedules extends DomainError {
  constructor(max: number) {
    super('TOO_MANY_SCHEDULES', 'Too many schedules pay from this account.', { max }, 'payerAccountId');
  }
}

export class ScheduleConflict extends DomainError {
  constructor(reason: 'NOT_ACTIVE' | 'NOT_PAUSED' | 'HAS_ENDED') {
    super('SCHEDULE_CONFLICT', 'The schedule is not in a state for this.', { reason }, 'transferScheduleId');
  }
}
