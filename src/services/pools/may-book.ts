import type { Resource } from '../../entities/resource.ts';
import { dayAfter, dayAt, type Interval } from '../../kernel/calendar.ts';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { InvalidInput, type DomainError } from '../../kernel/errors.ts';
import type { BookingRules } from './booking-rules.ts';
import {
  BookingInThePast,
  BookingTooFarAhead,
  BookingTooLong,
  BookingTooSoon,
  LentOnlyUntil,
  MaintenanceOverdue,
  OutsideOpeningHours,
  ResourceUnusable,
  TooFewPieces,
} from './errors.ts';
import { isOpenAt, isOpenThroughout, isOpenUntil } from './opening-hours.ts';

/** What no rule of a pool can allow: two years, as far ahead as a booking may begin. */
export const LONGEST_MINUTES = 732 * 24 * 60;

/** Someone's wish for pieces of one thing. */
export interface Wish extends Interval {
  quantity: number;
}

/** What the answer depends on beside the rules. */
export interface BookedThing extends Pick<Resource, 'quantity' | 'condition' | 'lentUntil'> {
  isMaintenanceOverdue: boolean;
}

/** How things are when the wish is told. */
export interface Circumstances {
  now: Date;
  /** Of the network. */
  timeZone: string;
}

/** Where the rules of a thing stand in the way of a booking; whether it is taken is another question. */
export function bookingFault(
  rules: BookingRules,
  thing: BookedThing,
  wish: Wish,
  { now, timeZone }: Circumstances,
): DomainError | null {
  return (
    intervalFault(wish) ??
    beginningFault(rules, wish.from, { now, timeZone }) ??
    useFault(rules, thing, wish, timeZone)
  );
}

/** An interval that can be no booking's, whatever the rules. */
export function intervalFault({ from, until }: Interval): DomainError | null {
  if (from >= until) return new InvalidInput('INVALID_RANGE', 'until', { after: from.toISOString() });
  return null;
}

/** Whether a booking may begin then: neither in the past, nor too soon, nor too far ahead. */
export function beginningFault(
  { leadMinutes, aheadDays }: Pick<BookingRules, 'leadMinutes' | 'aheadDays'>,
  from: Date,
  { now, timeZone }: Circumstances,
): DomainError | null {
  if (from < now) return new BookingInThePast();
  const earliest = new Date(now.getTime() + leadMinutes * MINUTE_MS);
  if (from < earliest) return new BookingTooSoon(earliest);
  const lastDay = dayAfter(dayAt(now, timeZone), { days: aheadDays });
  if (dayAt(from, timeZone) > lastDay) return new BookingTooFarAhead(lastDay);
  return null;
}

/** Whether a thing may be used then, however long before it was asked for: also what a longer booking must pass. */
export function useFault(
  rules: Pick<BookingRules, 'longestMinutes' | 'opening' | 'openingScope'>,
  { quantity, condition, lentUntil, isMaintenanceOverdue }: BookedThing,
  wish: Wish,
  timeZone: string,
): DomainError | null {
  const longestMinutes = rules.longestMinutes ?? LONGEST_MINUTES;
  const lengthMs = wish.until.getTime() - wish.from.getTime();
  if (lengthMs > longestMinutes * MINUTE_MS) return new BookingTooLong(longestMinutes);
  if (wish.quantity > (quantity ?? 0)) return new TooFewPieces(quantity ?? 0);
  if (condition === 'UNUSABLE') return new ResourceUnusable();
  if (isMaintenanceOverdue) return new MaintenanceOverdue();
  if (lentUntil && wish.until > lentUntil) return new LentOnlyUntil(lentUntil);
  if (!isOpenFor(rules, wish, timeZone)) return new OutsideOpeningHours(rules.openingScope);
  return null;
}

/** Whether opening hours allow it: of the whole booking, or of its beginning and its end. */
export function isOpenFor(
  { opening, openingScope }: Pick<BookingRules, 'opening' | 'openingScope'>,
  { from, until }: Interval,
  timeZone: string,
): boolean {
  if (openingScope === 'USE') return isOpenThroughout(opening, { from, until }, timeZone);
  return isOpenAt(opening, from, timeZone) && isOpenUntil(opening, until, timeZone);
}
