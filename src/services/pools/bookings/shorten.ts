import { BookingItem } from '../../../entities/booking-item.ts';
import type { Booking } from '../../../entities/booking.ts';
import type { Interval } from '../../../kernel/calendar.ts';
import { InvalidInput } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { bookingRulesOf } from '../booking-rules.ts';
import { OutsideOpeningHours } from '../errors.ts';
import { isOpenFor } from '../may-book.ts';
import { authorizeOnBooking } from './booking-access.ts';
import { requireStep } from './booking-steps.ts';
import { thingsIn } from './capacity.ts';
import { freedBy } from './decide.ts';
import { BookingTimeOver } from './errors.ts';
import { shorterFeeMinor, sumOf } from './fees.ts';
import { discreetly, placeHolds, releaseHolds } from './holds.ts';
import { changeBooking, takeBooking, type BookingInHand, type NamedBooking } from './in-hand.ts';
import { namesOf } from './take.ts';
import { serveWaiting } from './waiting.ts';

export interface ShortenBooking extends NamedBooking {
  /** The new end, earlier than the one it has. */
  until: Date;
}

/**
 * Lets a booking end earlier, so that others can have the things. What was not fetched costs as much less as its time is
 * shorter, at the price that was fixed; too late to call it off free of charge, the pool’s rule of cancelling holds for
 * what is left out. Of what was fetched the fee is paid, and nothing comes back; that the booker alone does, for whom an earlier
 * end is also an earlier lateness.
 *
 * @throws Forbidden, NotFound, BookingStateConflict, BookingTimeOver, OutsideOpeningHours, BookingNotBacked, AccountNotOpen,
 *   InvalidInput
 * @emits BookingShortened, HoldReleased, HoldPlaced
 */
export async function shortenBooking(tx: Tx, command: ShortenBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: true });
  const { booking, items, standing, pool } = hand;
  authorizeOnBooking(hand, 'shorten');
  requireStep(booking, 'shorten');
  if (booking.untilAt <= tx.now) throw new BookingTimeOver();
  const { until } = command;
  requireEarlier(booking, until, tx.now);
  requireOpenAtEnd(hand, until);
  const shorter = shorterItems(hand, until, tx.now);
  const shortened = await discreetly(tx, standing, booking, () => holdLess(tx, hand, shorter, until));
  for (const { networkId, bookingId, resourceId, occupiedUntil, feeMinor } of shorter) {
    await tx.db.update(BookingItem, { networkId, bookingId, resourceId }, { occupiedUntil, feeMinor });
  }
  tx.emit({ networkId: booking.networkId, kind: 'BookingShortened', subjectId: booking.id });
  await serveWaiting(tx, { network: standing.network, pool, ...freedBy(items) });
  return shortened;
}

function requireEarlier({ fromAt, untilAt }: Booking, until: Date, now: Date): void {
  const earliest = fromAt > now ? fromAt : now;
  if (until > earliest && until < untilAt) return;
  const bounds = { after: earliest.toISOString(), before: untilAt.toISOString() };
  throw new InvalidInput('INVALID_RANGE', 'until', bounds);
}

/** @throws OutsideOpeningHours if a thing could not be brought back then */
function requireOpenAtEnd({ booking, items, resources, pool, standing }: BookingInHand, until: Date): void {
  for (const thing of thingsIn(resources, items)) {
    const rules = bookingRulesOf(pool, thing);
    const time = { from: booking.fromAt, until };
    if (!isOpenFor(rules, time, standing.network.timeZone)) throw new OutsideOpeningHours(rules.openingScope);
  }
}

/** The items as they are with an earlier end: the buffer after it stays as long as it was. */
function shorterItems({ booking, items, resources }: BookingInHand, until: Date, now: Date): BookingItem[] {
  const { fromAt: from, untilAt, state } = booking;
  const things = thingsIn(resources, items);
  const times: { longer: Interval; shorter: Interval } = {
    longer: { from, until: untilAt },
    shorter: { from, until },
  };
  return items.map((item, index) => ({
    ...item,
    occupiedUntil: new Date(item.occupiedUntil.getTime() - untilAt.getTime() + until.getTime()),
    feeMinor:
      state === 'CHECKED_OUT'
        ? item.feeMinor
        : shorterFeeMinor(item.feeMinor, things[index]!.feePer, times, { booking, now }),
  }));
}

/** Holds the lower fee in place of the one that was held. The deposit stays as it is. */
async function holdLess(
  tx: Tx,
  { booking, items, resources, standing }: BookingInHand,
  shorter: readonly BookingItem[],
  untilAt: Date,
): Promise<Booking> {
  const feeMinor = sumOf(shorter.map((item) => item.feeMinor));
  const change = { untilAt, feeMinor, extendedAt: tx.now, extensionCount: booking.extensionCount + 1 };
  if (feeMinor === booking.feeMinor) return changeBooking(tx, booking, change);
  await releaseHolds(tx, booking.networkId, [booking.feeHoldId]);
  const description = namesOf(items, resources);
  const lower = { ...booking, untilAt, feeMinor, depositMinor: 0n };
  const { feeHoldId } = await placeHolds(tx, standing.network, lower, description);
  return changeBooking(tx, booking, { ...change, feeHoldId });
}
