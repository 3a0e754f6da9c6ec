import { BookingItem } from '../../../entities/booking-item.ts';
import { Booking, type BookingState } from '../../../entities/booking.ts';
import { Transfer } from '../../../entities/transfer.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert } from '../../../kernel/errors.ts';
import { groupedBy, keysOf, pagesOf, type Lists, type Owner } from '../../../kernel/lists.ts';
import {
  afterKey,
  CURSOR_INSTANT,
  CURSOR_TEXT,
  pageOf,
  type Page,
  type PageRequest,
} from '../../../kernel/page.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { standingIn } from '../../access/standing.ts';

export interface BookingFilter {
  states?: readonly BookingState[] | null;
  /** Only what lasts beyond this instant. */
  from?: Date | null;
  /** Only what begins before this instant. */
  to?: Date | null;
  isOverdue?: boolean | null;
  /** Only what ends before this instant. */
  endsBefore?: Date | null;
}

/** Whose bookings: those of pools, of members, or of things. */
export type BookingsOf = 'POOL' | 'MEMBER' | 'RESOURCE';

const OF: Record<BookingsOf, string> = {
  POOL: 'b.pool_id = owner.id',
  MEMBER: 'b.membership_id = owner.id',
  RESOURCE: `exists (select 1 from booking_item i
    where i.network_id = b.network_id and i.resource_id = owner.id and i.booking_id = b.id)`,
};

export interface BookingsAsked extends PageRequest {
  filter: BookingFilter;
}

/**
 * The same page of the bookings of each owner, in the order in which they begin, all of them in one statement. The caller has
 * found that they may be read.
 */
export async function bookingsOf(
  db: Db,
  kind: BookingsOf,
  owners: readonly Owner[],
  { asked, now }: { asked: BookingsAsked; now: Date },
): Promise<Page<Booking>[]> {
  const { filter } = asked;
  const [fromAt, id] = afterKey(asked, [CURSOR_INSTANT, CURSOR_TEXT]);
  const keys = await db.rows<{ place: bigint; id: string }>(
    `select owner.place, listed.id
       from unnest($1::text[], $2::text[]) with ordinality as owner (network, id, place)
      cross join lateral (
        select b.id, b.from_at from booking b
         where b.network_id = owner.network and ${OF[kind]}
           and ($3::text[] is null or b.state = any($3))
           and ($4::timestamptz is null or b.until_at > $4) and ($5::timestamptz is null or b.from_at < $5)
           and ($6::boolean is null or (b.state = 'CHECKED_OUT' and b.until_at < $7) = $6)
           and ($8::timestamptz is null or (b.from_at, b.id) > ($8, $9::text))
           and ($11::timestamptz is null or b.until_at < $11)
         order by b.from_at, b.id limit $10) as listed
      order by owner.place, listed.from_at, listed.id`,
    [
      ...keysOf(owners),
      filter.states ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.isOverdue ?? null,
      now,
      fromAt,
      id,
      asked.first + 1,
      filter.endsBefore ?? null,
    ],
  );
  const rows = await db.all(Booking, {
    networkId: [...new Set(owners.map(({ networkId }) => networkId))],
    id: [...new Set(keys.map((key) => key.id))],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const listOf = groupedBy(keys, ({ place }) => String(place));
  return owners.map((_, index) => {
    const bookings = listOf(String(index + 1)).map((key) => {
      const booking = byId.get(key.id);
      assert(booking, 'what was listed is there');
      return booking;
    });
    return pageOf(bookings, asked, (booking) => [booking.fromAt, booking.id]);
  });
}

/** The things of each booking, in the order of their ids. */
export async function itemsOfBookings(db: Db, bookings: readonly Booking[]): Promise<BookingItem[][]> {
  const rows = await db.select(
    BookingItem,
    'where (network_id, booking_id) in (select * from unnest($1::text[], $2::text[])) order by resource_id',
    keysOf(bookings),
  );
  const itemsOf = groupedBy(rows, ({ bookingId }) => bookingId);
  return bookings.map(({ id }) => itemsOf(id));
}

const TRANSFERS: Lists<Transfer> = { entity: Transfer, table: 'transfer', of: 'cause_id', by: 'id' };

/** All that moved for each booking, oldest first. */
export function transfersOfBookings(
  db: Db,
  bookings: readonly Booking[],
  request: PageRequest,
): Promise<Page<Transfer>[]> {
  return pagesOf(db, TRANSFERS, { owners: bookings, request });
}

/** The accounts that pay each booking, or have paid for it. */
export async function payersOfBookings(db: Db, bookings: readonly Booking[]): Promise<string[][]> {
  const rows = await db.rows<{ causeId: string; payerAccountId: string }>(
    `select distinct cause_id, payer_account_id from transfer
      where (network_id, cause_id) in (select * from unnest($1::text[], $2::text[]))
        and kind = 'FEE' and state = 'POSTED'`,
    keysOf(bookings),
  );
  const paidFor = groupedBy(rows, ({ causeId }) => causeId);
  return bookings.map(({ id, payerAccountId }) => {
    const paid = paidFor(id).map((row) => row.payerAccountId);
    return [...new Set(payerAccountId ? [payerAccountId, ...paid] : paid)];
  });
}

const OF_SERIES: Lists<Booking> = { entity: Booking, table: 'booking', of: 'series_id', by: 'id' };

/** The bookings of each series, in the order of their times. */
export function bookingsOfSeries(
  db: Db,
  series: readonly Owner[],
  request: PageRequest,
): Promise<Page<Booking>[]> {
  return pagesOf(db, OF_SERIES, { owners: series, request });
}

/**
 * A booking that was changed for a key before, as it is now, for who is still a member.
 *
 * @throws Forbidden
 */
export async function bookingAgain(tx: Tx, networkId: string, id: string): Promise<Booking> {
  authorize(await standingIn(tx, networkId), 'pool.read');
  const booking = await tx.db.one(Booking, { networkId, id });
  assert(booking, 'what a key stands for is there');
  return booking;
}
