import fc from 'fast-check';
import { localDateOf, startOfDay } from '../../src/kernel/local-time.ts';

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
      expect(localDateOf(start, timeZone)).toBe(date);
      expect(localDateOf(new Date(start.getTime() - 1), timeZone) < date).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
