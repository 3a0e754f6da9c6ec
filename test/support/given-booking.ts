import { BookingItem } from '../../src/entities/booking-item.ts';
import { Booking } from '../../src/entities/booking.ts';
import type { Resource } from '../../src/entities/resource.ts';
import { newId } from '../../src/kernel/ids.ts';
import { after, HOUR_MS } from '../../src/kernel/clock.ts';
import { TAKEN_STATES } from '../../src/services/pools/bookings/booking-steps.ts';
import type { TestServer } from './server.ts';
import type { Member } from './world.ts';

/** A booking of one piece of each of some things of a pool, free of charge: from now on for an hour unless said otherwise. */
export async function givenBooking(
  server: TestServer,
  { membershipId, personId }: Pick<Member, 'membershipId' | 'personId'>,
  things: readonly Resource[],
  given: Partial<Booking> = {},
): Promise<Booking> {
  const { db, clock } = server.app.services;
  const now = clock.now();
  const { networkId, poolId } = things[0]!;
  const isOut = given.state === 'CHECKED_OUT' || given.state === 'RETURNED';
  const booking: Booking = {
    networkId,
    id: newId('booking'),
    poolId,
    membershipId,
    kitId: null,
    seriesId: null,
    state: 'APPROVED',
    fromAt: now,
    untilAt: after(given.fromAt ?? now, HOUR_MS),
    purpose: '',
    waits: false,
    unitId: null,
    payerAccountId: null,
    payeeAccountId: null,
    feeMinor: 0n,
    depositMinor: 0n,
    lateFeeMinor: 0n,
    damageMinor: 0n,
    unpaidMinor: 0n,
    cancelFreeMinutes: 0,
    cancelFeePpm: 0,
    lateGraceMinutes: 0,
    feeHoldId: null,
    depositHoldId: null,
    reason: null,
    createdByPersonId: personId,
    actingForMembershipId: null,
    decidedByMembershipId: null,
    createdAt: now,
    decidedAt: now,
    checkedOutAt: isOut ? now : null,
    endedAt: null,
    extendedAt: null,
    extensionCount: 0,
    reversedAt: null,
    ...given,
  };
  await db.insert(Booking, booking);
  const isTaken = TAKEN_STATES.includes(booking.state);
  for (const { id: resourceId, quantity } of things) {
    await db.insert(BookingItem, {
      networkId,
      bookingId: booking.id,
      resourceId,
      quantity: 1,
      occupiedFrom: booking.fromAt,
      occupiedUntil: booking.untilAt,
      isTaken,
      isSingle: quantity === 1,
      feeMinor: 0n,
      depositMinor: 0n,
      lateFeePer: null,
      lateFeeMinor: 0n,
      conditionOut: null,
      conditionIn: null,
      damageNote: null,
    });
  }
  return booking;
}
