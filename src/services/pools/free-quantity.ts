import type { BookingState } from '../../entities/booking.ts';
import type { OpeningScope } from '../../entities/resource.ts';
import type { Interval } from '../../kernel/calendar.ts';

/** Pieces that nobody else can have for a time: a booking and the buffers on both sides of it. */
export interface Occupancy extends Interval {
  quantity: number;
}

/** What is known of a booking's thing. */
export interface TakenItem {
  quantity: number;
  occupiedFrom: Date;
  occupiedUntil: Date;
  /** The end of the booking itself. */
  untilAt: Date;
  state: BookingState;
}

/** What makes a thing free or not, at one time or another. */
export interface Supply {
  /** How many pieces there are. */
  quantity: number;
  occupancies: readonly Occupancy[];
  /** When it is open, at least within the interval that is asked for. */
  open: readonly Interval[];
  openingScope: OpeningScope;
  /** Until when its owner lends it; null for no end. */
  lentUntil: Date | null;
  isMaintenanceOverdue: boolean;
}

/** A time throughout which the same number of pieces is free. */
export interface FreeStep extends Interval {
  free: number;
}

/**
 * For how long the pieces of a booking are nobody else's. What is still out after its time is so up to now, and for the
 * buffer after that.
 */
export function occupancyOf(item: TakenItem, now: Date): Occupancy {
  const { quantity, occupiedFrom: from, occupiedUntil, untilAt, state } = item;
  const lateMs = state === 'CHECKED_OUT' ? Math.max(0, now.getTime() - untilAt.getTime()) : 0;
  return { quantity, from, until: new Date(occupiedUntil.getTime() + lateMs) };
}

/** How many pieces nobody has throughout an interval; below zero if more are taken than there are. */
export function leastFree(quantity: number, occupancies: readonly Occupancy[], interval: Interval): number {
  return Math.min(...unoccupied(quantity, occupancies, interval).map(({ free }) => free));
}

/**
 * How many pieces can be used when: steps that follow one another without a gap from the beginning of the interval to its
 * end, no two neighbours alike. Nothing is free in the past, after the loan of the owner, or while maintenance is
 * overdue; and outside open hours what is used in open hours only.
 */
export function freeSteps(supply: Supply, interval: Interval, now: Date): FreeStep[] {
  const usable = usableTimes(supply, interval, now);
  const counts: Count[] = [];
  let at = 0;
  for (const { fromMs, untilMs, free } of unoccupied(supply.quantity, supply.occupancies, interval)) {
    for (let from = fromMs; from < untilMs;) {
      while (at < usable.length && usable[at]!.untilMs <= from) at++;
      const next = usable[at];
      const isUsable = next !== undefined && next.fromMs <= from;
      const until = Math.min(untilMs, (isUsable ? next.untilMs : next?.fromMs) ?? untilMs);
      append(counts, { fromMs: from, untilMs: until, free: isUsable ? Math.max(0, free) : 0 });
      from = until;
    }
  }
  return counts.map((count) => ({
    from: new Date(count.fromMs),
    until: new Date(count.untilMs),
    free: count.free,
  }));
}

// A month has thousands of steps, and instants compare and copy many times faster as numbers than as dates.
interface Span {
  fromMs: number;
  untilMs: number;
}

interface Count extends Span {
  free: number;
}

/** The times in which what is free can be used, in order. */
function usableTimes(
  { open, openingScope, lentUntil, isMaintenanceOverdue }: Supply,
  interval: Interval,
  now: Date,
): Span[] {
  if (isMaintenanceOverdue) return [];
  const lastMs = lentUntil?.getTime() ?? Infinity;
  const times = openingScope === 'USE' ? open : [interval];
  return times
    .map(({ from, until }) => ({
      fromMs: Math.max(from.getTime(), now.getTime()),
      untilMs: Math.min(until.getTime(), lastMs),
    }))
    .filter(({ fromMs, untilMs }) => fromMs < untilMs);
}

/** Goes through the beginnings and the ends of occupancies in order, and counts what is left between them. */
function unoccupied(quantity: number, occupancies: readonly Occupancy[], interval: Interval): Count[] {
  const counts: Count[] = [];
  const untilMs = interval.until.getTime();
  let free = quantity;
  let fromMs = interval.from.getTime();
  for (const { at, by } of changesWithin(occupancies, interval)) {
    if (at > fromMs) {
      append(counts, { fromMs, untilMs: at, free });
      fromMs = at;
    }
    free += by;
  }
  if (fromMs < untilMs) append(counts, { fromMs, untilMs, free });
  return counts;
}

/** When how many pieces go or come back, in order. */
function changesWithin(occupancies: readonly Occupancy[], interval: Interval): { at: number; by: number }[] {
  const [first, last] = [interval.from.getTime(), interval.until.getTime()];
  const changes: { at: number; by: number }[] = [];
  for (const { from, until, quantity } of occupancies) {
    const [start, end] = [Math.max(from.getTime(), first), Math.min(until.getTime(), last)];
    if (start < end) changes.push({ at: start, by: -quantity }, { at: end, by: quantity });
  }
  return changes.toSorted((a, b) => a.at - b.at);
}

/** Adds a time behind others, as one with the last if as much is free in both. */
function append(counts: Count[], next: Count): void {
  const last = counts.at(-1);
  if (last && last.free === next.free) last.untilMs = next.untilMs;
  else counts.push(next);
}
