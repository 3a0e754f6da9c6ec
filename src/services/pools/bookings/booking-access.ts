import type { Booking } from '../../../entities/booking.ts';
import type { Pool } from '../../../entities/pool.ts';
import { Forbidden } from '../../../kernel/errors.ts';
import { authorize, may, type Subject, type Verdict } from '../../access/may.ts';
import type { Permission } from '../../access/permissions.ts';
import type { Standing } from '../../access/standing.ts';
import { BOOKING_STEPS, type BookingStep } from './booking-steps.ts';

export const BOOKING_ACTIONS = [
  'approve',
  'decline',
  'cancel',
  'checkOut',
  'return',
  'extend',
  'shorten',
  'pay',
  'reverse',
] as const;
export type BookingAction = (typeof BOOKING_ACTIONS)[number];

/** How somebody stands to a booking. */
export interface BookingTies {
  standing: Standing;
  pool: Pool;
  isSteward: boolean;
  /** Whether it is their own, or that of the member for whom they act. */
  isOwn: boolean;
}

// Who may: the booker and who looks after the pool, the latter alone, or by whether the pool has self-service.
const HANDS: Record<BookingAction, 'BOTH' | 'POOL' | 'SERVICE'> = {
  approve: 'POOL',
  decline: 'POOL',
  cancel: 'BOTH',
  checkOut: 'SERVICE',
  return: 'SERVICE',
  extend: 'BOTH',
  shorten: 'BOTH',
  pay: 'BOTH',
  reverse: 'POOL',
};

/** Which permission an action takes, and what it is asked about. */
function askedFor(
  action: BookingAction,
  { pool, isSteward, isOwn }: BookingTies,
): { permission: Permission; subject: Subject } {
  const hands = HANDS[action];
  const isBookers = hands === 'BOTH' || (hands === 'SERVICE' && pool.isSelfService && isOwn);
  return isBookers
    ? { permission: 'booking.change', subject: { isOwn: isOwn || isSteward } }
    : { permission: 'booking.decide', subject: { isOwn: isSteward } };
}

/** @throws Forbidden, Unauthenticated, NetworkArchived */
export function authorizeOnBooking(
  ties: BookingTies & { booking: Pick<Booking, 'state'> },
  action: BookingAction,
): void {
  const { permission, subject } = askedFor(action, ties);
  authorize(ties.standing, permission, subject);
  if (isOwnGain(ties, action) || isOthersBurden(ties, action)) throw new Forbidden('NOT_YOURS');
}

// Who has the things would be late by it.
function isOthersBurden(
  { isOwn, booking }: BookingTies & { booking: Pick<Booking, 'state'> },
  action: BookingAction,
): boolean {
  return action === 'shorten' && booking.state === 'CHECKED_OUT' && !isOwn;
}

// Nobody gives back to themselves what they paid to the community, or spares themselves what calling off costs.
function isOwnGain(
  { isOwn, isPayer = false }: BookingTies & { isPayer?: boolean },
  action: BookingAction,
): boolean {
  return (action === 'reverse' || action === 'decline') && (isOwn || isPayer);
}

/** How the viewer stands to a booking, and whether an account that pays it, or did, is theirs or one for which they sign. */
export type ViewerTies = BookingTies & { isPayer: boolean };

/** What the viewer may do with a booking as it stands. */
export function bookingVerdicts(ties: ViewerTies, booking: Booking): Record<BookingAction, Verdict> {
  const verdicts = BOOKING_ACTIONS.map((action) => [action, verdictOn(ties, booking, action)] as const);
  return Object.fromEntries(verdicts) as Record<BookingAction, Verdict>;
}

function verdictOn(ties: ViewerTies, booking: Booking, action: BookingAction): Verdict {
  const { permission, subject } = askedFor(action, ties);
  const verdict = may(ties.standing, permission, subject);
  if (!verdict.allowed) return verdict;
  if (isOwnGain(ties, action) || isOthersBurden({ ...ties, booking }, action)) {
    return { allowed: false, reason: 'NOT_YOURS' };
  }
  return isPossible(booking, action) ? verdict : { allowed: false, reason: 'NOT_IN_THIS_STATE' };
}

function isPossible({ state, unpaidMinor }: Booking, action: BookingAction): boolean {
  if (action === 'pay') return unpaidMinor > 0n;
  return BOOKING_STEPS[action satisfies BookingStep].includes(state);
}

/** Whether the viewer sees who booked: in many pools every member does. */
export function seesBooker({ pool, standing, ...ties }: BookingTies): boolean {
  return pool.showsBookers || seesBookingWhole(standing, ties);
}

/** Whether the viewer sees who booked, what for and at what cost: the booker, who looks after the pool, and who audits. */
export function seesBookingWhole(
  standing: Standing,
  { isSteward, isOwn }: Pick<BookingTies, 'isSteward' | 'isOwn'>,
): boolean {
  return may(standing, 'booking.read', { isOwn: isOwn || isSteward }).allowed;
}
