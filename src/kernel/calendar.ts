import { Temporal } from 'temporal-polyfill';

/** A day of the calendar, whatever the time zone, as ISO 8601 writes it: `2026-03-31`. Days compare as texts. */
export type Day = string;

/** A distance in the calendar. */
export interface Span {
  days?: number;
  weeks?: number;
  months?: number;
  years?: number;
}

/** The day that it is at a place. */
export function dayAt(instant: Date, timeZone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString();
}

/** The first instant of a day at a place: midnight, or what follows it where a change of clocks skips that. */
export function startOfDay(day: Day, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds);
}

/** A day at a full hour of a place; where clocks jump over it, as much later as they jump. */
export function instantAt(day: Day, hour: number, timeZone: string): Date {
  const { epochMilliseconds } = Temporal.PlainDate.from(day).toZonedDateTime({
    timeZone,
    plainTime: { hour },
  });
  return new Date(epochMilliseconds);
}

/** The day that lies so far behind another; where the month is too short, its last day. */
export function dayAfter(day: Day, span: Span): Day {
  return Temporal.PlainDate.from(day).add(span).toString();
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Whether a text is a day of the calendar between the years 1 and 9999. */
export function isDay(text: string): boolean {
  if (!DAY.test(text) || text < '0001') return false;
  const instant = new Date(`${text}T00:00:00Z`);
  // JavaScript takes 30 February for 1 March.
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** From one instant up to another, which is not a part of it any more. */
export interface Interval {
  from: Date;
  until: Date;
}

/** A time in which the clocks of a place are not changed. */
export interface ClockSpell extends Interval {
  /** How far the clocks are ahead of UTC. */
  offsetMs: number;
}

/** The spells of an interval between which the clocks of a place are changed, in order. */
export function clockSpells({ from, until }: Interval, timeZone: string): ClockSpell[] {
  const spells: ClockSpell[] = [];
  for (let start = from; start < until;) {
    const zoned = Temporal.Instant.fromEpochMilliseconds(start.getTime()).toZonedDateTimeISO(timeZone);
    const change = zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
    const end = change < until.getTime() ? new Date(change) : until;
    spells.push({ from: start, until: end, offsetMs: zoned.offsetNanoseconds / 1e6 });
    start = end;
  }
  return spells;
}
