import { Booking } from '../../../entities/booking.ts';
import type { Db } from '../../../kernel/database.ts';

/** That a member had a thing. */
export interface Keeping {
  networkId: string;
  resourceId: string;
  membershipId: string;
  /** When; now if null. */
  at: Date | null;
}

/** By which booking each had the thing, if it was by one: then what shows the keeper shows the booker. */
export async function bookingsBehind(
  db: Db,
  keepings: readonly Keeping[],
  now: Date,
): Promise<(Booking | null)[]> {
  const keys = await db.rows<{ place: bigint; id: string }>(
    `select kept.place, behind.id
       from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) with ordinality
              as kept (network, thing, member, at, place)
      cross join lateral (
        select b.id from booking_item i
          join booking b on b.network_id = i.network_id and b.id = i.booking_id
         where i.network_id = kept.network and i.resource_id = kept.thing and b.membership_id = kept.member
           and b.checked_out_at <= coalesce(kept.at, 'infinity')
           and (b.ended_at is null or b.ended_at >= coalesce(kept.at, $5))
         order by b.checked_out_at desc limit 1) as behind`,
    [
      keepings.map(({ networkId }) => networkId),
      keepings.map(({ resourceId }) => resourceId),
      keepings.map(({ membershipId }) => membershipId),
      keepings.map(({ at }) => at),
      now,
    ],
  );
  const rows = await db.all(Booking, {
    networkId: [...new Set(keepings.map(({ networkId }) => networkId))],
    id: [...new Set(keys.map(({ id }) => id))],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const idAt = new Map(keys.map(({ place, id }) => [Number(place), id]));
  return keepings.map((_, index) => byId.get(idAt.get(index + 1) ?? '') ?? null);
}
