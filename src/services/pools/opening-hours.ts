import type { Closure, OpenHours, Opening } from '../../entities/opening.ts';
import { clockSpells, type ClockSpell, type Day, type Interval } from '../../kernel/calendar.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';

const WHOLE_DAY: readonly HoursOfDay[] = [{ fromMs: 0, untilMs: DAY_MS }];

/** Hours of a day, counted from its midnight by the clocks of the place. */
interface HoursOfDay {
  fromMs: number;
  untilMs: number;
}

/**
 * When something is open within an interval: in order, apart, and none empty.
 *
 * It is open whenever the clocks of the place show open hours. So an hour that a change of clocks skips is not there to
 * be open in, and one that comes twice is open twice.
 */
export function openIntervals(opening: Opening, interval: Interval, timeZone: string): Interval[] {
  if (interval.from >= interval.until) return [];
  if (isAlwaysOpen(opening)) return [interval];
  const hours = hoursByWeekday(opening);
  const open: Interval[] = [];
  for (const spell of clockSpells(interval, timeZone)) {
    for (const piece of openWithin(spell, hours, opening.closures)) append(open, piece);
  }
  return open;
}

/** Whether something is open at an instant, and for a moment after it. */
export function isOpenAt(opening: Opening, at: Date, timeZone: string): boolean {
  const moment = { from: at, until: new Date(at.getTime() + 1) };
  return openIntervals(opening, moment, timeZone).length > 0;
}

/** Whether something is open up to an instant: closing then is early enough. */
export function isOpenUntil(opening: Opening, until: Date, timeZone: string): boolean {
  return isOpenAt(opening, new Date(until.getTime() - 1), timeZone);
}

/** Whether something is open all the time of an interval. */
export function isOpenThroughout(opening: Opening, interval: Interval, timeZone: string): boolean {
  const [first, ...others] = openIntervals(opening, interval, timeZone);
  if (!first || others.length > 0) return false;
  return first.from <= interval.from && first.until >= interval.until;
}

export function isAlwaysOpen({ weekly, closures }: Opening): boolean {
  return weekly === null && closures.length === 0;
}

function* openWithin(
  spell: ClockSpell,
  hours: readonly (readonly HoursOfDay[])[],
  closures: readonly Closure[],
): Generator<Interval> {
  const localFrom = spell.from.getTime() + spell.offsetMs;
  const localUntil = spell.until.getTime() + spell.offsetMs;
  for (let midnight = startOfLocalDay(localFrom); midnight < localUntil; midnight += DAY_MS) {
    if (isClosedOn(dayOf(midnight), closures)) continue;
    for (const { fromMs, untilMs } of hours[weekdayOf(midnight)]!) {
      const from = Math.max(midnight + fromMs, localFrom);
      const until = Math.min(midnight + untilMs, localUntil);
      if (from < until)
        yield { from: new Date(from - spell.offsetMs), until: new Date(until - spell.offsetMs) };
    }
  }
}

/** Adds an interval behind others, as one with the last if they touch or overlap. */
function append(open: Interval[], next: Interval): void {
  const last = open.at(-1);
  if (!last || last.until < next.from) open.push(next);
  else if (next.until > last.until) open[open.length - 1] = { from: last.from, until: next.until };
}

/** The hours of each weekday, in order; index 0 is nobody's. */
function hoursByWeekday({ weekly }: Opening): (readonly HoursOfDay[])[] {
  return Array.from({ length: 8 }, (_, weekday) => {
    if (weekly === null) return WHOLE_DAY;
    const ofDay = weekly.filter((hours) => hours.weekday === weekday).map(hoursOf);
    return ofDay.toSorted((a, b) => a.fromMs - b.fromMs);
  });
}

function hoursOf({ from, until }: OpenHours): HoursOfDay {
  return { fromMs: minutesOf(from) * MINUTE_MS, untilMs: minutesOf(until) * MINUTE_MS };
}

/** The minutes from midnight to a time of the clock: 540 for `09:00`. */
export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function isClosedOn(day: Day, closures: readonly Closure[]): boolean {
  return closures.some(({ from, until }) => from <= day && day <= until);
}

// A local time is written as the milliseconds that would be it in UTC.
function startOfLocalDay(localMs: number): number {
  return Math.floor(localMs / DAY_MS) * DAY_MS;
}

function dayOf(localMs: number): Day {
  return new Date(localMs).toISOString().slice(0, 10);
}

// 1 January 1970 was a Thursday.
function weekdayOf(localMs: number): number {
  return ((((localMs / DAY_MS + 3) % 7) + 7) % 7) + 1;
}
