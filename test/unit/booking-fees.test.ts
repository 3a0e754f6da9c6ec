import type { FeePeriod } from '../../src/entities/resource.ts';
import {
  cancellationFeeMinor,
  costOf,
  lateFeesMinor,
  periodsBegun,
} from '../../src/services/pools/bookings/fees.ts';

const at = (text: string) => new Date(`2026-03-${text}:00Z`);
const from = at('28T09:00');

test.each<[FeePeriod, string, bigint]>([
  ['USE', '28T09:01', 1n],
  ['USE', '31T09:00', 1n],
  ['HOUR', '28T09:01', 1n],
  ['HOUR', '28T10:00', 1n],
  ['HOUR', '28T10:01', 2n],
  ['DAY', '28T10:00', 1n],
  ['DAY', '29T09:00', 1n],
  ['DAY', '29T09:01', 2n],
  ['DAY', '31T09:00', 3n],
])('%s up to %s counts so often: %s', (per, until, count) => {
  expect(periodsBegun(per, { from, until: at(until) })).toBe(count);
});

describe('what a thing costs', () => {
  const hourly = { feePer: 'HOUR', feeMinor: 150n, depositMinor: 1_000n } as const;
  const time = { from, until: at('28T11:30') };

  test.each([
    [hourly, null, 1, { feeMinor: 450n, depositMinor: 1_000n }],
    [hourly, null, 4, { feeMinor: 1_800n, depositMinor: 4_000n }],
    [hourly, 100n, 2, { feeMinor: 600n, depositMinor: 2_000n }],
    [hourly, 0n, 2, { feeMinor: 0n, depositMinor: 2_000n }],
    [{ ...hourly, feePer: 'USE' }, null, 2, { feeMinor: 300n, depositMinor: 2_000n }],
    [{ feePer: null, feeMinor: 0n, depositMinor: 5n }, null, 3, { feeMinor: 0n, depositMinor: 15n }],
  ] as const)('%j, of the class %s, for %s pieces', (tariff, classFee, quantity, cost) => {
    expect(costOf(tariff, classFee, { quantity, ...time })).toEqual(cost);
  });
});

describe('what lateness costs', () => {
  const booking = { untilAt: from, lateGraceMinutes: 15 };
  const items = [
    { quantity: 2, lateFeePer: 'HOUR', lateFeeMinor: 30n },
    { quantity: 1, lateFeePer: null, lateFeeMinor: 0n },
    { quantity: 3, lateFeePer: 'USE', lateFeeMinor: 7n },
  ] as const;

  test.each([
    ['27T09:00', [0n, 0n, 0n]],
    ['28T09:00', [0n, 0n, 0n]],
    ['28T09:15', [0n, 0n, 0n]],
    // After the grace all of the time counts, not only what lies behind the grace.
    ['28T09:16', [60n, 0n, 21n]],
    ['28T10:01', [120n, 0n, 21n]],
    ['29T09:00', [1_440n, 0n, 21n]],
  ])('back at %s', (returnedAt, fees) => {
    expect(lateFeesMinor(booking, items, at(returnedAt))).toEqual(fees);
  });
});

describe('what it costs not to fetch what was booked', () => {
  const booking = { fromAt: from, feeMinor: 999n, cancelFreeMinutes: 60, cancelFeePpm: 500_000 };

  test.each([
    ['27T09:00', 0n],
    ['28T08:00', 0n],
    ['28T08:01', 499n],
    ['28T12:00', 499n],
  ])('at %s', (now, fee) => {
    expect(cancellationFeeMinor(booking, at(now))).toBe(fee);
  });

  test('nothing where there is no rule', () => {
    expect(cancellationFeeMinor({ ...booking, cancelFeePpm: 0 }, at('28T08:59'))).toBe(0n);
  });

  test('all of the fee at most', () => {
    expect(cancellationFeeMinor({ ...booking, cancelFeePpm: 1_000_000 }, at('28T08:59'))).toBe(999n);
  });
});
