import type { Booking } from '../../../entities/booking.ts';
import type { CalendarFeed, FeedScope } from '../../../entities/calendar-feed.ts';
import type { Interval } from '../../../kernel/calendar.ts';
import type { Db } from '../../../kernel/database.ts';

/** What a calendar needs to know of a booking and of its pool. */
export interface FeedBooking extends Pick<
  Booking,
  'id' | 'poolId' | 'membershipId' | 'state' | 'fromAt' | 'untilAt' | 'purpose'
> {
  /** Who booked, by the name in the network. */
  bookerName: string;
  /** Whether members see who booked. */
  showsBookers: boolean;
  /** Whether the owner of the calendar looks after the pool. */
  isStewarded: boolean;
  /** When it last changed its state or its end. */
  changedAt: Date;
  /** How often it did since it was asked for. */
  changeCount: number;
}

/** A thing of a booking. */
export interface FeedThing {
  bookingId: string;
  name: string;
  quantity: number;
  placeName: string | null;
}

const MAX_BOOKINGS = 2_000;

const OF_SCOPE: Record<FeedScope, string> = {
  MEMBER: 'booking.membership_id = $3',
  POOL: 'booking.pool_id = $3',
  RESOURCE: `booking.id in (
        select booking_id from booking_item
         where network_id = $1 and resource_id = $3 and occupied_until > $4 and occupied_from < $5)`,
};

/** The bookings of a calendar that were agreed on and lie in a time, what was called off until then included. */
export function bookingsFor(
  db: Db,
  { networkId, membershipId, scope, poolId, resourceId }: CalendarFeed,
  { from, until }: Interval,
): Promise<FeedBooking[]> {
  return db.rows<FeedBooking>(
    `select booking.id, booking.pool_id, booking.membership_id, booking.state, booking.from_at, booking.until_at,
            booking.purpose, booker.display_name as booker_name, pool.shows_bookers,
            exists (select 1 from pool_steward
                     where network_id = $1 and pool_id = pool.id and membership_id = $2) as is_stewarded,
            greatest(booking.created_at, decided_at, checked_out_at, extended_at, ended_at) as changed_at,
            num_nonnulls(decided_at, checked_out_at, ended_at) + extension_count as change_count
       from booking
       join pool on pool.network_id = booking.network_id and pool.id = booking.pool_id
       join membership booker on booker.network_id = booking.network_id and booker.id = booking.membership_id
      where booking.network_id = $1 and ${OF_SCOPE[scope]} and until_at > $4 and from_at < $5
        and (booking.state in ('APPROVED', 'CHECKED_OUT', 'RETURNED')
             or booking.state in ('CANCELLED', 'LAPSED') and decided_at is not null and ended_at > $4)
      order by from_at, booking.id limit ${MAX_BOOKINGS}`,
    [networkId, membershipId, resourceId ?? poolId ?? membershipId, from, until],
  );
}

/** What is booked, by the id of the booking, in the order of names. */
export async function thingsIn(
  db: Db,
  networkId: string,
  bookings: readonly FeedBooking[],
): Promise<Map<string, FeedThing[]>> {
  const rows = await db.rows<FeedThing>(
    `select booking_id, resource.name, booking_item.quantity, resource.place_name
       from booking_item join resource
         on resource.network_id = booking_item.network_id and resource.id = booking_item.resource_id
      where booking_item.network_id = $1 and booking_id = any($2)
      order by resource.name, resource.id`,
    [networkId, bookings.map(({ id }) => id)],
  );
  const things = new Map<string, FeedThing[]>(bookings.map(({ id }) => [id, []]));
  for (const row of rows) things.get(row.bookingId)?.push(row);
  return things;
}
