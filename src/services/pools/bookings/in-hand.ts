import { Booking } from '../../../entities/booking.ts';
import { BookingItem } from '../../../entities/booking-item.ts';
import { Membership } from '../../../entities/membership.ts';
import { Resource } from '../../../entities/resource.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { standingIn } from '../../access/standing.ts';
import { MembershipStateConflict } from '../../networks/errors.ts';
import { anyPoolFor, poolFor, type PoolStanding } from '../pool-access.ts';

export interface NamedBooking {
  networkId: string;
  bookingId: string;
}

/** A booking whose row and things are locked, and how the actor stands to it. */
export interface BookingInHand extends PoolStanding {
  booking: Booking;
  /** In the order of the ids of their things. */
  items: BookingItem[];
  /** Its things by id; also those of bookings that wait for one of them, if it may set something free. */
  resources: Map<string, Resource>;
  /** Whether it is the actor's own, or that of the member for whom they act. */
  isOwn: boolean;
}

/**
 * Takes a booking in hand: its things are locked in id order, then the booking, so that nothing of it changes before the
 * transaction ends.
 *
 * @param frees whether it may set things free for others: theirs are locked as well
 * @param settles whether it only moves what is owed or was paid, which goes on when the pool is out of use
 * @throws NotFound, PoolArchived, Forbidden for who is no member, InvalidInput INVALID_ID
 */
export async function takeBooking(
  tx: Tx,
  command: NamedBooking,
  { frees, settles = false }: { frees: boolean; settles?: boolean },
): Promise<BookingInHand> {
  const member = await standingIn(tx, command.networkId);
  // Before anything is looked up: who is no member does not learn what exists.
  authorize(member, 'pool.read');
  const networkId = member.network.id;
  const match = { networkId, id: requireId('booking', command.bookingId, 'bookingId') };
  const known = await tx.db.one(Booking, match);
  if (!known) throw new NotFound('Booking');
  const poolStanding = await (settles ? anyPoolFor : poolFor)(tx, { networkId, poolId: known.poolId });
  const ids = await thingsOf(tx.db, match);
  const wanted = frees ? await wantedWith(tx.db, networkId, ids) : [];
  const resources = await lockResources(tx, networkId, [...ids, ...wanted]);
  const booking = await tx.db.lock(Booking, match);
  assert(booking, 'a booking is never deleted');
  return {
    ...poolStanding,
    booking,
    items: await itemsOf(tx.db, booking),
    resources,
    isOwn: booking.membershipId === poolStanding.standing.membership?.id,
  };
}

/** The things of a booking with how much of each, in the order of the ids. */
export function itemsOf(
  db: Db,
  { networkId, id: bookingId }: Pick<Booking, 'networkId' | 'id'>,
): Promise<BookingItem[]> {
  return db.all(BookingItem, { networkId, bookingId }, 'order by resource_id');
}

// What a booking is for never changes, so that it can be read before anything is locked.
async function thingsOf(db: Db, { networkId, id }: Pick<Booking, 'networkId' | 'id'>): Promise<string[]> {
  const items = await itemsOf(db, { networkId, id });
  return items.map(({ resourceId }) => resourceId);
}

/** All things of bookings that wait for one of these. */
export async function wantedWith(
  db: Db,
  networkId: string,
  resourceIds: readonly string[],
): Promise<string[]> {
  const rows = await db.rows<{ resourceId: string }>(
    `select distinct o.resource_id
       from booking_item i
       join booking b on b.network_id = i.network_id and b.id = i.booking_id and b.state = 'WAITING'
       join booking_item o on o.network_id = b.network_id and o.booking_id = b.id
      where i.network_id = $1 and i.resource_id = any($2)`,
    [networkId, resourceIds],
  );
  return rows.map(({ resourceId }) => resourceId);
}

/** Locks the things of several bookings, and those that who waits for them also wants, in one go: one by one would be in no order. */
export async function lockThingsOf(tx: Tx, networkId: string, bookingIds: readonly string[]): Promise<void> {
  const items = await tx.db.all(BookingItem, { networkId, bookingId: [...bookingIds] });
  const ids = items.map(({ resourceId }) => resourceId);
  await lockResources(tx, networkId, [...ids, ...(await wantedWith(tx.db, networkId, ids))]);
}

/** Locks things in id order; returns those that exist, by id. */
export async function lockResources(
  tx: Tx,
  networkId: string,
  ids: readonly string[],
): Promise<Map<string, Resource>> {
  const resources = await tx.db.all(
    Resource,
    { networkId, id: [...new Set(ids)] },
    'order by id for no key update',
  );
  return new Map(resources.map((resource) => [resource.id, resource]));
}

/**
 * Goes on only if the booker may have things: who is suspended has none handed out.
 *
 * @throws MembershipStateConflict
 */
export async function requireActiveBooker(db: Db, { networkId, membershipId }: Booking): Promise<void> {
  const booker = await db.one(Membership, { networkId, id: membershipId });
  assert(booker, 'a booking is a member’s');
  if (booker.state !== 'ACTIVE') throw new MembershipStateConflict(booker.state);
}

/** Changes a booking in hand and returns it as it is now. */
export async function changeBooking(tx: Tx, booking: Booking, set: Partial<Booking>): Promise<Booking> {
  await tx.db.update(Booking, { networkId: booking.networkId, id: booking.id }, set);
  return { ...booking, ...set };
}
