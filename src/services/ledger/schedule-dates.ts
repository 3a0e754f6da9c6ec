import type { Frequency, TransferSchedule } from '../../entities/transfer-schedule.ts';
import { dayAfter, instantAt, type Day, type Span } from '../../kernel/calendar.ts';
import { allocate } from '../../kernel/money.ts';

/** On which days something falls due, from the first one on. */
export interface Rhythm {
  startsOn: Day;
  frequency: Frequency;
  /** Every so many days, weeks, months or years. */
  every: number;
}

/** Where a row of days ends: after so many, or with the last one that is not later than a day. */
export type RhythmEnd = { count: number } | { endsOn: Day };

export const MAX_DATES = 1_000;
export const MAX_YEARS = 10;
/** The hour in the time zone of the network from which a payment is made. */
export const DUE_HOUR = 9;

const SPAN_UNITS: Record<Frequency, keyof Span> = {
  DAILY: 'days',
  WEEKLY: 'weeks',
  MONTHLY: 'months',
  YEARLY: 'years',
};

/**
 * The day of a date. Each is reckoned from the first one: what begins on the 31st falls on the last day of shorter months,
 * and on the 31st again after that; what begins on 29 February falls on the 28th in other years.
 *
 * @param number counted from 0
 */
export function dueDay({ startsOn, frequency, every }: Rhythm, number: number): Day {
  return dayAfter(startsOn, { [SPAN_UNITS[frequency]]: every * number });
}

/**
 * How many days there are until the end.
 *
 * @param horizon the last day on which one may fall
 * @returns null if there are more than 1,000, or some behind the horizon
 */
export function countDays(rhythm: Rhythm, end: RhythmEnd, horizon: Day): number | null {
  for (let number = 0; ; number++) {
    const day = dueDay(rhythm, number);
    if ('count' in end ? number >= end.count : day > end.endsOn) return number;
    if (number === MAX_DATES || day > horizon) return null;
  }
}

/** The instant from which a date is paid. */
export function dueInstant(day: Day, timeZone: string): Date {
  return instantAt(day, DUE_HOUR, timeZone);
}

type Amounts = Pick<TransferSchedule, 'amountMinor' | 'isSplit' | 'dateCount'>;

/** What each date pays: the amount, or its part of the whole, of which the earliest get what cannot be split evenly. */
export function amountsOf({ amountMinor, isSplit, dateCount }: Amounts): bigint[] {
  const each = Array.from({ length: dateCount }, () => 1n);
  return isSplit ? allocate(amountMinor, each) : each.map(() => amountMinor);
}
