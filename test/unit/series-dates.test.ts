import { DomainError } from '../../src/kernel/errors.ts';
import {
  MAX_OCCURRENCES,
  occurrencesOf,
  type Recurrence,
} from '../../src/services/pools/bookings/series-dates.ts';

const BERLIN = 'Europe/Berlin';

const of = (rule: string, startsAt = '2026-03-20T09:00', durationMinutes = 120): Recurrence => ({
  rule,
  startsAt,
  durationMinutes,
});

function timesOf(recurrence: Recurrence, timeZone = BERLIN): (string | null)[] {
  return occurrencesOf(recurrence, timeZone).map(({ time }) =>
    time ? `${time.from.toISOString().slice(0, 16)} ${time.until.toISOString().slice(0, 16)}` : null,
  );
}

function refusalOf(recurrence: Recurrence): string {
  try {
    occurrencesOf(recurrence, BERLIN);
    return 'NONE';
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [error.code, error.fields['reason']].filter(Boolean).join(' ');
  }
}

test('nine o’clock stays nine o’clock when clocks change', () => {
  expect(timesOf(of('FREQ=WEEKLY;COUNT=3'))).toEqual([
    '2026-03-20T08:00 2026-03-20T10:00',
    '2026-03-27T08:00 2026-03-27T10:00',
    '2026-04-03T07:00 2026-04-03T09:00',
  ]);
});

test('ends at the same time of the clock too, whatever lies between', () => {
  // Twelve hours by the clock are eleven on the night in which clocks go forward, and thirteen in that in which they go back.
  expect(timesOf(of('FREQ=DAILY;COUNT=2', '2026-03-28T21:00', 12 * 60))).toEqual([
    '2026-03-28T20:00 2026-03-29T07:00',
    '2026-03-29T19:00 2026-03-30T07:00',
  ]);
  expect(timesOf(of('FREQ=DAILY;COUNT=1', '2026-10-24T21:00', 12 * 60))).toEqual([
    '2026-10-24T19:00 2026-10-25T08:00',
  ]);
});

test('has no time on the day on which clocks skip it', () => {
  expect(timesOf(of('FREQ=DAILY;COUNT=3', '2026-03-28T02:30', 60))).toEqual([
    '2026-03-28T01:30 2026-03-28T02:30',
    null,
    '2026-03-30T00:30 2026-03-30T01:30',
  ]);
});

test('takes the first of a time that comes twice', () => {
  expect(timesOf(of('FREQ=DAILY;COUNT=2', '2026-10-24T02:30', 60))).toEqual([
    '2026-10-24T00:30 2026-10-24T01:30',
    '2026-10-25T00:30 2026-10-25T02:30',
  ]);
});

test.each([
  ['FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4', '2026-03-20', ['03-23', '03-26', '03-30', '04-02']],
  ['FREQ=WEEKLY;INTERVAL=2;COUNT=3', '2026-03-20', ['03-20', '04-03', '04-17']],
  ['FREQ=MONTHLY;BYDAY=-1FR;COUNT=3', '2026-03-20', ['03-27', '04-24', '05-29']],
  ['FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3', '2026-01-31', ['01-31', '03-31', '05-31']],
  ['FREQ=DAILY;UNTIL=20260322', '2026-03-20', ['03-20', '03-21', '03-22']],
  // Up to the instant: at 09:00 in Berlin it is 08:00Z.
  ['FREQ=DAILY;UNTIL=20260322T075959Z', '2026-03-20', ['03-20', '03-21']],
  ['FREQ=DAILY;UNTIL=20260322T080000Z', '2026-03-20', ['03-20', '03-21', '03-22']],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2', '2026-03-20', ['03-31', '04-30']],
])('%s from %s', (rule, day, days) => {
  const found = occurrencesOf(of(rule, `${day}T09:00`), BERLIN);

  expect(found.map(({ startsAt }) => startsAt)).toEqual(days.map((date) => `2026-${date}T09:00`));
});

test('a February that has no 29th is left out', () => {
  const found = occurrencesOf(of('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=1', '2026-03-01T09:00'), BERLIN);

  expect(found.map(({ startsAt }) => startsAt)).toEqual(['2028-02-29T09:00']);
});

test.each([
  ['', 'INVALID_RECURRENCE SYNTAX'],
  ['FREQ', 'INVALID_RECURRENCE SYNTAX'],
  ['COUNT=3', 'INVALID_RECURRENCE SYNTAX'],
  ['FREQ=WEEKLY;COUNT=3;COUNT=4', 'INVALID_RECURRENCE SYNTAX'],
  ['FREQ=WEEKLY;COUNT=3;UNTIL=20260501', 'INVALID_RECURRENCE SYNTAX'],
  ['RRULE:FREQ=WEEKLY;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=WEEKLY;COUNT=3\nEXDATE:20260401T090000', 'INVALID_RECURRENCE PART'],
  ['FREQ=HOURLY;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=FORTNIGHTLY;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=WEEKLY;COUNT=0', 'INVALID_RECURRENCE PART'],
  ['FREQ=WEEKLY;COUNT=-1', 'INVALID_RECURRENCE PART'],
  ['FREQ=WEEKLY;COUNT=1e9', 'INVALID_RECURRENCE PART'],
  ['FREQ=WEEKLY;INTERVAL=0;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=DAILY;BYHOUR=9,10;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=MONTHLY;BYMONTHDAY=32;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=YEARLY;BYMONTH=13;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=DAILY;BYSETPOS=2;COUNT=3', 'INVALID_RECURRENCE PART'],
  ['FREQ=DAILY;UNTIL=20260230', 'INVALID_RECURRENCE PART'],
  ['FREQ=DAILY;UNTIL=20260320T250000Z', 'INVALID_RECURRENCE PART'],
  ['FREQ=DAILY', 'INVALID_RECURRENCE ENDLESS'],
  ['FREQ=DAILY;UNTIL=20260319', 'INVALID_RECURRENCE NEVER'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3', 'INVALID_RECURRENCE NEVER'],
  [`FREQ=DAILY;COUNT=${MAX_OCCURRENCES + 1}`, 'SERIES_TOO_LONG'],
  ['FREQ=DAILY;COUNT=100000', 'SERIES_TOO_LONG'],
  ['FREQ=YEARLY;COUNT=100', 'SERIES_TOO_LONG'],
  ['FREQ=YEARLY;UNTIL=21260320', 'SERIES_TOO_LONG'],
])('refuses %j: %s', (rule, code) => {
  expect(refusalOf(of(rule))).toBe(code);
});

test(`has ${MAX_OCCURRENCES} times at most`, () => {
  expect(occurrencesOf(of(`FREQ=DAILY;COUNT=${MAX_OCCURRENCES}`), BERLIN)).toHaveLength(MAX_OCCURRENCES);
});

test.each([
  '2026-02-30T09:00',
  '2026-03-20',
  '2026-03-20T24:00',
  '2026-03-20T09:00Z',
  '2026-13-01T09:00',
  '',
])('refuses %j as a beginning', (startsAt) => {
  expect(refusalOf(of('FREQ=DAILY;COUNT=2', startsAt))).toBe('INVALID_LOCAL_TIME');
});
