import type { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import { DAY_MS } from '../../kernel/clock.ts';

export type PlanTimes = Pick<
  MaintenancePlan,
  'everyDays' | 'everyUses' | 'lastDoneAt' | 'lastDoneUses' | 'endedAt'
>;

/** When a thing has to be looked after again: at an instant, after so many more uses, or at whichever comes first. */
export interface NextDue {
  at: Date | null;
  /** Zero or below if it was used often enough. */
  usesLeft: number | null;
}

/** @param useCount how often the thing was taken out so far */
export function nextDue(plan: PlanTimes, useCount: number): NextDue {
  const { everyDays, everyUses, lastDoneAt, lastDoneUses } = plan;
  return {
    at: everyDays === null ? null : new Date(lastDoneAt.getTime() + everyDays * DAY_MS),
    usesLeft: everyUses === null ? null : lastDoneUses + everyUses - useCount,
  };
}

/** Whether a thing must be looked after before it is used again. A plan that has ended asks for nothing. */
export function isPlanOverdue(plan: PlanTimes, useCount: number, now: Date): boolean {
  if (plan.endedAt) return false;
  const { at, usesLeft } = nextDue(plan, useCount);
  return (at !== null && at <= now) || (usesLeft !== null && usesLeft <= 0);
}

/** Whether any plan of a thing is overdue: it is not handed out, and nobody can book it. */
export function isMaintenanceOverdue(plans: readonly PlanTimes[], useCount: number, now: Date): boolean {
  return plans.some((plan) => isPlanOverdue(plan, useCount, now));
}
