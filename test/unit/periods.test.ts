import fc from 'fast-check';
import { boundsOf, parsePeriod, periodOn } from '../../src/services/treasury/periods.ts';

test.each([
  ['2026-03', 'MONTH', '2026-03-01', '2026-04-01'],
  ['2026-12', 'MONTH', '2026-12-01', '2027-01-01'],
  ['2026-Q1', 'QUARTER', '2026-01-01', '2026-04-01'],
  ['2026-Q4', 'QUARTER', '2026-10-01', '2027-01-01'],
  ['2024', 'YEAR', '2024-01-01', '2025-01-01'],
])('%s is a %s from %s until %s', (text, kind, startsOn, endsOn) => {
  const year = Number(text.slice(0, 4));

  expect(parsePeriod(text, 'period')).toEqual({ kind, text, year, startsOn, endsOn });
});

test.each([
  '',
  '26',
  '2026-13',
  '2026-00',
  '2026-3',
  '2026-Q5',
  '2026-Q0',
  '2026-03-01',
  ' 2026',
  '0000',
  '9999',
])('%j is no period', (text) => {
  expect(() => parsePeriod(text, 'period')).toThrow(
    expect.objectContaining({ code: 'INVALID_PERIOD', path: 'period' }),
  );
});

test('every day lies in one period of each kind', () => {
  const days = fc
    .integer({ min: 0, max: 366 * 60 })
    .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
  fc.assert(
    fc.property(days, fc.constantFrom('MONTH', 'QUARTER', 'YEAR'), (date, kind) => {
      const period = periodOn(date, kind);
      expect(parsePeriod(period.text, 'period')).toEqual(period);
      expect(period.startsOn <= date && date < period.endsOn).toBe(true);
    }),
  );
});

test('a period ends where the network is', () => {
  const { startsAt, endsAt } = boundsOf(parsePeriod('2026-03', 'period'), 'Europe/Madrid');

  expect([startsAt, endsAt].map((at) => at.toISOString())).toEqual([
    '2026-02-28T23:00:00.000Z',
    '2026-03-31T22:00:00.000Z',
  ]);
});
