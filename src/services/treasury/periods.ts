import type { Period } from '../../entities/unit-policy.ts';
import { startOfDay, type Day } from '../../kernel/calendar.ts';
import { InvalidInput } from '../../kernel/errors.ts';

/** A calendar month, quarter or year. */
export interface CalendarPeriod {
  kind: Period;
  /** As people write it: `2026-03`, `2026-Q1`, `2026`. */
  text: string;
  year: number;
  /** Its first day. */
  startsOn: Day;
  /** The first day after it. */
  endsOn: Day;
}

const PERIOD = /^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$/;
const FIRST_YEAR = 1900;
const LAST_YEAR = 9_998;
const MONTHS: Record<Period, number> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** @throws InvalidInput INVALID_PERIOD unless it is a year, a quarter or a month such as `2026`, `2026-Q1`, `2026-03` */
export function parsePeriod(text: string, path: string): CalendarPeriod {
  const [, yearText = '', quarter, month] = PERIOD.exec(text) ?? [];
  const year = Number(yearText);
  if (year < FIRST_YEAR || year > LAST_YEAR) throw new InvalidInput('INVALID_PERIOD', path);
  if (quarter) return periodOf('QUARTER', year, (Number(quarter) - 1) * 3);
  return month ? periodOf('MONTH', year, Number(month) - 1) : periodOf('YEAR', year, 0);
}

/** The period of a kind in which a day such as `2026-03-29` lies. */
export function periodOn(date: Day, kind: Period): CalendarPeriod {
  const [year, month] = date.split('-').map(Number) as [number, number];
  return periodOf(kind, year, Math.floor((month - 1) / MONTHS[kind]) * MONTHS[kind]);
}

/** @param month of its beginning, from 0 */
function periodOf(kind: Period, year: number, month: number): CalendarPeriod {
  const day = (months: number) => new Date(Date.UTC(year, months, 1)).toISOString().slice(0, 10);
  const startsOn = day(month);
  const text = { MONTH: startsOn.slice(0, 7), QUARTER: `${year}-Q${month / 3 + 1}`, YEAR: `${year}` }[kind];
  return { kind, text, year, startsOn, endsOn: day(month + MONTHS[kind]) };
}

/** When a period begins and ends somewhere; the end is the first instant after it. */
export function boundsOf(
  { startsOn, endsOn }: CalendarPeriod,
  timeZone: string,
): { startsAt: Date; endsAt: Date } {
  return { startsAt: startOfDay(startsOn, timeZone), endsAt: startOfDay(endsOn, timeZone) };
}
