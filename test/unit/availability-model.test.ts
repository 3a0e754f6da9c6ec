import assert from 'node:assert/strict';
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

interface Wall {
  day: string;
  time: string;
  weekday: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const walls = new Map<string, Map<number, Wall>>(PLACES.map(({ timeZone }) => [timeZone, new Map()]));

/** What a clock on the wall shows. */
function wallAt(timeZone: string, ms: number): Wall {
  const seen = walls.get(timeZone)!;
  let shown = seen.get(ms);
  if (!shown) seen.set(ms, (shown = readWall(timeZone, ms)));
  return shown;
}

function readWall(timeZone: string, ms: number): Wall {
  let clock = clocks.get(timeZone);
  if (!clock) {
    // In Swedish it is written as 2026-03-29 03:00.
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
    clocks.set(timeZone, clock);
  }
  const shown = clock.format(ms);
  const day = shown.slice(0, 10);
  return { day, time: shown.slice(11), weekday: new Date(day).getUTCDay() || 7 };
}

function isOpenInModel({ opening, timeZone }: Calendar, ms: number): boolean {
  const { day, time, weekday } = wallAt(timeZone, ms);
  if (opening.closures.some(({ from, until }) => from <= day && day <= until)) return false;
  if (opening.weekly === null) return true;
  return opening.weekly.some(
    (hours) => hours.weekday === weekday && hours.from <= time && time < hours.until,
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

/** What the rules say of a calendar, or the model does. */
interface Answers {
  open: string;
  steps: string;
  leastFree: number;
  isOpenForUse: boolean;
  isOpenForHandover: boolean;
}

/** Times as texts: when each begins and ends, and what holds in it. */
function textOf(times: readonly (Interval & { what: string | number })[]): string {
  return times.map(({ from, until, what }) => `${from.getTime()}-${until.getTime()}: ${what}`).join(', ');
}

/** The times throughout which the same holds of each minute, but for those of which null does. */
function runsOf(minutes: readonly number[], whatAt: (index: number) => string | number | null): string {
  const runs: string[] = [];
  for (let first = 0; first < minutes.length;) {
    const what = whatAt(first);
    let end = first + 1;
    while (end < minutes.length && whatAt(end) === what) end++;
    if (what !== null) runs.push(`${minutes[first]}-${minutes[end - 1]! + MINUTE_MS}: ${what}`);
    first = end;
  }
  return runs.join(', ');
}

function answersOfModel(calendar: Calendar): Answers {
  const { now, lentUntil, isHandover, interval } = calendar;
  const minutes = minutesOf(interval);
  const isOpen = minutes.map((ms) => isOpenInModel(calendar, ms));
  const unoccupied = minutes.map((ms) => unoccupiedInModel(calendar, ms));
  const isUsable = minutes.map(
    (ms, at) =>
      ms >= now.getTime() && !(lentUntil && ms >= lentUntil.getTime()) && (isHandover || isOpen[at]!),
  );
  return {
    open: runsOf(minutes, (at) => (isOpen[at] ? 'open' : null)),
    steps: runsOf(minutes, (at) => (isUsable[at] ? Math.max(0, unoccupied[at]!) : 0)),
    leastFree: Math.min(...unoccupied),
    isOpenForUse: isOpen.every(Boolean),
    isOpenForHandover: isOpen[0]! && isOpen.at(-1)!,
  };
}

function answersOfRules(calendar: Calendar): Answers {
  const { interval, opening, timeZone, quantity, occupancies } = calendar;
  const open = openIntervals(opening, interval, timeZone);
  return {
    open: textOf(open.map((each) => ({ ...each, what: 'open' }))),
    steps: textOf(stepsOf(calendar).map((step) => ({ ...step, what: step.free }))),
    leastFree: leastFree(quantity, occupancies, interval),
    isOpenForUse: isOpenFor({ opening, openingScope: 'USE' }, interval, timeZone),
    isOpenForHandover: isOpenFor({ opening, openingScope: 'HANDOVER' }, interval, timeZone),
  };
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
      // Much cheaper than what Jest offers, for what is done ten thousand times.
      assert.deepEqual(answersOfRules(calendar), answersOfModel(calendar));
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
