import { Booking } from '../../../entities/booking.ts';
import { Resource } from '../../../entities/resource.ts';
import { assert } from '../../../kernel/errors.ts';
import type { NewEvent } from '../../../kernel/events.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { poolFor } from '../pool-access.ts';
import { BOOKING_STEPS } from './booking-steps.ts';
import { endFree } from './decide.ts';
import { ThingsOut } from './errors.ts';
import { lockThingsOf, takeBooking } from './in-hand.ts';
import { serveWaiting } from './waiting.ts';

/**
 * Who leaves brings back first what they have; what they booked and did not fetch is called off free of charge.
 *
 * @throws ThingsOut
 * @emits BookingCancelled, HoldReleased
 */
export async function endBookingsOfLeaver(tx: Tx, event: NewEvent): Promise<void> {
  const { networkId, subjectId: membershipId } = event;
  const out = await tx.db.all(Booking, { networkId, membershipId, state: 'CHECKED_OUT' }, 'order by id');
  if (out.length > 0) throw new ThingsOut(out.map(({ id }) => id));
  await endBookingsOf(tx, event);
}

/** The same of who is expelled: what they have is still to be brought back. */
export async function endBookingsOf(tx: Tx, { networkId, subjectId: membershipId }: NewEvent): Promise<void> {
  const state = ['WAITING', 'REQUESTED', 'APPROVED'] as const;
  const open = await tx.db.all(Booking, { networkId, membershipId, state }, 'order by id');
  const ids = open.map(({ id }) => id);
  await lockThingsOf(tx, networkId, ids);
  for (const id of ids) await callOffFree(tx, networkId, id);
}

/**
 * A thing that is retired is nobody's any more: what was booked of it ends, free of charge.
 *
 * @emits BookingCancelled, BookingLapsed for who only waited, HoldReleased
 */
export async function endBookingsOfThing(
  tx: Tx,
  { networkId, subjectId: resourceId }: NewEvent,
): Promise<void> {
  const rows = await tx.db.rows<{ id: string }>(
    `select b.id from booking b
       join booking_item i on i.network_id = b.network_id and i.booking_id = b.id
      where b.network_id = $1 and i.network_id = $1 and i.resource_id = $2
        and b.state in ('WAITING', 'REQUESTED', 'APPROVED')
      order by b.id`,
    [networkId, resourceId],
  );
  for (const { id } of rows) await callOffFree(tx, networkId, id);
}

async function callOffFree(tx: Tx, networkId: string, bookingId: string): Promise<void> {
  const system = { kind: 'system', name: 'bookings' } as const;
  const hand = await takeBooking({ ...tx, actor: system }, { networkId, bookingId }, { frees: true });
  const isOpen = BOOKING_STEPS.lapse.includes(hand.booking.state);
  // One that was served meanwhile, in place of another, is still open.
  if (isOpen) await endFree(tx, hand, { state: hand.booking.state === 'WAITING' ? 'LAPSED' : 'CANCELLED' });
}

/** When a thing comes back into use, or there is more of it, who waits for it is served. */
export async function serveWaitingFor(tx: Tx, { networkId, subjectId: resourceId }: NewEvent): Promise<void> {
  const resource = await tx.db.one(Resource, { networkId, id: resourceId });
  assert(resource, 'a thing is never deleted');
  const { standing, pool } = await poolFor(tx, { networkId, poolId: resource.poolId });
  await serveWaiting(tx, { network: standing.network, pool, resourceIds: [resourceId] });
}
