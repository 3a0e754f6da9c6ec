import { BookingItem } from '../../../entities/booking-item.ts';
import { Booking } from '../../../entities/booking.ts';
import type { Resource } from '../../../entities/resource.ts';
import type { Interval } from '../../../kernel/calendar.ts';
import { after, MINUTE_MS } from '../../../kernel/clock.ts';
import { assert, InvalidInput } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { may } from '../../access/may.ts';
import { authorOf } from '../../ledger/posting.ts';
import { bookingRulesOf } from '../booking-rules.ts';
import { bookingFault } from '../may-book.ts';
import { poolSubject } from '../pool-access.ts';
import { OPEN_STATES } from './booking-steps.ts';
import { conflictsWith, takenOf, thingsIn } from './capacity.ts';
import { deskFor, type AskForThings, type Desk } from './desk.ts';
import { BookingConflict, PoolWithoutAccount, TooManyBookings } from './errors.ts';
import { costOf, sumOf, type Cost } from './fees.ts';
import { discreetly, requireHoldable } from './holds.ts';
import { changeBooking } from './in-hand.ts';
import { tellStewards } from './letters.ts';
import { takeThings } from './take.ts';
import { authorizeCost } from './who-pays.ts';

export interface RequestBooking extends AskForThings, Interval {}

/**
 * Asks for things of a pool from one instant up to another, all of them or none. Where the rules need nobody's approval, or a
 * steward asks, it is approved at once; otherwise a steward answers. What is taken is waited for if that was asked.
 *
 * What it costs is fixed now, and held on the account that pays when it is approved.
 *
 * @throws Forbidden, DecisionRequired, NotFound, PoolArchived, MembershipStateConflict, what the rules of the pool refuse,
 *   BookingConflict, TooManyBookings, UnpaidBookings, PoolWithoutAccount, UnitMismatch, InsufficientCredit, InvalidInput
 * @emits BookingRequested, BookingApproved, HoldPlaced
 */
export async function requestBooking(tx: Tx, command: RequestBooking): Promise<Booking> {
  const desk = await deskFor(tx, command);
  return bookAt(tx, desk, command, null);
}

/** Books things at a desk for one time; a series does so for each of its times. */
export async function bookAt(
  tx: Tx,
  desk: Desk,
  { from, until }: Interval,
  seriesId: string | null,
): Promise<Booking> {
  requirePermitted(tx, desk, { from, until });
  await requireRoomForOneMore(tx, desk);
  const costs = desk.wishes.map(({ resourceId, quantity }) => {
    const classFee = desk.classFees.get(resourceId) ?? null;
    return costOf(thingOf(desk, resourceId), classFee, { quantity, from, until });
  });
  const booking: Booking = {
    ...newBooking(tx, desk),
    ...(await wayOf(tx, desk, costs, until)),
    seriesId,
    fromAt: from,
    untilAt: until,
    feeMinor: sumOf(costs.map(({ feeMinor }) => feeMinor)),
    depositMinor: sumOf(costs.map(({ depositMinor }) => depositMinor)),
  };
  const items = itemsFor(desk, booking, costs);
  await tx.db.insert(Booking, booking);
  await tx.db.insert(BookingItem, items);
  tx.emit({ networkId: booking.networkId, kind: 'BookingRequested', subjectId: booking.id });
  return answer(tx, desk, booking, items);
}

/** @throws what the rules of the things refuse */
function requirePermitted(tx: Tx, desk: Desk, time: Interval): void {
  const circumstances = { now: tx.now, timeZone: desk.standing.network.timeZone };
  for (const { resourceId, quantity } of desk.wishes) {
    const thing = thingOf(desk, resourceId);
    const rules = bookingRulesOf(desk.pool, thing);
    const known = { ...thing, isMaintenanceOverdue: desk.overdue.has(thing.id) };
    const fault = bookingFault(rules, known, { ...time, quantity }, circumstances);
    if (fault) throw fault;
  }
}

async function requireRoomForOneMore(tx: Tx, { pool, booker }: Desk): Promise<void> {
  const { networkId, id, memberBookings } = pool;
  if (memberBookings === null) return;
  const row = await tx.db.row<{ count: bigint }>(
    'select count(*) from booking where network_id = $1 and pool_id = $2 and membership_id = $3 and state = any($4)',
    [networkId, id, booker.id, OPEN_STATES],
  );
  if (row && row.count >= BigInt(memberBookings)) throw new TooManyBookings(memberBookings);
}

type Way = Pick<Booking, 'unitId' | 'payerAccountId' | 'payeeAccountId'>;

