import type { BookingItem } from '../../entities/booking-item.ts';
import type { BookingSeries } from '../../entities/booking-series.ts';
import type { Booking } from '../../entities/booking.ts';
import type { KitItem } from '../../entities/kit-item.ts';
import type { Kit } from '../../entities/kit.ts';
import type { Membership } from '../../entities/membership.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { bookingsBehind, type Keeping } from '../../services/pools/bookings/keepers.ts';
import { itemsOfKits, kitsOf } from '../../services/pools/bookings/kits.ts';
import {
  bookingsOf,
  bookingsOfSeries,
  itemsOfBookings,
  payersOfBookings,
  transfersOfBookings,
  type BookingsAsked,
} from '../../services/pools/bookings/read-bookings.ts';
import { thingsToMaintain } from '../../services/pools/bookings/worklist.ts';
import { pages, together } from './together.ts';

type BookingsPage<Owner> = (owner: Owner, asked: BookingsAsked) => Promise<Page<Booking>>;

/** What lists of bookings, and of what is booked, ask for in each row, read for all rows at once. */
export interface BookingLoaders {
  /** The things of a booking. */
  bookingItems: (booking: Booking) => Promise<BookingItem[]>;
  /** What moved for a booking. */
  bookingTransfers: (booking: Booking, asked: PageRequest) => Promise<Page<Transfer>>;
  /** Ids of the accounts that pay a booking, or have paid for it. */
  bookingPayers: (booking: Booking) => Promise<string[]>;
  /** By which booking a member had a thing, if it was by one. */
  bookingBehind: (keeping: Keeping) => Promise<Booking | null>;
  bookingsOfPool: BookingsPage<Pool>;
  bookingsOfThing: BookingsPage<Resource>;
  bookingsOfMember: BookingsPage<Membership>;
  bookingsOfSeries: (series: BookingSeries, asked: PageRequest) => Promise<Page<Booking>>;
  /** The kits of a pool that can be booked. */
  kitsOfPool: (pool: Pool, asked: PageRequest) => Promise<Page<Kit>>;
  /** What belongs to a kit. */
  kitItems: (kit: Kit) => Promise<KitItem[]>;
  /** The things of a pool that must be looked after before they are used again. */
  thingsToMaintain: (pool: Pool, asked: PageRequest) => Promise<Page<Resource>>;
}

export function makeBookingLoaders(db: Db, now: Date): BookingLoaders {
  return {
    bookingItems: together((bookings) => itemsOfBookings(db, bookings)),
    bookingTransfers: pages((bookings, asked) => transfersOfBookings(db, bookings, asked)),
    bookingPayers: together((bookings) => payersOfBookings(db, bookings)),
    bookingBehind: together((keepings) => bookingsBehind(db, keepings, now)),
    bookingsOfPool: pages((pools, asked) => bookingsOf(db, 'POOL', pools, { asked, now })),
    bookingsOfThing: pages((things, asked) => bookingsOf(db, 'RESOURCE', things, { asked, now })),
    bookingsOfMember: pages((members, asked) => bookingsOf(db, 'MEMBER', members, { asked, now })),
    bookingsOfSeries: pages((series, asked) => bookingsOfSeries(db, series, asked)),
    kitsOfPool: pages((pools, asked) => kitsOf(db, pools, asked)),
    kitItems: together((kits) => itemsOfKits(db, kits)),
    thingsToMaintain: pages((pools, asked) => thingsToMaintain(db, pools, { request: asked, now })),
  };
}
