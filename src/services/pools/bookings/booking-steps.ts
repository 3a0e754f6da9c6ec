import type { Booking, BookingState } from '../../../entities/booking.ts';
import { BookingStateConflict } from './errors.ts';

export type BookingStep =
  | 'request'
  | 'approve'
  | 'decline'
  | 'cancel'
  | 'lapse'
  | 'checkOut'
  | 'return'
  | 'extend'
  | 'shorten'
  | 'reverse';

/** From which states each step leads on. */
export const BOOKING_STEPS: Record<BookingStep, readonly BookingState[]> = {
  request: ['WAITING'],
  approve: ['WAITING', 'REQUESTED'],
  decline: ['WAITING', 'REQUESTED', 'APPROVED'],
  cancel: ['WAITING', 'REQUESTED', 'APPROVED'],
  lapse: ['WAITING', 'REQUESTED', 'APPROVED'],
  checkOut: ['APPROVED'],
  return: ['CHECKED_OUT'],
  extend: ['APPROVED', 'CHECKED_OUT'],
  shorten: ['APPROVED', 'CHECKED_OUT'],
  reverse: ['RETURNED', 'CANCELLED', 'LAPSED'],
};

/** In these something is still to come; a member has only so many of them in a pool. */
export const OPEN_STATES: readonly BookingState[] = ['WAITING', 'REQUESTED', 'APPROVED', 'CHECKED_OUT'];

/** In these the things count as taken. */
export const TAKEN_STATES: readonly BookingState[] = ['APPROVED', 'CHECKED_OUT'];

/** When it is too late to answer or to fetch a booking: who waits does so up to its beginning, all others up to its end. */
export function lapsesAt({ state, fromAt, untilAt }: Pick<Booking, 'state' | 'fromAt' | 'untilAt'>): Date {
  return state === 'WAITING' ? fromAt : untilAt;
}

/** @throws BookingStateConflict */
export function requireStep({ state }: Pick<Booking, 'state'>, step: BookingStep): void {
  if (!BOOKING_STEPS[step].includes(state)) throw new BookingStateConflict(state);
}

/** Whether the things should be back by now. */
export function isOverdue({ state, untilAt }: Pick<Booking, 'state' | 'untilAt'>, now: Date): boolean {
  return state === 'CHECKED_OUT' && untilAt < now;
}
