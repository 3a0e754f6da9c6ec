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
    `select asked.place::integer, item.quantity,
            round(date_part('epoch', item.occupied_from) * 1000) as from_ms,
            round(date_part('epoch', item.occupied_until) * 1000) as until_ms,
            case when item.occupied_from < $4 then (
              select booking.until_at from booking
               where booking.network_id = item.network_id and booking.id = item.booking_id
                 and booking.state = 'CHECKED_OUT') end as due_at
       from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as asked(network_id, id, until_at, place)
       join booking_item item on item.network_id = asked.network_id and item.resource_id = asked.id and item.is_taken
            and tstzrange(item.occupied_from, item.occupied_until) && tstzrange(null, asked.until_at)`,
    [
      asked.map(({ networkId }) => networkId),
      asked.map(({ id }) => id),
      asked.map(({ until }) => until),
      now,
    ],
  );
  const taken: Occupancy[][] = asked.map(() => []);
  for (const row of rows) taken[row.place - 1]!.push(occupancyOf(itemOf(row), now));
  return taken;
}

/** Instants as numbers: to read a thousand of them as texts takes longer than to find them. */
interface TakenRow {
  place: number;
  quantity: number;
  fromMs: number;
  untilMs: number;
  /** The end of a booking that is out. Who looks up that of others, which cannot be late yet, looks for long. */
  dueAt: Date | null;
}

function itemOf({ quantity, fromMs, untilMs, dueAt }: TakenRow): TakenItem {
  const occupiedUntil = new Date(untilMs);
  const state = dueAt ? 'CHECKED_OUT' : 'APPROVED';
  return { quantity, occupiedFrom: new Date(fromMs), occupiedUntil, untilAt: dueAt ?? occupiedUntil, state };
}
