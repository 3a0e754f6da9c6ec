import type { Db } from '../../kernel/database.ts';
import { occupancyOf, type Occupancy, type TakenItem } from './free-quantity.ts';

/** A thing, and up to when it matters what is taken of it; null for always. */
export interface AskedThing {
  networkId: string;
  id: string;
  until: Date | null;
}

/**
 * What is taken of things, of each what begins before its time is over. Only what has not come back counts, so there is little
 * of the past in it.
 */
export async function occupanciesOf(db: Db, asked: readonly AskedThing[], now: Date): Promise<Occupancy[][]> {
  const rows = await db.rows<TakenItem & { place: bigint }>(
    `select asked.place, item.quantity, item.occupied_from, item.occupied_until, booking.until_at, booking.state
       from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as asked(network_id, id, until_at, place)
       join booking_item item on item.network_id = asked.network_id and item.resource_id = asked.id and item.is_taken
            and tstzrange(item.occupied_from, item.occupied_until) && tstzrange(null, asked.until_at)
       join booking on booking.network_id = item.network_id and booking.id = item.booking_id`,
    [asked.map(({ networkId }) => networkId), asked.map(({ id }) => id), asked.map(({ until }) => until)],
  );
  const taken: Occupancy[][] = asked.map(() => []);
  for (const row of rows) taken[Number(row.place) - 1]!.push(occupancyOf(row, now));
  return taken;
}
