import type { BookingItem } from '../../../entities/booking-item.ts';
import { MaintenancePlan } from '../../../entities/maintenance-plan.ts';
import type { Resource } from '../../../entities/resource.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert } from '../../../kernel/errors.ts';
import { LentOnlyUntil, MaintenanceOverdue, ResourceNotActive, ResourceUnusable } from '../errors.ts';
import { freeSteps, occupancyOf, type Occupancy, type TakenItem } from '../free-quantity.ts';
import { isMaintenanceOverdue } from '../maintenance-due.ts';
import type { TakenTime } from './errors.ts';

/** Pieces of a thing that somebody would like to have for a time, with the buffers on both sides of it. */
export type Want = Pick<
  BookingItem,
  'networkId' | 'resourceId' | 'quantity' | 'occupiedFrom' | 'occupiedUntil'
>;

/** Things by id. */
export type Things = ReadonlyMap<string, Resource>;

interface TakenRow extends TakenItem {
  resourceId: string;
}

/** What of each thing nobody else can have, by its id. */
export type Taken = Map<string, Occupancy[]>;

/**
 * What is taken of things within a time, that which should be back by now counting up to now.
 *
 * @param exceptBookingId a booking that does not stand in its own way
 */
export async function takenOf(
  db: Db,
  {
    networkId,
    wants,
    exceptBookingId = null,
  }: { networkId: string; wants: readonly Want[]; exceptBookingId?: string | null },
  now: Date,
): Promise<Taken> {
  const rows = await db.rows<TakenRow>(
    `select i.resource_id, i.quantity, i.occupied_from, i.occupied_until, b.until_at, b.state
       from booking_item i
       join booking b on b.network_id = i.network_id and b.id = i.booking_id
      where i.network_id = $1 and i.resource_id = any($2) and i.is_taken
        and tstzrange(i.occupied_from, i.occupied_until) && tstzrange(null, $4)
        and (i.occupied_until > $3 or b.state = 'CHECKED_OUT') and i.booking_id is distinct from $5`,
    [
      networkId,
      wants.map(({ resourceId }) => resourceId),
      new Date(Math.min(...wants.map(({ occupiedFrom }) => occupiedFrom.getTime()))),
      new Date(Math.max(...wants.map(({ occupiedUntil }) => occupiedUntil.getTime()))),
      exceptBookingId,
    ],
  );
  const taken: Taken = new Map();
  for (const row of rows) addTo(taken, row.resourceId, occupancyOf(row, now));
  return taken;
}

export function addTo(taken: Taken, resourceId: string, occupancy: Occupancy): void {
  const occupancies = taken.get(resourceId) ?? [];
  taken.set(resourceId, [...occupancies, occupancy]);
}

/** The times in which too few pieces are left for a wish, in order; none if there is room for all of it. */
export function conflictsWith(taken: Taken, things: Things, wants: readonly Want[]): TakenTime[] {
  return wants.flatMap(({ networkId, resourceId, quantity, occupiedFrom: from, occupiedUntil: until }) => {
    const supply = {
      quantity: things.get(resourceId)?.quantity ?? 0,
      occupancies: taken.get(resourceId) ?? [],
      open: [],
      openingScope: 'HANDOVER',
      lentUntil: null,
      isMaintenanceOverdue: false,
    } as const;
    return freeSteps(supply, { from, until }, from)
      .filter(({ free }) => free < quantity)
      .map((step) => ({ networkId, resourceId, from: step.from, until: step.until }));
  });
}

/** The ids of the things that must be looked after before they are used again. */
export async function overdueForMaintenance(
  db: Db,
  things: readonly Resource[],
  now: Date,
): Promise<Set<string>> {
  const [first] = things;
  if (!first) return new Set();
  const match = { networkId: first.networkId, resourceId: things.map(({ id }) => id), endedAt: null };
  const plans = await db.all(MaintenancePlan, match);
  const overdue = things.filter(({ id, useCount }) => {
    const own = plans.filter(({ resourceId }) => resourceId === id);
    return isMaintenanceOverdue(own, useCount, now);
  });
  return new Set(overdue.map(({ id }) => id));
}

/**
 * Goes on only if all of the things can be used up to then: they may have changed since they were asked for.
 *
 * @throws ResourceNotActive, ResourceUnusable, MaintenanceOverdue, LentOnlyUntil
 */
export async function requireUsable(
  db: Db,
  things: readonly Resource[],
  { untilAt, now }: { untilAt: Date; now: Date },
): Promise<void> {
  const overdue = await overdueForMaintenance(db, things, now);
  for (const { id, state, condition, lentUntil } of things) {
    if (state !== 'ACTIVE') throw new ResourceNotActive(state, 'bookingId');
    if (condition === 'UNUSABLE') throw new ResourceUnusable('bookingId');
    if (overdue.has(id)) throw new MaintenanceOverdue('bookingId');
    if (lentUntil && untilAt > lentUntil) throw new LentOnlyUntil(lentUntil);
  }
}

/** The things of a booking, in the order of its items. */
export function thingsIn(things: Things, items: readonly Pick<BookingItem, 'resourceId'>[]): Resource[] {
  return items.map(({ resourceId }) => {
    const thing = things.get(resourceId);
    assert(thing, 'a booking is of things that there are');
    return thing;
  });
}
