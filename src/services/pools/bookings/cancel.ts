import type { Booking } from '../../../entities/booking.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorizeOnBooking } from './booking-access.ts';
import { requireStep } from './booking-steps.ts';
import { incomeOf, lockPurse, payOrOwe, purseOf } from './charges.ts';
import { endBooking, endFree, REASON_BOUNDS, type End, type EndBooking } from './decide.ts';
import { cancellationFeeMinor } from './fees.ts';
import { releaseHolds } from './holds.ts';
import { takeBooking, type BookingInHand } from './in-hand.ts';
import { namesOf } from './take.ts';

/**
 * Calls a booking off that was not fetched. Later than its pool’s rule allows it costs a part of the fee, which is taken
 * from what was held; all else is given back. For the booker, stewards and coordinators.
 *
 * @throws Forbidden, NotFound, BookingStateConflict, InvalidInput
 * @emits BookingCancelled, HoldCaptured, HoldReleased, TransferPosted
 */
export async function cancelBooking(tx: Tx, command: EndBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: true });
  authorizeOnBooking(hand, 'cancel');
  requireStep(hand.booking, 'cancel');
  const reason = optionalText(command.reason, 'reason', REASON_BOUNDS);
  return callOff(tx, hand, { state: 'CANCELLED', reason });
}

/** Ends a booking that nobody fetched: what was approved may cost a part of its fee. */
export async function callOff(tx: Tx, hand: BookingInHand, end: End): Promise<Booking> {
  const { booking, items, resources } = hand;
  const feeMinor = booking.state === 'APPROVED' ? cancellationFeeMinor(booking, tx.now) : 0n;
  const description = namesOf(items, resources);
  const purse = feeMinor > 0n ? await purseOf(tx.db, { booking, items, description }) : null;
  if (!purse) return endFree(tx, hand, end);
  await lockPurse(tx, purse);
  const unpaidMinor = await payOrOwe(tx, purse, booking.feeHoldId, incomeOf(feeMinor, items));
  await releaseHolds(tx, booking.networkId, [booking.depositHoldId]);
  return endBooking(tx, hand, { ...end, unpaidMinor });
}
