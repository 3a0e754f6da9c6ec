import type { Booking } from '../../../entities/booking.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorizeOnBooking } from './booking-access.ts';
import { lapsesAt, requireStep } from './booking-steps.ts';
import { requireUsable, thingsIn } from './capacity.ts';
import { BookingTimeOver } from './errors.ts';
import { discreetly, releaseHolds } from './holds.ts';
import {
  changeBooking,
  requireActiveBooker,
  takeBooking,
  type BookingInHand,
  type NamedBooking,
} from './in-hand.ts';
import { tellBooker } from './letters.ts';
import { letGo, takeThings } from './take.ts';
import { serveWaiting } from './waiting.ts';
import { requireNoGain } from './who-pays.ts';

export const REASON_BOUNDS = { max: 1_000 };

export interface EndBooking extends NamedBooking {
  reason?: string | null;
}

/**
 * Approves a booking that was asked for or waits: its things are taken, and what it costs is held. For stewards and
 * coordinators, as long as its end lies ahead: its beginning was found right when it was asked for. Who waits is approved before
 * it begins.
 *
 * @throws Forbidden, NotFound, BookingStateConflict, BookingTimeOver, MembershipStateConflict, BookingConflict, ResourceNotActive, ResourceUnusable,
 *   MaintenanceOverdue, LentOnlyUntil, BookingNotBacked, InsufficientCredit, AccountNotOpen
 * @emits BookingApproved, HoldPlaced
 */
export async function approveBooking(tx: Tx, command: NamedBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: false });
  authorizeOnBooking(hand, 'approve');
  const { booking, items, resources, standing } = hand;
  requireStep(booking, 'approve');
  if (lapsesAt(booking) <= tx.now) throw new BookingTimeOver();
  await requireActiveBooker(tx.db, booking);
  const things = thingsIn(resources, items);
  await requireUsable(tx.db, things, { untilAt: booking.untilAt, now: tx.now });
  const { network, membership } = standing;
  const approved = await discreetly(tx, standing, booking, () =>
    takeThings(tx, { network, booking, items, resources }, { decidedByMembershipId: membership?.id ?? null }),
  );
  await tellBooker(tx, 'BOOKING_APPROVED', { network, booking, things });
  return approved;
}

/**
 * Turns a booking down, also one that was approved and not fetched: nothing is to be paid. For stewards and coordinators, and
 * nobody their own, nor one that they pay: that is called off by the pool’s rule.
 *
 * @throws Forbidden, NotFound, BookingStateConflict, InvalidInput
 * @emits BookingDeclined, HoldReleased
 */
export async function declineBooking(tx: Tx, command: EndBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: true });
  authorizeOnBooking(hand, 'decline');
  requireStep(hand.booking, 'decline');
  await requireNoGain(tx, hand.standing, [hand.booking.payerAccountId]);
  const reason = optionalText(command.reason, 'reason', REASON_BOUNDS);
  const decidedByMembershipId = hand.standing.membership?.id ?? null;
  const declined = await endFree(tx, hand, { state: 'DECLINED', reason, decidedByMembershipId });
  const { network } = hand.standing;
  const things = thingsIn(hand.resources, hand.items);
  await tellBooker(tx, 'BOOKING_DECLINED', { network, booking: declined, things });
  return declined;
}

const EVENT_OF_END = {
  DECLINED: 'BookingDeclined',
  CANCELLED: 'BookingCancelled',
  LAPSED: 'BookingLapsed',
} as const;

export type End = Partial<Booking> & { state: keyof typeof EVENT_OF_END };

/** Ends a booking in hand without any charge, and serves who waits for its things. */
export async function endFree(tx: Tx, hand: BookingInHand, end: End): Promise<Booking> {
  const { networkId, feeHoldId, depositHoldId } = hand.booking;
  await releaseHolds(tx, networkId, [feeHoldId, depositHoldId]);
  return endBooking(tx, hand, end);
}

/** Ends a booking whose holds are settled, and serves who waits for its things. */
export async function endBooking(tx: Tx, hand: BookingInHand, end: End): Promise<Booking> {
  const { booking, items, standing, pool } = hand;
  const { networkId, id: subjectId, state: former } = booking;
  await letGo(tx, booking);
  const ended = await changeBooking(tx, booking, { ...end, endedAt: tx.now });
  tx.emit({ networkId, kind: EVENT_OF_END[end.state], subjectId });
  if (former === 'APPROVED') {
    await serveWaiting(tx, { network: standing.network, pool, ...freedBy(items) });
  }
  return ended;
}

/** What becomes free when these are let go. */
export function freedBy(items: BookingInHand['items']) {
  const times = items.flatMap(({ occupiedFrom, occupiedUntil }) => [
    occupiedFrom.getTime(),
    occupiedUntil.getTime(),
  ]);
  return {
    resourceIds: items.map(({ resourceId }) => resourceId),
    time: { from: new Date(Math.min(...times)), until: new Date(Math.max(...times)) },
  };
}
