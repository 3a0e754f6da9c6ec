import type { Opening } from '../../entities/opening.ts';
import type { Pool } from '../../entities/pool.ts';
import type { OpeningScope, Resource } from '../../entities/resource.ts';

/** By which rules one thing is booked. */
export interface BookingRules {
  needsApproval: boolean;
  /** A booking begins so much later than it is asked for, at least. */
  leadMinutes: number;
  /** A booking begins at most so many days ahead. */
  aheadDays: number;
  /** How long it lasts at most; null for no bound. */
  longestMinutes: number | null;
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
  opening: Opening;
  openingScope: OpeningScope;
}

/** The rules of a thing: its own where it has some, those of its pool otherwise. */
export function bookingRulesOf(pool: Pool, resource: Resource): BookingRules {
  return {
    needsApproval: resource.needsApproval ?? pool.needsApproval,
    leadMinutes: resource.leadMinutes ?? pool.leadMinutes,
    aheadDays: pool.aheadDays,
    longestMinutes: resource.longestMinutes ?? pool.longestMinutes,
    bufferBeforeMinutes: resource.bufferBeforeMinutes ?? pool.bufferBeforeMinutes,
    bufferAfterMinutes: resource.bufferAfterMinutes ?? pool.bufferAfterMinutes,
    opening: resource.opening ?? pool.opening,
    openingScope: resource.openingScope,
  };
}
