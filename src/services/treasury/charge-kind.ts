import type { ChargeRun } from '../../entities/charge-run.ts';
import type { Network } from '../../entities/network.ts';
import type { Unit } from '../../entities/unit.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import type { CalendarPeriod } from './periods.ts';

/** What is charged where and for when. */
export interface Occasion {
  network: Network;
  unit: Unit;
  period: CalendarPeriod;
}

/** What one unit of work of a run has done. */
export interface Slice {
  /** Up to which account or membership. */
  reachedId: string;
  /** What each gave who gave something, in minor units. */
  chargedMinor: bigint[];
  /** Who owes and could not be charged. */
  leftOutIds: string[];
}

/** How many accounts or members one unit of work charges: payments wait for no more than these. */
export const SLICE = 200;

/** How many of those left out a run names: the row is written anew with each slice. */
export const NAMED = 100;

/** One of the things for which a network charges everybody. */
export interface ChargeKind {
  /**
   * Whether anybody is left to charge.
   *
   * @throws DomainError if nothing can be charged for this period at all
   */
  isLeft(tx: Tx, occasion: Occasion): Promise<boolean>;
  /** Charges the next few; null if there are none. */
  charge(tx: Tx, occasion: Occasion, run: ChargeRun): Promise<Slice | null>;
}
