import fc from 'fast-check';
import type { OpenHours, Opening } from '../../src/entities/opening.ts';
import type { Interval } from '../../src/kernel/calendar.ts';
import {
  freeSteps,
  leastFree,
  type FreeStep,
  type Occupancy,
} from '../../src/services/pools/free-quantity.ts';
import { isOpenFor } from '../../src/services/pools/may-book.ts';
import { openIntervals } from '../../src/services/pools/opening-hours.ts';

// The rules are compared with a model that knows nothing of intervals: it looks at the clock on the wall minute by minute.

const MINUTE_MS = 60_000;

/** Places and weeks in which clocks are changed by an hour, by half an hour, over a day, or not at all. */
const PLACES = [
  { timeZone: 'Europe/Berlin', weeks: ['2026-03-26', '2026-10-22'] },
  { timeZone: 'America/New_York', weeks: ['2026-03-05', '2026-10-29'] },
  { timeZone: 'Australia/Lord_Howe', weeks: ['2026-04-02', '2026-10-01'] },
  { timeZone: 'America/Santiago', weeks: ['2026-04-02', '2026-09-03'] },
  { timeZone: 'Pacific/Apia', weeks: ['2011-12-27'] },
  { timeZone: 'Asia/Kolkata', weeks: ['2026-03-26'] },
] as const;

interface Calendar {
  timeZone: string;
  opening: Opening;
  interval: Interval;
  quantity: number;
  occupancies: Occupancy[];
  now: Date;
  lentUntil: Date | null;
  isHandover: boolean;
}

const clockTime = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const openHours = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.nat(1440), fc.nat(1440))
  .filter(([, a, b]) => a !== b)
  .map(([weekday, a, b]): OpenHours => ({
    weekday,
    from: clockTime(Math.min(a, b)),
    until: clockTime(Math.max(a, b)),
  }));

const placedWeek = fc.constantFrom(
  ...PLACES.flatMap(({ timeZone, weeks }) =>
    weeks.map((week) => ({ timeZone, startMs: Date.parse(`${week}T00:00:00Z`) })),
  ),
);

const calendars: fc.Arbitrary<Calendar> = placedWeek.chain(({ timeZone, startMs }) => {
  const minute = fc.nat(5 * 1440).map((at) => new Date(startMs + at * MINUTE_MS));
  const span = (longest: number) =>
    fc
      .tuple(minute, fc.integer({ min: 1, max: longest }))
      .map(([from, length]) => ({ from, until: new Date(from.getTime() + length * MINUTE_MS) }));
  const closure = fc.tuple(fc.nat(6), fc.nat(1)).map(([first, more]) => ({
    from: dayText(startMs, first),
    until: dayText(startMs, first + more),
    note: '',
  }));
  return fc.record({
    timeZone: fc.constant(timeZone),
    opening: fc.record({
      weekly: fc.option(fc.array(openHours, { maxLength: 8 }), { freq: 4 }),
      closures: fc.array(closure, { maxLength: 2 }),
    }),
    interval: fc.oneof({ weight: 4, arbitrary: span(240) }, { weight: 1, arbitrary: span(1440) }),
    quantity: fc.integer({ min: 1, max: 4 }),
    occupancies: fc.array(
      fc.tuple(span(900), fc.integer({ min: 1, max: 3 })).map(([at, quantity]) => ({ ...at, quantity })),
      { maxLength: 8 },
    ),
    now: minute,
    lentUntil: fc.option(minute, { freq: 3 }),
    isHandover: fc.boolean(),
  });
});

