import type { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import type { Pool } from '../../entities/pool.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Interval } from '../../kernel/calendar.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { bookingRulesOf } from './booking-rules.ts';
import { freeSteps, type FreeStep, type Occupancy } from './free-quantity.ts';
import { isMaintenanceOverdue } from './maintenance-due.ts';
import { openIntervals } from './opening-hours.ts';

const MAX_DAYS = 62;

/** What of the database the availability of a thing depends on. */
export interface AvailabilityFacts {
  pool: Pool;
  plans: readonly MaintenancePlan[];
  occupancies: readonly Occupancy[];
  timeZone: string;
}

/** @throws InvalidInput INVALID_RANGE unless it lasts some time, and at most 62 days */
export function requireShortInterval({ from, until }: Interval): Interval {
  const max = new Date(from.getTime() + MAX_DAYS * DAY_MS);
  if (until <= from || until > max) {
    throw new InvalidInput('INVALID_RANGE', 'to', { after: from.toISOString(), max: max.toISOString() });
  }
  return { from, until };
}

/** How many pieces of a thing are free when. Nothing of it is, while it is not in use or cannot be used. */
export function availabilityOf(
  resource: Resource,
  interval: Interval,
  { facts, now }: { facts: AvailabilityFacts; now: Date },
): FreeStep[] {
  const { pool, plans, occupancies, timeZone } = facts;
  const { opening, openingScope } = bookingRulesOf(pool, resource);
  const { state, condition } = resource;
  const isInUse = state === 'ACTIVE' && condition !== 'UNUSABLE' && pool.archivedAt === null;
  const supply = {
    quantity: isInUse ? (resource.quantity ?? 0) : 0,
    occupancies,
    open: openIntervals(opening, interval, timeZone),
    openingScope,
    lentUntil: resource.lentUntil,
    isMaintenanceOverdue: isMaintenanceOverdue(plans, resource.useCount, now),
  };
  return freeSteps(supply, interval, now);
}
