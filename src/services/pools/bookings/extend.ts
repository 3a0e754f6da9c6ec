import { BookingItem } from '../../../entities/booking-item.ts';
import type { Booking } from '../../../entities/booking.ts';
import { Membership } from '../../../entities/membership.ts';
import { ResourceRate } from '../../../entities/resource-rate.ts';
import { after, MINUTE_MS } from '../../../kernel/clock.ts';
import { assert, InvalidInput } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { bookingRulesOf } from '../booking-rules.ts';
import { useFault } from '../may-book.ts';
import { poolSubject } from '../pool-access.ts';
import { authorizeOnBooking } from './booking-access.ts';
import { requireStep } from './booking-steps.ts';
import { conflictsWith, overdueForMaintenance, requireUsable, takenOf, thingsIn } from './capacity.ts';
import { lockPurse, payFromAccount, purseOf } from './charges.ts';
import { BookingConflict, BookingTimeOver } from './errors.ts';
import { costOf, sumOf } from './fees.ts';
import { costsSomething, discreetly, placeHolds, releaseHolds, type BookingHolds } from './holds.ts';
import { changeBooking, takeBooking, type BookingInHand, type NamedBooking } from './in-hand.ts';
import { guarded, namesOf } from './take.ts';
import { authorizeCost } from './who-pays.ts';

export interface ExtendBooking extends NamedBooking {
  /** The new end, later than the one it has. */
  until: Date;
}

/**
 * Lets a booking last longer, as long as its time is not over: not into that of others. What it costs more, at the fees of
 * now, is held before the things are fetched, and paid at once while they are out; only who may pay from its account agrees to
 * that. Where a steward has to approve of bookings, only one extends them.
 *
 * @throws Forbidden, DecisionRequired, NotFound, BookingStateConflict, BookingTimeOver, BookingConflict, what the rules of the pool refuse,
 *   BookingBeyondHolds, BookingNotBacked, InsufficientCredit, AccountNotOpen, InvalidInput
 * @emits BookingExtended, HoldReleased, HoldPlaced, TransferPosted
 */
export async function extendBooking(tx: Tx, command: ExtendBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: false });
  authorizeOnBooking(hand, 'extend');
  const { booking, items, resources, pool, standing } = hand;
  const things = thingsIn(resources, items);
  if (things.some((thing) => bookingRulesOf(pool, thing).needsApproval)) {
    authorize(standing, 'booking.decide', poolSubject(hand));
  }
  requireStep(booking, 'extend');
  if (booking.untilAt <= tx.now) throw new BookingTimeOver();
  const { until } = command;
  if (until <= booking.untilAt) {
    throw new InvalidInput('INVALID_RANGE', 'until', { after: booking.untilAt.toISOString() });
  }
  await requireUsable(tx.db, things, { untilAt: until, now: tx.now });
  const longer = await longerItems(tx, hand, until);
  await requirePayable(tx, hand, longer);
  const conflicts = conflictsWith(await takenBeside(tx, booking, longer), resources, longer);
  if (conflicts.length > 0) throw new BookingConflict(conflicts);
  const extended = await discreetly(tx, standing, booking, () => payForMore(tx, hand, longer, until));
  await guarded(longer, () => stretch(tx, longer));
  tx.emit({ networkId: booking.networkId, kind: 'BookingExtended', subjectId: booking.id });
  return extended;
}

/** What it costs more is agreed to by who may pay from the account: neither the booker nor a steward spends what is others'. */
async function requirePayable(
  tx: Tx,
  { booking, standing }: BookingInHand,
  longer: readonly BookingItem[],
): Promise<void> {
  const { networkId, payerAccountId, payeeAccountId, membershipId: bookerId } = booking;
  const costMinor = sumOf(longer.map(({ feeMinor }) => feeMinor)) - booking.feeMinor;
  if (costMinor === 0n) return;
  assert(payerAccountId && payeeAccountId, 'what costs something has a payer and a payee');
  const paying = { networkId, payerAccountId, payeeAccountId, bookerId, costMinor, path: 'until' };
  await authorizeCost(tx, standing, paying);
}