function dayText(startMs: number, days: number): string {
  return new Date(startMs + days * 1440 * MINUTE_MS).toISOString().slice(0, 10);
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const walls = new Map<string, Map<number, string[]>>(PLACES.map(({ timeZone }) => [timeZone, new Map()]));

/** What a clock on the wall shows: day, time and weekday. */
function wallAt(timeZone: string, ms: number): string[] {
  const seen = walls.get(timeZone)!;
  let shown = seen.get(ms);
  if (!shown) seen.set(ms, (shown = readWall(timeZone, ms)));
  return shown;
}

function readWall(timeZone: string, ms: number): string[] {
  let clock = clocks.get(timeZone);
  if (!clock) {
    const day = { year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short' } as const;
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    clocks.set(timeZone, (clock = new Intl.DateTimeFormat('en-GB', { timeZone, ...day, ...time })));
  }
  const parts = new Map(clock.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
  return [
    `${part('year')}-${part('month')}-${part('day')}`,
    `${part('hour')}:${part('minute')}`,
    part('weekday'),
  ];
}

const WEEKDAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function isOpenInModel({ opening, timeZone }: Calendar, ms: number): boolean {
  const [day = '', time = '', weekday = ''] = wallAt(timeZone, ms);
  if (opening.closures.some(({ from, until }) => from <= day && day <= until)) return false;
  if (opening.weekly === null) return true;
  return opening.weekly.some(
    (hours) => WEEKDAYS[hours.weekday] === weekday && hours.from <= time && time < hours.until,
  );
}

const covers = ({ from, until }: Interval, ms: number) => from.getTime() <= ms && ms < until.getTime();

/** The minutes of an interval, by their beginnings. */
function minutesOf({ from, until }: Interval): number[] {
  const count = (until.getTime() - from.getTime()) / MINUTE_MS;
  return Array.from({ length: count }, (_, minute) => from.getTime() + minute * MINUTE_MS);
}

function unoccupiedInModel({ quantity, occupancies }: Calendar, ms: number): number {
  return occupancies.filter((one) => covers(one, ms)).reduce((free, one) => free - one.quantity, quantity);
}

function freeInModel(calendar: Calendar, ms: number): number {
  const { now, lentUntil, isHandover } = calendar;
  if (ms < now.getTime() || (lentUntil && ms >= lentUntil.getTime())) return 0;
  if (!isHandover && !isOpenInModel(calendar, ms)) return 0;
  return Math.max(0, unoccupiedInModel(calendar, ms));
}

function stepsOf(calendar: Calendar): FreeStep[] {
  const { opening, interval, timeZone, isHandover, quantity, occupancies, lentUntil, now } = calendar;
  const open = openIntervals(opening, interval, timeZone);
  const openingScope = isHandover ? 'HANDOVER' : 'USE';
  const supply = {
    quantity,
    occupancies,
    open,
    openingScope,
    lentUntil,
    isMaintenanceOverdue: false,
  } as const;
  return freeSteps(supply, interval, now);
}

test('what is free, open and bookable agrees with the clock on the wall, minute by minute', () => {
  fc.assert(
    fc.property(calendars, (calendar) => {
      const { interval, opening, timeZone } = calendar;
      const minutes = minutesOf(interval);
      const openMinutes = minutes.filter((ms) => isOpenInModel(calendar, ms));

      const open = openIntervals(opening, interval, timeZone);
      const steps = stepsOf(calendar);

      // Compared as texts: thousands of numbers one by one would take minutes.
      expect(String(open.flatMap(minutesOf))).toBe(String(openMinutes));
      expect(String(steps.flatMap((step) => minutesOf(step).map(() => step.free)))).toBe(
        String(minutes.map((ms) => freeInModel(calendar, ms))),
      );
      expect(leastFree(calendar.quantity, calendar.occupancies, interval)).toBe(
        Math.min(...minutes.map((ms) => unoccupiedInModel(calendar, ms))),
      );
      expect(isOpenFor({ opening, openingScope: 'USE' }, interval, timeZone)).toBe(
        openMinutes.length === minutes.length,
      );
      expect(isOpenFor({ opening, openingScope: 'HANDOVER' }, interval, timeZone)).toBe(
        isOpenInModel(calendar, minutes[0]!) && isOpenInModel(calendar, minutes.at(-1)!),
      );
    }),
    { numRuns: 10_000 },
  );
});

test('steps lie side by side, and no two neighbours are alike', () => {
  fc.assert(
    fc.property(calendars, (calendar) => {
      const steps = stepsOf(calendar);

      expect(steps[0]?.from).toEqual(calendar.interval.from);
      expect(steps.at(-1)?.until).toEqual(calendar.interval.until);
      for (const [index, step] of steps.slice(1).entries()) {
        expect(step.from).toEqual(steps[index]?.until);
        expect(step.free).not.toBe(steps[index]?.free);
      }
    }),
    { numRuns: 1_000 },
  );
});
