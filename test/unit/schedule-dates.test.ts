import fc from 'fast-check';
import { FREQUENCIES, type Frequency } from '../../src/entities/transfer-schedule.ts';
import { dayAfter } from '../../src/kernel/calendar.ts';
import {
  amountsOf,
  countDays,
  dueDay,
  dueInstant,
  MAX_DATES,
  type Rhythm,
} from '../../src/services/ledger/schedule-dates.ts';

const rhythm = (startsOn: string, frequency: Frequency, every = 1): Rhythm => ({
  startsOn,
  frequency,
  every,
});
const daysOf = (of: Rhythm, count: number) =>
  Array.from({ length: count }, (_, number) => dueDay(of, number));

test.each([
  [rhythm('2026-02-27', 'DAILY'), ['2026-02-27', '2026-02-28', '2026-03-01']],
  [rhythm('2026-02-27', 'DAILY', 10), ['2026-02-27', '2026-03-09', '2026-03-19']],
  [rhythm('2026-12-30', 'WEEKLY'), ['2026-12-30', '2027-01-06', '2027-01-13']],
  [rhythm('2026-03-02', 'WEEKLY', 2), ['2026-03-02', '2026-03-16', '2026-03-30']],
  [rhythm('2026-01-31', 'MONTHLY'), ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']],
  [rhythm('2028-01-30', 'MONTHLY'), ['2028-01-30', '2028-02-29', '2028-03-30']],
  [rhythm('2026-11-30', 'MONTHLY', 3), ['2026-11-30', '2027-02-28', '2027-05-30']],
  [rhythm('2028-02-29', 'YEARLY'), ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']],
  [rhythm('2026-05-01', 'YEARLY', 5), ['2026-05-01', '2031-05-01']],
])('%j falls due on %j', (of, days) => {
  expect(daysOf(of, days.length)).toEqual(days);
});

describe('counts', () => {
  const HORIZON = '2036-03-02';

  test.each([
    [rhythm('2026-03-02', 'DAILY'), { count: 1 }, 1],
    [rhythm('2026-03-02', 'DAILY'), { count: 1_000 }, 1_000],
    [rhythm('2026-03-02', 'DAILY'), { count: 1_001 }, null],
    [rhythm('2026-03-02', 'DAILY'), { endsOn: '2026-03-02' }, 1],
    [rhythm('2026-03-02', 'DAILY'), { endsOn: '2026-03-01' }, 0],
    [rhythm('2026-03-02', 'DAILY'), { endsOn: '2028-11-25' }, 1_000],
    [rhythm('2026-03-02', 'DAILY'), { endsOn: '2028-11-26' }, null],
    [rhythm('2026-01-31', 'MONTHLY'), { endsOn: '2026-04-29' }, 3],
    [rhythm('2026-01-31', 'MONTHLY'), { endsOn: '2026-04-30' }, 4],
    [rhythm('2026-03-02', 'YEARLY'), { count: 11 }, 11],
    [rhythm('2026-03-02', 'YEARLY'), { count: 12 }, null],
    [rhythm('2026-03-02', 'YEARLY'), { endsOn: '9999-12-31' }, null],
    [rhythm('2026-03-02', 'YEARLY', 366), { count: 2 }, null],
    [rhythm('9999-12-31', 'YEARLY', 366), { count: 2 }, null],
    [rhythm('2036-03-03', 'DAILY'), { count: 1 }, null],
    [rhythm('2036-03-02', 'DAILY'), { count: 1 }, 1],
  ])('the days of %j until %j: %j', (of, end, count) => {
    expect(countDays(of, end, HORIZON)).toBe(count);
  });
});

const rhythms = fc.record({
  startsOn: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  frequency: fc.constantFrom(...FREQUENCIES),
  every: fc.integer({ min: 1, max: 24 }),
});

test('days come in order, each one once, and keep the day of the month where there is one', () => {
  fc.assert(
    fc.property(rhythms, fc.integer({ min: 2, max: 40 }), (of, count) => {
      const days = daysOf(of, count);

      expect(days).toEqual([...new Set(days)].toSorted());
      if (of.frequency !== 'MONTHLY' && of.frequency !== 'YEARLY') return;
      for (const day of days) {
        const isLastOfMonth = dayAfter(day, { days: 1 }).endsWith('-01');
        expect(day.slice(8) === of.startsOn.slice(8) || isLastOfMonth).toBe(true);
      }
    }),
  );
});

test('an end on the last day counts as many days as there are', () => {
  fc.assert(
    fc.property(rhythms, fc.integer({ min: 1, max: 60 }), (of, count) => {
      const last = dueDay(of, count - 1);

      expect(countDays(of, { endsOn: last }, '9999-12-31')).toBe(count);
      expect(countDays(of, { endsOn: dayAfter(last, { days: -1 }) }, '9999-12-31')).toBe(count - 1);
      expect(countDays(of, { count }, last)).toBe(count);
      expect(countDays(of, { count }, dayAfter(last, { days: -1 }))).toBeNull();
    }),
  );
});

test.each([
  ['2026-03-28', 'Europe/Madrid', '2026-03-28T08:00:00.000Z'],
  ['2026-03-29', 'Europe/Madrid', '2026-03-29T07:00:00.000Z'],
  ['2026-03-02', 'America/Los_Angeles', '2026-03-02T17:00:00.000Z'],
])('%s is paid in %s from %s on', (day, timeZone, instant) => {
  expect(dueInstant(day, timeZone).toISOString()).toBe(instant);
});

describe('amounts', () => {
  test.each([
    [1000n, false, 3, [1000n, 1000n, 1000n]],
    [1000n, true, 3, [334n, 333n, 333n]],
    [1001n, true, 3, [334n, 334n, 333n]],
    [3n, true, 3, [1n, 1n, 1n]],
    [7n, true, 1, [7n]],
  ])('%s, split %s, on %i dates is %j', (amountMinor, isSplit, dateCount, amounts) => {
    expect(amountsOf({ amountMinor, isSplit, dateCount })).toEqual(amounts);
  });

  test('of instalments sum to the whole, differ by one minor unit at most, and are never nothing', () => {
    const cases = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.integer({ min: 1, max: 60 }))
      .filter(([whole, count]) => whole >= BigInt(count));

    fc.assert(
      fc.property(cases, ([whole, count]) => {
        const amounts = amountsOf({ amountMinor: whole, isSplit: true, dateCount: count });

        expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(whole);
        expect(amounts[0]! - amounts.at(-1)!).toBeLessThanOrEqual(1n);
        expect(amounts.at(-1)).toBeGreaterThan(0n);
      }),
    );
  });
});

test('a thousand dates are counted without being noticed', () => {
  const start = performance.now();
  countDays(rhythm('2026-01-31', 'MONTHLY'), { count: MAX_DATES }, '9999-12-31');

  expect(performance.now() - start).toBeLessThan(500);
});