/**
 * From which account to which a booking is paid. A steward who books for another pays from an account of their own, or has the
 * office that records payments of others.
 */
async function wayOf(tx: Tx, desk: Desk, costs: readonly Cost[], until: Date): Promise<Way> {
  const isFree =
    costs.every(({ feeMinor, depositMinor }) => feeMinor + depositMinor === 0n) &&
    desk.wishes.every(({ resourceId }) => thingOf(desk, resourceId).lateFeeMinor === 0n);
  if (isFree) return { unitId: null, payerAccountId: null, payeeAccountId: null };
  const { pool, standing, booker, payerAccountId } = desk;
  if (!pool.accountId) throw new PoolWithoutAccount();
  if (!payerAccountId) throw new InvalidInput('REQUIRED', 'payerAccountId');
  const way = { payerAccountId, payeeAccountId: pool.accountId };
  const { id: unitId } = await authorizeCost(tx, standing, {
    networkId: pool.networkId,
    ...way,
    bookerId: booker.id,
    costMinor: sumOf(costs.map(({ feeMinor, depositMinor }) => feeMinor + depositMinor)),
    path: 'items',
  });
  requireHoldable(until, tx.now);
  return { unitId, ...way };
}

function newBooking(tx: Tx, { pool, booker, kitId, purpose, waits }: Desk) {
  const { personId, actingForMembershipId } = authorOf(tx.actor);
  assert(personId, 'a person asks for a booking');
  return {
    networkId: pool.networkId,
    id: newId('booking'),
    poolId: pool.id,
    membershipId: booker.id,
    kitId,
    state: 'WAITING',
    purpose,
    waits,
    lateFeeMinor: 0n,
    damageMinor: 0n,
    unpaidMinor: 0n,
    cancelFreeMinutes: pool.cancelFreeMinutes,
    cancelFeePpm: pool.cancelFeePpm,
    lateGraceMinutes: pool.lateGraceMinutes,
    feeHoldId: null,
    depositHoldId: null,
    reason: null,
    createdByPersonId: personId,
    actingForMembershipId,
    decidedByMembershipId: null,
    createdAt: tx.now,
    decidedAt: null,
    checkedOutAt: null,
    endedAt: null,
    extendedAt: null,
    extensionCount: 0,
    reversedAt: null,
  } as const;
}

function itemsFor(desk: Desk, booking: Booking, costs: readonly Cost[]): BookingItem[] {
  return desk.wishes.map(({ resourceId, quantity }, index) => {
    const thing = thingOf(desk, resourceId);
    const { bufferBeforeMinutes, bufferAfterMinutes } = bookingRulesOf(desk.pool, thing);
    return {
      networkId: booking.networkId,
      bookingId: booking.id,
      resourceId,
      quantity,
      occupiedFrom: after(booking.fromAt, -bufferBeforeMinutes * MINUTE_MS),
      occupiedUntil: after(booking.untilAt, bufferAfterMinutes * MINUTE_MS),
      isTaken: false,
      isSingle: thing.quantity === 1,
      feeMinor: costs[index]!.feeMinor,
      depositMinor: costs[index]!.depositMinor,
      lateFeePer: thing.lateFeePer,
      lateFeeMinor: thing.lateFeeMinor,
      conditionOut: null,
      conditionIn: null,
      damageNote: null,
    };
  });
}

/** What becomes of a booking that was just asked for. */
async function answer(tx: Tx, desk: Desk, booking: Booking, items: BookingItem[]): Promise<Booking> {
  const { standing, things: resources } = desk;
  const { network } = standing;
  const taken = await takenOf(tx.db, { networkId: booking.networkId, wants: items }, tx.now);
  const conflicts = conflictsWith(taken, resources, items);
  if (conflicts.length > 0) {
    if (!booking.waits) throw new BookingConflict(conflicts);
    return booking;
  }
  if (needsApproval(desk) && !may(standing, 'booking.decide', poolSubject(desk)).allowed) {
    await tellStewards(tx, { network, booking, things: thingsIn(resources, items) });
    return changeBooking(tx, booking, { state: 'REQUESTED' });
  }
  return discreetly(tx, standing, booking, () =>
    takeThings(tx, { network, booking, items, resources }, { decidedByMembershipId: null, taken }),
  );
}

/** Whether a steward has to answer for any of the things. */
export function needsApproval({ pool, things }: Pick<Desk, 'pool' | 'things'>): boolean {
  return [...things.values()].some((thing) => bookingRulesOf(pool, thing).needsApproval);
}

function thingOf({ things }: Desk, resourceId: string): Resource {
  const thing = things.get(resourceId);
  assert(thing, 'the things at a desk are locked');
  return thing;
}