function takenBeside(tx: Tx, { networkId, id }: Booking, wants: readonly BookingItem[]) {
  return takenOf(tx.db, { networkId, wants, exceptBookingId: id }, tx.now);
}

/** The items as they are with a later end, if the rules of their things allow it. */
async function longerItems(tx: Tx, hand: BookingInHand, until: Date): Promise<BookingItem[]> {
  const { booking, items, resources, pool, standing } = hand;
  const { networkId, membershipId, fromAt, untilAt } = booking;
  const things = thingsIn(resources, items);
  const overdue = await overdueForMaintenance(tx.db, things, tx.now);
  const member = await tx.db.one(Membership, { networkId, id: membershipId });
  assert(member, 'a booking is a member’s');
  const rates = await tx.db.all(ResourceRate, {
    networkId,
    memberClass: member.memberClass,
    resourceId: things.map(({ id }) => id),
  });
  return items.map((item, index) => {
    const thing = things[index]!;
    const { quantity } = item;
    const rules = bookingRulesOf(pool, thing);
    const known = { ...thing, isMaintenanceOverdue: overdue.has(thing.id) };
    const fault = useFault(rules, known, { from: fromAt, until, quantity }, standing.network.timeZone);
    if (fault) throw fault;
    const classFee = rates.find(({ resourceId }) => resourceId === thing.id)?.feeMinor ?? null;
    const feeUntil = (end: Date) =>
      // What was free when it was asked for stays so: nobody was named who pays.
      costsSomething(booking) ? costOf(thing, classFee, { quantity, from: fromAt, until: end }).feeMinor : 0n;
    return {
      ...item,
      occupiedUntil: after(until, rules.bufferAfterMinutes * MINUTE_MS),
      feeMinor: item.feeMinor + feeUntil(until) - feeUntil(untilAt),
    };
  });
}

/** Takes or holds what the longer time costs, and holds the deposit for as long. */
async function payForMore(
  tx: Tx,
  hand: BookingInHand,
  longer: readonly BookingItem[],
  untilAt: Date,
): Promise<Booking> {
  const { booking, items, resources, standing } = hand;
  const { networkId, state, feeHoldId, depositHoldId } = booking;
  const description = namesOf(items, resources);
  const feeMinor = sumOf(longer.map((item) => item.feeMinor));
  const extended: Booking = { ...booking, untilAt, feeMinor };
  const purse = await purseOf(tx.db, { booking, items, description });
  if (purse) await lockPurse(tx, purse);
  const isOut = state === 'CHECKED_OUT';
  await releaseHolds(tx, networkId, isOut ? [depositHoldId] : [feeHoldId, depositHoldId]);
  const held: BookingHolds = await placeHolds(
    tx,
    standing.network,
    isOut ? { ...extended, feeMinor: 0n } : extended,
    description,
  );
  const moreMinor = feeMinor - booking.feeMinor;
  if (isOut && purse && moreMinor > 0n) {
    const incomesMinor = longer.map((item, index) => item.feeMinor - items[index]!.feeMinor);
    const more = { amountMinor: moreMinor, incomesMinor };
    await payFromAccount(tx, purse, more, { beforeMinor: 0n, amountMinor: moreMinor });
  }
  const holds = isOut ? { feeHoldId, depositHoldId: held.depositHoldId } : held;
  const extensionCount = booking.extensionCount + 1;
  return changeBooking(tx, booking, { ...holds, untilAt, feeMinor, extendedAt: tx.now, extensionCount });
}

async function stretch(tx: Tx, items: readonly BookingItem[]): Promise<void> {
  for (const { networkId, bookingId, resourceId, occupiedUntil, feeMinor } of items) {
    await tx.db.update(BookingItem, { networkId, bookingId, resourceId }, { occupiedUntil, feeMinor });
  }
}
