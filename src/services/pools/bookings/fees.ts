import type { Booking } from '../../../entities/booking.ts';
import type { BookingItem } from '../../../entities/booking-item.ts';
import type { FeePeriod, Resource } from '../../../entities/resource.ts';
import type { Interval } from '../../../kernel/calendar.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../kernel/clock.ts';

const PERIOD_MS: Record<Exclude<FeePeriod, 'USE'>, number> = { HOUR: HOUR_MS, DAY: DAY_MS };
const PPM = 1_000_000n;

/** What a thing costs, for each piece, in minor units of its pool's unit. */
export type Tariff = Pick<Resource, 'feePer' | 'feeMinor' | 'depositMinor'>;

export interface Cost {
  feeMinor: bigint;
  depositMinor: bigint;
}

/** How often a fee is due within a time: begun hours and days count whole, a day being 24 hours. */
export function periodsBegun(per: FeePeriod, { from, until }: Interval): bigint {
  if (per === 'USE') return 1n;
  return BigInt(Math.ceil((until.getTime() - from.getTime()) / PERIOD_MS[per]));
}

/** @param classFeeMinor what members of the booker's class pay in place of the fee for all; null if they pay that */
export function costOf(
  { feePer, feeMinor, depositMinor }: Tariff,
  classFeeMinor: bigint | null,
  { quantity, ...time }: Interval & { quantity: number },
): Cost {
  const pieces = BigInt(quantity);
  const periods = feePer === null ? 0n : periodsBegun(feePer, time);
  return {
    feeMinor: (classFeeMinor ?? feeMinor) * periods * pieces,
    depositMinor: depositMinor * pieces,
  };
}

/**
 * What each thing costs that came back late, in the order of the things: nothing within the grace, and after it all the time
 * since the end of the booking.
 */
export function lateFeesMinor(
  { untilAt, lateGraceMinutes }: Pick<Booking, 'untilAt' | 'lateGraceMinutes'>,
  items: readonly Pick<BookingItem, 'quantity' | 'lateFeePer' | 'lateFeeMinor'>[],
  returnedAt: Date,
): bigint[] {
  const isLate = returnedAt.getTime() > untilAt.getTime() + lateGraceMinutes * MINUTE_MS;
  return items.map(({ quantity, lateFeePer, lateFeeMinor }) => {
    if (!isLate || lateFeePer === null) return 0n;
    return lateFeeMinor * BigInt(quantity) * periodsBegun(lateFeePer, { from: untilAt, until: returnedAt });
  });
}

/** What it costs not to fetch what was booked: a part of the fee, rounded down, and nothing early enough. */
export function cancellationFeeMinor(
  {
    fromAt,
    feeMinor,
    cancelFreeMinutes,
    cancelFeePpm,
  }: Pick<Booking, 'fromAt' | 'feeMinor' | 'cancelFreeMinutes' | 'cancelFeePpm'>,
  now: Date,
): bigint {
  if (now.getTime() <= fromAt.getTime() - cancelFreeMinutes * MINUTE_MS) return 0n;
  return (feeMinor * BigInt(cancelFeePpm)) / PPM;
}

/**
 * What a thing costs that was booked for longer and not fetched: as much less as fewer hours or days are begun, rounded up, at the
 * price that was fixed. Of what is left out the part is kept that calling it off would cost now.
 */
export function shorterFeeMinor(
  feeMinor: bigint,
  per: FeePeriod | null,
  { longer, shorter }: { longer: Interval; shorter: Interval },
  { booking, now }: { booking: Omit<Parameters<typeof cancellationFeeMinor>[0], 'feeMinor'>; now: Date },
): bigint {
  if (per === null) return feeMinor;
  const periods = periodsBegun(per, longer);
  const leftOutMinor = (feeMinor * (periods - periodsBegun(per, shorter))) / periods;
  const { fromAt, cancelFreeMinutes, cancelFeePpm } = booking;
  const keptMinor = cancellationFeeMinor(
    { fromAt, cancelFreeMinutes, cancelFeePpm, feeMinor: leftOutMinor },
    now,
  );
  return feeMinor - leftOutMinor + keptMinor;
}

export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
