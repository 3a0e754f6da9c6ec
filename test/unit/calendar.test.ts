import fc from 'fast-check';
import { dayAfter, dayAt, instantAt, isDay, startOfDay } from '../../src/kernel/calendar.ts';

test.each([
  ['2026-03-01T23:30:00Z', 'UTC', '2026-03-01'],
  ['2026-03-01T23:30:00Z', 'Europe/Madrid', '2026-03-02'],
  ['2026-03-01T10:30:00Z', 'Pacific/Kiritimati', '2026-03-02'],
  ['2026-03-01T10:30:00Z', 'Pacific/Niue', '2026-02-28'],
])('at %s it is in %s the day %s', (instant, timeZone, day) => {
  expect(dayAt(new Date(instant), timeZone)).toBe(day);
});

test.each([
  ['2026-03-02', 'UTC', '2026-03-02T09:00:00.000Z'],
  ['2026-03-28', 'Europe/Madrid', '2026-03-28T08:00:00.000Z'],
  ['2026-03-29', 'Europe/Madrid', '2026-03-29T07:00:00.000Z'],
  ['2026-03-02', 'Asia/Kathmandu', '2026-03-02T03:15:00.000Z'],
])('nine o’clock on %s in %s is %s', (day, timeZone, instant) => {
  expect(instantAt(day, 9, timeZone).toISOString()).toBe(instant);
});

test.each([
  // Clocks jump from two to three, and from midnight to one.
  ['2026-03-29', 2, 'Europe/Madrid', '2026-03-29T01:00:00.000Z'],
  ['2018-11-04', 0, 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  // Two o’clock comes twice: the first one counts.
  ['2026-10-25', 2, 'Europe/Madrid', '2026-10-25T00:00:00.000Z'],
])('where clocks jump, %s at %i in %s is %s', (day, hour, timeZone, instant) => {
  expect(instantAt(day, hour, timeZone).toISOString()).toBe(instant);
});

test.each([
  ['2026-01-31', { months: 1 }, '2026-02-28'],
  ['2028-01-31', { months: 1 }, '2028-02-29'],
  ['2028-02-29', { years: 1 }, '2029-02-28'],
  ['2026-12-31', { days: 1 }, '2027-01-01'],
  ['2026-02-26', { weeks: 1 }, '2026-03-05'],
])('%s and %j make %s', (day, span, later) => {
  expect(dayAfter(day, span)).toBe(later);
});

test.each([
  ['2026-02-28', true],
  ['2026-02-29', false],
  ['2028-02-29', true],
  ['2026-02-30', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['0000-01-01', false],
  ['0001-01-01', true],
  ['9999-12-31', true],
  ['10000-01-01', false],
  ['2026-3-1', false],
  ['2026-03-01T00:00:00Z', false],
  ['', false],
])('%j is a day: %s', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});

test('a day comes back from its nine o’clock in every time zone', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true });

  fc.assert(
    fc.property(day, fc.constantFrom(...zones), (date, timeZone) => {
      const text = date.toISOString().slice(0, 10);
      // The day on which Samoa moved to the other side of the date line did not take place there.
      fc.pre(!(text === '2011-12-30' && ['Pacific/Apia', 'Pacific/Fakaofo'].includes(timeZone)));

      expect(dayAt(instantAt(text, 9, timeZone), timeZone)).toBe(text);
    }),
  );
});

test.each([
  ['2026-03-01', 'UTC', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01', 'Europe/Madrid', '2026-02-28T23:00:00.000Z'],
  // The day on which summer time begins, and the day after.
  ['2026-03-29', 'Europe/Madrid', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Madrid', '2026-03-29T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Madrid', '2026-10-25T23:00:00.000Z'],
  ['2026-01-01', 'America/Los_Angeles', '2026-01-01T08:00:00.000Z'],
  ['2026-01-01', 'Pacific/Kiritimati', '2025-12-31T10:00:00.000Z'],
  ['2026-01-01', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
  // Clocks that were put forward at midnight: the day began at one.
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  // Clocks that were put back at one to midnight: it came twice, and the first one counts.
  ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00.000Z'],
  // Clocks that were put back at midnight to eleven: the day began when it came again.
  ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'],
])('%s begins in %s at %s', (date, timeZone, instant) => {
  expect(startOfDay(date, timeZone).toISOString()).toBe(instant);
});

test('a day begins with the first instant at which the calendar shows it', () => {
  const zones = ['UTC', 'Europe/Madrid', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kolkata'];
  const dates = fc
    .integer({ min: 0, max: 366 * 80 })
    .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
  fc.assert(
    fc.property(dates, fc.constantFrom(...zones), (date, timeZone) => {
      const start = startOfDay(date, timeZone);
      expect(dayAt(start, timeZone)).toBe(date);
      expect(dayAt(new Date(start.getTime() - 1), timeZone) < date).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
