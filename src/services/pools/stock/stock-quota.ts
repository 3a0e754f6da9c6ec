import type { QuotaHolder, QuotaPeriod, Resource } from '../../../entities/resource.ts';
import { dayAfter, dayAt, startOfDay, type Day } from '../../../kernel/calendar.ts';
import type { Db } from '../../../kernel/database.ts';

/** What each may take of a stock within a period. */
export interface Quota {
  /** In the unit of the stock. */
  limitMinor: bigint;
  per: QuotaHolder;
  period: QuotaPeriod;
}

/** From when until when takings count together; the end is the first instant after it. */
export interface QuotaSpan {
  startsAt: Date;
  endsAt: Date;
}

/** The quota of a stock; null if everybody may take what is there. */
export function quotaOf({ quotaMinor, quotaPer, quotaPeriod }: Resource): Quota | null {
  if (quotaMinor === null || quotaPer === null || quotaPeriod === null) return null;
  return { limitMinor: quotaMinor, per: quotaPer, period: quotaPeriod };
}

/** The week from Monday on, the month or the year in which an instant lies at a place. */
export function quotaSpanAt(instant: Date, period: QuotaPeriod, timeZone: string): QuotaSpan {
  const today = dayAt(instant, timeZone);
  const first = FIRST_DAYS[period](today);
  const next = dayAfter(first, { WEEK: { weeks: 1 }, MONTH: { months: 1 }, YEAR: { years: 1 } }[period]);
  return { startsAt: startOfDay(first, timeZone), endsAt: startOfDay(next, timeZone) };
}

const FIRST_DAYS: Record<QuotaPeriod, (day: Day) => Day> = {
  // JavaScript counts days of the week from Sunday on.
  WEEK: (day) => dayAfter(day, { days: -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) }),
  MONTH: (day) => `${day.slice(0, 7)}-01`,
  YEAR: (day) => `${day.slice(0, 4)}-01-01`,
};

/** Whose takings of which stock are asked about: of a member, or of a household if it is named. */
export interface QuotaUse {
  resourceId: string;
  membershipId: string;
  groupId: string | null;
}

/** How much of a stock was taken within a time, by each of those asked about in their order, in minor units. */
export async function takenWithin(
  db: Db,
  networkId: string,
  { startsAt, endsAt, uses }: QuotaSpan & { uses: readonly QuotaUse[] },
): Promise<bigint[]> {
  const rows = await db.rows<{ taken: bigint }>(
    `select coalesce(-(
              select sum(m.amount_minor) from stock_move m
               where m.network_id = $1 and m.resource_id = u.resource_id and m.kind = 'TAKING'
                 and case when u.group_id is null then m.membership_id = u.membership_id
                          else m.group_id = u.group_id end
                 and m.at >= $2 and m.at < $3), 0)::bigint as taken
       from unnest($4::text[], $5::text[], $6::text[]) with ordinality
         as u (resource_id, membership_id, group_id, place)
      order by u.place`,
    [
      networkId,
      startsAt,
      endsAt,
      uses.map(({ resourceId }) => resourceId),
      uses.map(({ membershipId }) => membershipId),
      uses.map(({ groupId }) => groupId),
    ],
  );
  return rows.map(({ taken }) => taken);
}
