import { Resource } from '../../../entities/resource.ts';
import { dayAfter, dayAt, startOfDay } from '../../../kernel/calendar.ts';
import type { Db } from '../../../kernel/database.ts';
import { pagesOf, type Lists, type Owner } from '../../../kernel/lists.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import type { BookingFilter } from './read-bookings.ts';

/** What waits for the stewards of a pool. */
export type WorkKind = 'toApprove' | 'dueOut' | 'dueBack' | 'overdue';

const FILTERS: Record<WorkKind, (tomorrow: Date) => BookingFilter> = {
  toApprove: () => ({ states: ['REQUESTED'] }),
  dueOut: (tomorrow) => ({ states: ['APPROVED'], to: tomorrow }),
  dueBack: (tomorrow) => ({ states: ['CHECKED_OUT'], isOverdue: false, endsBefore: tomorrow }),
  overdue: () => ({ isOverdue: true }),
};

/** Which bookings wait for what, up to the end of the day at the place of the network. */
export function workFilter(kind: WorkKind, now: Date, timeZone: string): BookingFilter {
  return FILTERS[kind](startOfDay(dayAfter(dayAt(now, timeZone), { days: 1 }), timeZone));
}

const TO_MAINTAIN: Lists<Resource> = {
  entity: Resource,
  table: 'resource',
  of: 'pool_id',
  by: 'id',
  where: `state = 'ACTIVE' and exists (
    select 1 from maintenance_plan p
     where p.network_id = resource.network_id and p.resource_id = resource.id and p.ended_at is null
       and (p.last_done_at + p.every_days * interval '24 hours' <= $5
            or p.last_done_uses + p.every_uses <= resource.use_count))`,
};

/** The things of each pool that must be looked after before they are used again, oldest first. */
export function thingsToMaintain(
  db: Db,
  pools: readonly Owner[],
  { request, now }: { request: PageRequest; now: Date },
): Promise<Page<Resource>[]> {
  return pagesOf(db, TO_MAINTAIN, { owners: pools, request, values: [now] });
}
