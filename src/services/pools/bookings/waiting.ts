import { Booking } from '../../../entities/booking.ts';
import { BookingItem } from '../../../entities/booking-item.ts';
import { Membership } from '../../../entities/membership.ts';
import type { Network } from '../../../entities/network.ts';
import type { Pool } from '../../../entities/pool.ts';
import type { Resource } from '../../../entities/resource.ts';
import type { Interval } from '../../../kernel/calendar.ts';
import { DomainError } from '../../../kernel/errors.ts';
import { inPart } from '../../../kernel/part.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { bookingRulesOf } from '../booking-rules.ts';
import {
  addTo,
  conflictsWith,
  overdueForMaintenance,
  takenOf,
  thingsIn,
  type Taken,
  type Things,
} from './capacity.ts';
import { changeBooking, lockResources } from './in-hand.ts';
import { tellBooker, tellStewards } from './letters.ts';
import { takeThings } from './take.ts';

/** Things of which something has become free. */
export interface Freed {
  network: Network;
  pool: Pool;
  resourceIds: readonly string[];
  /** When it has; any time if absent. */
  time?: Interval;
}

const WAITING_LIST = { kind: 'system', name: 'waitingList' } as const;

/** Who waits, with the things, and what was taken when the list was read. */
interface Queue {
  network: Network;
  pool: Pool;
  bookings: Booking[];
  itemsOf: Map<string, BookingItem[]>;
  things: Things;
  overdue: ReadonlySet<string>;
  /** Ids of the members who may book now. */
  active: ReadonlySet<string>;
  taken: Taken;
}

/**
 * Serves who waits for things of which something has become free, in the order in which they asked: a booking is approved,
 * or put before the stewards where one has to answer. Whose account has no room for what it costs is passed over and
 * goes on waiting. In a network that is archived nobody is served any more.
 *
 * The caller holds the rows of the things, and best also those of the other things for which the same bookings wait.
 *
 * @emits BookingApproved, BookingServed, HoldPlaced
 */
export async function serveWaiting(tx: Tx, freed: Freed): Promise<void> {
  if (freed.network.archivedAt) return;
  const queue = await queueFor(tx, freed);
  for (const booking of queue.bookings) await serve(tx, queue, booking);
}

async function queueFor(tx: Tx, { network, pool, resourceIds, time }: Freed): Promise<Queue> {
  const networkId = network.id;
  const found = await tx.db.select(
    Booking,
    `where network_id = $1 and pool_id = $2 and state = 'WAITING' and from_at > $3
        and id in (select booking_id from booking_item
                    where network_id = $1 and resource_id = any($4)
                      and tstzrange(occupied_from, occupied_until) && tstzrange($5::timestamptz, $6::timestamptz))
      order by id for no key update`,
    [networkId, pool.id, tx.now, resourceIds, time?.from ?? null, time?.until ?? null],
  );
  const bookings = found.toSorted(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1),
  );
  const match = { networkId, bookingId: bookings.map(({ id }) => id) };
  const items = await tx.db.all(BookingItem, match, 'order by resource_id');
  const itemsOfEach = new Map<string, BookingItem[]>();
  for (const item of items)
    itemsOfEach.set(item.bookingId, [...(itemsOfEach.get(item.bookingId) ?? []), item]);
  const things = await lockResources(
    tx,
    networkId,
    items.map(({ resourceId }) => resourceId),
  );
  const members = await tx.db.all(Membership, {
    networkId,
    id: bookings.map(({ membershipId }) => membershipId),
    state: 'ACTIVE',
  });
  return {
    network,
    pool,
    bookings,
    itemsOf: itemsOfEach,
    things,
    overdue: await overdueForMaintenance(tx.db, [...things.values()], tx.now),
    active: new Set(members.map(({ id }) => id)),
    taken: items.length > 0 ? await takenOf(tx.db, { networkId, wants: items }, tx.now) : new Map(),
  };
}

async function serve(tx: Tx, queue: Queue, booking: Booking): Promise<void> {
  const { network, pool, things: resources, taken } = queue;
  const items = queue.itemsOf.get(booking.id) ?? [];
  const things = thingsIn(resources, items);
  const isPossible =
    queue.active.has(booking.membershipId) && things.every((thing) => isUsable(queue, thing, booking));
  if (!isPossible || conflictsWith(taken, resources, items).length > 0) return;
  if (things.some((thing) => bookingRulesOf(pool, thing).needsApproval)) {
    await changeBooking(tx, booking, { state: 'REQUESTED' });
    tx.emit({ networkId: network.id, kind: 'BookingServed', subjectId: booking.id, actor: WAITING_LIST });
    await tellStewards(tx, { network, booking, things });
    return;
  }
  const taking = { network, booking, items, resources };
  const isApproved = await approveIfPaid(tx, taking, taken);
  if (!isApproved) return;
  for (const { resourceId, quantity, occupiedFrom, occupiedUntil } of items) {
    addTo(taken, resourceId, { quantity, from: occupiedFrom, until: occupiedUntil });
  }
  await tellBooker(tx, 'BOOKING_APPROVED', { network, booking, things });
}

function isUsable({ overdue }: Queue, thing: Resource, { untilAt }: Booking): boolean {
  const { id, state, condition, lentUntil } = thing;
  const isFit = state === 'ACTIVE' && condition !== 'UNUSABLE' && !overdue.has(id);
  return isFit && (lentUntil === null || untilAt <= lentUntil);
}

async function approveIfPaid(
  tx: Tx,
  taking: Parameters<typeof takeThings>[1],
  taken: Taken,
): Promise<boolean> {
  const part = { actor: WAITING_LIST, reactions: {}, isTrial: false };
  try {
    await inPart(tx, part, (inner) => takeThings(inner, taking, { decidedByMembershipId: null, taken }));
    return true;
  } catch (error) {
    // Holds were refused: others must not wait for who cannot pay.
    if (!(error instanceof DomainError)) throw error;
    return false;
  }
}
