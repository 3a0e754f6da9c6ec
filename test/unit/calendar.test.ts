import fc from 'fast-check';
import { dayAfter, dayAt, instantAt, isDay } from '../../src/kernel/calendar.ts';

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
