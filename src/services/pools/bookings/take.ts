import type { Booking } from '../../../entities/booking.ts';
import type { BookingItem } from '../../../entities/booking-item.ts';
import type { Network } from '../../../entities/network.ts';
import { violates } from '../../../kernel/database.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { conflictsWith, takenOf, thingsIn, type Taken, type Things } from './capacity.ts';
import { BookingConflict } from './errors.ts';
import { placeHolds } from './holds.ts';
import { changeBooking } from './in-hand.ts';

const DESCRIPTION_MAX = 500;

/** A booking whose things are locked. */
export interface Taking {
  network: Network;
  booking: Booking;
  items: readonly BookingItem[];
  resources: Things;
}

/**
 * Takes the things of a booking for its time, and holds what it costs.
 *
 * @param taken what others have, if it is known already
 * @throws BookingConflict, and what holding refuses
 * @emits BookingApproved, HoldPlaced
 */
export async function takeThings(
  tx: Tx,
  { network, booking, items, resources }: Taking,
  { decidedByMembershipId, taken }: { decidedByMembershipId: string | null; taken?: Taken },
): Promise<Booking> {
  const { networkId, id } = booking;
  const known = taken ?? (await takenOf(tx.db, { networkId, wants: items }, tx.now));
  const conflicts = conflictsWith(known, resources, items);
  if (conflicts.length > 0) throw new BookingConflict(conflicts);
  const holds = await placeHolds(tx, network, booking, namesOf(items, resources));
  await markTaken(tx, booking, items);
  const approved = await changeBooking(tx, booking, {
    ...holds,
    state: 'APPROVED',
    decidedAt: tx.now,
    decidedByMembershipId,
  });
  tx.emit({ networkId, kind: 'BookingApproved', subjectId: id });
  return approved;
}

async function markTaken(tx: Tx, { networkId, id }: Booking, items: readonly BookingItem[]): Promise<void> {
  await guarded(items, () =>
    tx.db.execute(
      `update booking_item i set is_taken = true, is_single = (r.quantity = 1)
         from resource r
        where i.network_id = $1 and i.booking_id = $2 and r.network_id = $1 and r.id = i.resource_id`,
      [networkId, id],
    ),
  );
}

/**
 * Whatever the code above does, the database lets nobody take what is taken: that is a conflict like others.
 *
 * @throws BookingConflict
 */
export async function guarded<T>(items: readonly BookingItem[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!violates(error, 'ex_booking_item_single')) throw error;
    throw new BookingConflict(
      items.map(({ networkId, resourceId, occupiedFrom: from, occupiedUntil: until }) => ({
        networkId,
        resourceId,
        from,
        until,
      })),
    );
  }
}

/** Lets go of the things of a booking: they count no more. */
export async function letGo(tx: Tx, { networkId, id }: Booking): Promise<void> {
  await tx.db.execute(
    'update booking_item set is_taken = false where network_id = $1 and booking_id = $2 and is_taken',
    [networkId, id],
  );
}

/** The things of a booking in words, for statements: their names, whatever the language. */
export function namesOf(items: readonly Pick<BookingItem, 'resourceId'>[], resources: Things): string {
  const names = thingsIn(resources, items).map(({ name }) => name);
  return [...names.join(', ')].slice(0, DESCRIPTION_MAX).join('');
}
