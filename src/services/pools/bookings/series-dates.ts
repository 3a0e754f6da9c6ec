import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { Interval } from '../../../kernel/calendar.ts';
import { InvalidLocalTime, InvalidRecurrence, LocalTimeSkipped, SeriesTooLong } from './errors.ts';

export const MAX_OCCURRENCES = 200;
export const MAX_SERIES_DAYS = 1_096;
// Enough to go through three years by days; more only leads to rules that never come about.
const MAX_ITERATIONS = 2_000;
const MAX_CANDIDATES = 20_000;

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** What of a rule of RFC 5545 can be said, and how; the time of day is always that of the beginning. */
const PARTS: Record<string, RegExp> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,5}$/,
  UNTIL: /^\d{8}(T\d{6}Z)?$/,
  BYDAY: /^([+-]?[1-5]?\d?(MO|TU|WE|TH|FR|SA|SU))(,[+-]?[1-5]?\d?(MO|TU|WE|TH|FR|SA|SU)){0,20}$/,
  BYMONTHDAY: /^-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01])){0,30}$/,
  BYMONTH: /^([1-9]|1[0-2])(,([1-9]|1[0-2])){0,11}$/,
  BYSETPOS: /^-?[1-9]\d{0,2}(,-?[1-9]\d{0,2}){0,9}$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** A rule, the clock time at which it begins, and how long each occurrence lasts by the same clocks. */
export interface Recurrence {
  /** Such as `FREQ=WEEKLY;COUNT=10`. */
  rule: string;
  /** Such as `2026-04-01T09:00`. */
  startsAt: string;
  durationMinutes: number;
}

/** One time of a series by the clocks of its place; at most one of the two is null. */
export interface Occurrence {
  startsAt: string;
  /** Null if the clocks skip its beginning or its end on that day. */
  time: Interval | null;
}

/**
 * The times of a series, in order: at the same time of the clock, whatever changes of clocks lie between. Of a time that comes
 * twice it is the first, as RFC 5545 has it; one that does not come has no interval.
 *
 * @throws InvalidRecurrence, InvalidLocalTime, SeriesTooLong beyond 200 times or three years
 */
export function occurrencesOf(
  { rule, startsAt, durationMinutes }: Recurrence,
  timeZone: string,
): Occurrence[] {
  const start = localTimeOf(startsAt);
  return timesOf(rule, start, timeZone).map((local) => ({
    startsAt: local.toString({ smallestUnit: 'minute' }),
    time: intervalAt(local, durationMinutes, timeZone),
  }));
}

function localTimeOf(text: string): Temporal.PlainDateTime {
  try {
    if (LOCAL_TIME.test(text)) return Temporal.PlainDateTime.from(text, { overflow: 'reject' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new InvalidLocalTime();
}

function timesOf(rule: string, start: Temporal.PlainDateTime, timeZone: string): Temporal.PlainDateTime[] {
  const parts = partsOf(rule);
  const until = parts.get('UNTIL');
  if (!until && !parts.has('COUNT')) throw new InvalidRecurrence('ENDLESS');
  const isWithin = until ? untilTest(until, timeZone) : () => true;
  parts.delete('UNTIL');
  const latest = start.add({ days: MAX_SERIES_DAYS });
  const times: Temporal.PlainDateTime[] = [];
  let isTooLong = false;
  walk(parts, start, (local) => {
    if (!isWithin(local)) return false;
    isTooLong = times.length === MAX_OCCURRENCES || Temporal.PlainDateTime.compare(local, latest) > 0;
    if (!isTooLong) times.push(local);
    return !isTooLong;
  });
  if (isTooLong) throw new SeriesTooLong({ maxCount: MAX_OCCURRENCES, maxDays: MAX_SERIES_DAYS });
  if (times.length === 0) throw new InvalidRecurrence('NEVER');
  return times;
}

function partsOf(rule: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of rule.split(';')) {
    const [name = '', value, ...more] = part.split('=');
    if (value === undefined || more.length > 0 || parts.has(name)) throw new InvalidRecurrence('SYNTAX');
    if (!PARTS[name]?.test(value)) throw new InvalidRecurrence('PART');
    parts.set(name, value);
  }
  if (!parts.has('FREQ') || (parts.has('COUNT') && parts.has('UNTIL'))) throw new InvalidRecurrence('SYNTAX');
  return parts;
}

/** Up to the end of a day of the place, or up to an instant. */
function untilTest(until: string, timeZone: string): (local: Temporal.PlainDateTime) => boolean {
  try {
    if (until.length === 8) {
      const day = Temporal.PlainDate.from(until, { overflow: 'reject' });
      return (local) => Temporal.PlainDate.compare(local.toPlainDate(), day) <= 0;
    }
    const end = Temporal.Instant.from(until);
    return (local) => Temporal.Instant.compare(local.toZonedDateTime(timeZone).toInstant(), end) <= 0;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidRecurrence('PART');
  }
}

/** Goes through the times of a rule until it is told to stop. */
function walk(
  parts: ReadonlyMap<string, string>,
  start: Temporal.PlainDateTime,
  visit: (local: Temporal.PlainDateTime) => boolean,
): void {
  try {
    const rule = new RRuleTemporal({
      rruleString: [...parts].map((part) => part.join('=')).join(';'),
      // As if there were no changes of clocks: they are looked at for each time by itself.
      dtstart: start.toZonedDateTime('UTC'),
      temporal: Temporal,
      strict: true,
      maxIterations: MAX_ITERATIONS,
      maxCandidateEvaluations: MAX_CANDIDATES,
    });
    rule.all((date) => visit(date.toPlainDateTime()));
  } catch (error) {
    // The library tells by its words alone which rules it does not read, and which never come about.
    if (!(error instanceof Error)) throw error;
    throw new InvalidRecurrence(/exceeded/i.test(error.message) ? 'NEVER' : 'PART');
  }
}

function intervalAt(
  local: Temporal.PlainDateTime,
  durationMinutes: number,
  timeZone: string,
): Interval | null {
  const from = instantOf(local, timeZone);
  const until = instantOf(local.add({ minutes: durationMinutes }), timeZone);
  return from && until && from < until ? { from, until } : null;
}

/** The first instant at which the clocks of a place show a time; null if they skip it. */
function instantOf(local: Temporal.PlainDateTime, timeZone: string): Date | null {
  const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  // Before a gap the earlier of the two candidates shows another time.
  const isShown = zoned.toPlainDateTime().equals(local);
  return isShown ? new Date(zoned.epochMilliseconds) : null;
}

/** @throws LocalTimeSkipped */
export function requireTime({ time }: Occurrence): Interval {
  if (!time) throw new LocalTimeSkipped();
  return time;
}
