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
  const rows = await db.rows<TakenRow>(
    `select asked.place::integer, item.quantity, booking.state,
            (extract(epoch from item.occupied_from) * 1000)::float8 as from_ms,
            (extract(epoch from item.occupied_until) * 1000)::float8 as until_ms,
            case when booking.state = 'CHECKED_OUT' then booking.until_at end as until_at
       from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as asked(network_id, id, until_at, place)
       join booking_item item on item.network_id = asked.network_id and item.resource_id = asked.id and item.is_taken
            and tstzrange(item.occupied_from, item.occupied_until) && tstzrange(null, asked.until_at)
       join booking on booking.network_id = item.network_id and booking.id = item.booking_id`,
    [asked.map(({ networkId }) => networkId), asked.map(({ id }) => id), asked.map(({ until }) => until)],
  );
  const taken: Occupancy[][] = asked.map(() => []);
  for (const { place, fromMs, untilMs, untilAt, ...row } of rows) {
    const [occupiedFrom, occupiedUntil] = [new Date(fromMs), new Date(untilMs)];
    const item = { ...row, occupiedFrom, occupiedUntil, untilAt: untilAt ?? occupiedUntil };
    taken[place - 1]!.push(occupancyOf(item, now));
  }
  return taken;
}

/** Instants as numbers: to read a thousand of them as texts takes longer than to find them. */
interface TakenRow extends Pick<TakenItem, 'quantity' | 'state'> {
  place: number;
  fromMs: number;
  untilMs: number;
  /** The end of a booking that is out, which may be late. */
  untilAt: Date | null;
}
