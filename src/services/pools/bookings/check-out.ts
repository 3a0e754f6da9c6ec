import { BookingItem } from '../../../entities/booking-item.ts';
import type { Booking } from '../../../entities/booking.ts';
import { Resource, type Condition } from '../../../entities/resource.ts';
import { InvalidInput } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { ResourceUnusable } from '../errors.ts';
import { recordOf } from '../records.ts';
import { authorizeOnBooking } from './booking-access.ts';
import { requireStep } from './booking-steps.ts';
import { requireUsable, thingsIn } from './capacity.ts';
import { lockPurse, payFromHold, purseOf } from './charges.ts';
import { BookingNotBegun, BookingTimeOver, ThingStillOut } from './errors.ts';
import { discreetly } from './holds.ts';
import {
  changeBooking,
  requireActiveBooker,
  takeBooking,
  type BookingInHand,
  type NamedBooking,
} from './in-hand.ts';
import { namesOf } from './take.ts';

/** In which condition a thing of a booking is. */
export interface ItemCondition {
  resourceId: string;
  condition?: Condition | null;
}

export interface CheckOutBooking extends NamedBooking {
  /** Where a thing is in another condition than was known. */
  items?: readonly ItemCondition[] | null;
}

/**
 * Hands the things of a booking out: the fee that was held is paid, and passed on to those who own a thing together. Of a thing
 * of which there is one the booker is the keeper until it is back.
 *
 * In a pool with self-service the booker does it, in others a steward or coordinator; from the beginning of the booking on,
 * less the buffer before it, and not while pieces of an earlier booking are still out.
 *
 * @throws Forbidden, NotFound, BookingStateConflict, MembershipStateConflict, BookingNotBegun, BookingTimeOver, ThingStillOut, ResourceNotActive,
 *   ResourceUnusable, MaintenanceOverdue, LentOnlyUntil, AccountNotOpen, CeilingExceeded, InvalidInput
 * @emits BookingCheckedOut, HoldCaptured, TransferPosted
 */
export async function checkOutBooking(tx: Tx, command: CheckOutBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: false });
  authorizeOnBooking(hand, 'checkOut');
  const { booking, items, resources, standing } = hand;
  requireStep(booking, 'checkOut');
  requireItsTime(hand, tx.now);
  await requireActiveBooker(tx.db, booking);
  const conditions = conditionsOf(hand, command.items ?? []);
  requireFit(conditions);
  const things = thingsIn(resources, items);
  await requireUsable(tx.db, things, { untilAt: booking.untilAt, now: tx.now });
  await requireBack(tx, hand);
  await discreetly(tx, standing, booking, () => payFee(tx, hand));
  for (const [index, item] of items.entries()) {
    await handOut(tx, hand, things[index]!, conditions.get(item.resourceId)?.condition ?? null);
  }
  const out = await changeBooking(tx, booking, { state: 'CHECKED_OUT', checkedOutAt: tx.now });
  tx.emit({ networkId: booking.networkId, kind: 'BookingCheckedOut', subjectId: booking.id });
  return out;
}

function requireItsTime({ booking, items }: BookingInHand, now: Date): void {
  const begins = new Date(Math.max(...items.map(({ occupiedFrom }) => occupiedFrom.getTime())));
  if (now < begins) throw new BookingNotBegun(begins);
  if (now >= booking.untilAt) throw new BookingTimeOver();
}

/** @throws ResourceUnusable for what is seen, as it is handed out, to be in no condition for it */
function requireFit(conditions: ReadonlyMap<string, Said<ItemCondition>>): void {
  for (const { condition, path } of conditions.values()) {
    if (condition === 'UNUSABLE') throw new ResourceUnusable(`${path}.condition`);
  }
}

/** @throws ThingStillOut if fewer pieces are there than are to be handed out */
async function requireBack(
  tx: Tx,
  { booking: { networkId }, items, resources }: BookingInHand,
): Promise<void> {
  const rows = await tx.db.rows<{ resourceId: string; quantity: bigint }>(
    `select i.resource_id, sum(i.quantity) as quantity
       from booking_item i
       join booking b on b.network_id = i.network_id and b.id = i.booking_id and b.state = 'CHECKED_OUT'
      where i.network_id = $1 and i.resource_id = any($2) and i.is_taken group by i.resource_id`,
    [networkId, items.map(({ resourceId }) => resourceId)],
  );
  const out = new Map(rows.map(({ resourceId, quantity }) => [resourceId, Number(quantity)]));
  for (const { resourceId, quantity } of items) {
    const there = (resources.get(resourceId)?.quantity ?? 0) - (out.get(resourceId) ?? 0);
    if (quantity > there) throw new ThingStillOut(resourceId);
  }
}

async function payFee(tx: Tx, { booking, items, resources }: BookingInHand): Promise<void> {
  const purse = await purseOf(tx.db, { booking, items, description: namesOf(items, resources) });
  if (!purse || booking.feeMinor === 0n) return;
  await lockPurse(tx, purse);
  const incomesMinor = items.map(({ feeMinor }) => feeMinor);
  await payFromHold(tx, purse, booking.feeHoldId, { amountMinor: booking.feeMinor, incomesMinor });
}

async function handOut(
  tx: Tx,
  { booking, standing }: BookingInHand,
  thing: Resource,
  found: Condition | null,
): Promise<void> {
  const condition = found ?? thing.condition;
  const isOne = thing.quantity === 1;
  const out: Resource = {
    ...thing,
    condition: isOne ? condition : thing.condition,
    useCount: thing.useCount + 1,
    custodianMembershipId: isOne ? booking.membershipId : thing.custodianMembershipId,
  };
  await keep(tx, out);
  const match = { networkId: booking.networkId, bookingId: booking.id, resourceId: thing.id };
  await tx.db.update(BookingItem, match, { conditionOut: condition });
  await recordOf(tx, out, {
    kind: 'CUSTODY',
    note: '',
    byMembershipId: standing.membership?.id ?? null,
    bookingId: booking.id,
  });
}

/** Writes down who keeps a thing, how often it was out and in which condition it is. */
export async function keep(tx: Tx, thing: Resource): Promise<void> {
  const { networkId, id, condition, useCount, custodianMembershipId } = thing;
  await tx.db.update(Resource, { networkId, id }, { condition, useCount, custodianMembershipId });
}

/** What was said of a thing, and where in the input it stands. */
export type Said<C> = C & { path: string };

/**
 * What was said of the things of a booking, by the id of each.
 *
 * @throws InvalidInput for a thing that is not of the booking, or stands there twice
 */
export function conditionsOf<C extends ItemCondition>(
  { items }: Pick<BookingInHand, 'items'>,
  given: readonly C[],
): Map<string, Said<C>> {
  const said = new Map<string, Said<C>>();
  for (const [index, one] of given.entries()) {
    const path = `items.${index}`;
    const id = requireId('resource', one.resourceId, `${path}.resourceId`);
    if (said.has(id) || !items.some(({ resourceId }) => resourceId === id)) {
      throw new InvalidInput('INVALID_CHOICE', `${path}.resourceId`);
    }
    said.set(id, { ...one, path });
  }
  return said;
}
