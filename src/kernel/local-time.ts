import { after, DAY_MS } from './clock.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What clocks in a time zone show at an instant, as if it were UTC. */
function wallClock(instant: Date, timeZone: string): Date {
  const parts = formatIn(timeZone).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const [year, month, day] = [part('year'), part('month'), part('day')];
  return new Date(Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second')));
}

/** The day that it is somewhere at an instant, such as `2026-03-29`. */
export function localDateOf(instant: Date, timeZone: string): string {
  return wallClock(instant, timeZone).toISOString().slice(0, 10);
}

/** The instant at which a day begins in a time zone: midnight, or what follows it where a change of clocks skips that. */
export function startOfDay(date: string, timeZone: string): Date {
  const midnight = new Date(`${date}T00:00:00Z`);
  const offsetAt = (instant: Date) => wallClock(instant, timeZone).getTime() - instant.getTime();
  // Clocks change at most once within a day or so: what they were before and after are the two possibilities.
  const [before, later] = [after(midnight, -DAY_MS), after(midnight, DAY_MS)].map((instant) =>
    after(midnight, -offsetAt(instant)),
  ) as [Date, Date];
  const shows = (instant: Date) => wallClock(instant, timeZone).getTime() === midnight.getTime();
  const exact = [before, later].filter(shows).toSorted((a, b) => a.getTime() - b.getTime());
  return exact[0] ?? before;
}
