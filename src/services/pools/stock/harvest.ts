import type { Pool } from '../../../entities/pool.ts';
import { dayAfter, startOfDay, type Day } from '../../../kernel/calendar.ts';
import type { Db } from '../../../kernel/database.ts';
import { InvalidInput } from '../../../kernel/errors.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import type { Standing } from '../../access/standing.ts';

/** A season of a pool: from the beginning of one day up to the end of another, in the time zone of the network. */
export interface Harvest {
  pool: Pool;
  from: Day;
  to: Day;
  startsAt: Date;
  /** The first instant after it. */
  endsAt: Date;
}

/** What came into one stock and went out of it, in minor units of the stock; what went out is above zero too. */
export interface HarvestLine {
  networkId: string;
  resourceId: string;
  contributedMinor: bigint;
  takenMinor: bigint;
  spoiledMinor: bigint;
  /** Below zero if less was found than was written down. */
  correctedMinor: bigint;
}

/** The same of one member. */
export interface HarvestMember {
  networkId: string;
  resourceId: string;
  membershipId: string;
  contributedMinor: bigint;
  takenMinor: bigint;
}

const MAX_HARVEST_DAYS = 3_660;

/** @throws InvalidInput INVALID_RANGE unless the last day is one of the ten years that begin with the first */
export function harvestOf(
  pool: Pool,
  { from, to, timeZone }: { from: Day; to: Day; timeZone: string },
): Harvest {
  if (to < from || to >= dayAfter(from, { days: MAX_HARVEST_DAYS })) {
    throw new InvalidInput('INVALID_RANGE', 'to', { maxDays: MAX_HARVEST_DAYS });
  }
  const startsAt = startOfDay(from, timeZone);
  return { pool, from, to, startsAt, endsAt: startOfDay(dayAfter(to, { days: 1 }), timeZone) };
}

const SUMS = `coalesce(sum(m.amount_minor) filter (where m.kind = 'CONTRIBUTION'), 0)::bigint as contributed_minor,
       coalesce(-sum(m.amount_minor) filter (where m.kind = 'TAKING'), 0)::bigint as taken_minor`;
const MOVES = `from resource r
  join stock_move m on m.network_id = r.network_id and m.resource_id = r.id
 where r.network_id = $1 and r.pool_id = $2 and r.kind = 'STOCK' and m.at >= $3 and m.at < $4`;

/** What happened to each stock of the pool, in the order in which they were added; those without a move are left out. */
export async function listHarvest(
  db: Db,
  { pool, startsAt, endsAt }: Harvest,
  request: PageRequest,
): Promise<Page<HarvestLine>> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.rows<HarvestLine>(
    `select r.network_id, r.id as resource_id, ${SUMS},
            coalesce(-sum(m.amount_minor) filter (where m.kind = 'SPOILAGE'), 0)::bigint as spoiled_minor,
            coalesce(sum(m.amount_minor) filter (where m.kind = 'CORRECTION'), 0)::bigint as corrected_minor
       ${MOVES} and ($5::text is null or r.id > $5)
      group by r.network_id, r.id order by r.id limit $6`,
    [pool.networkId, pool.id, startsAt, endsAt, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.resourceId]);
}

/** The same by member: of all of them, or of the viewer. */
export async function listHarvestMembers(
  db: Db,
  { pool, startsAt, endsAt }: Harvest,
  { standing, seesAll }: { standing: Standing; seesAll: boolean },
  request: PageRequest,
): Promise<Page<HarvestMember>> {
  const [resourceId, membershipId] = afterKey(request, [CURSOR_TEXT, CURSOR_TEXT]);
  const rows = await db.rows<HarvestMember>(
    `select r.network_id, r.id as resource_id, m.membership_id, ${SUMS}
       ${MOVES} and m.membership_id is not null and ($5 or m.membership_id = $6)
        and ($7::text is null or (r.id, m.membership_id) > ($7::text, $8::text))
      group by r.network_id, r.id, m.membership_id order by r.id, m.membership_id limit $9`,
    [
      pool.networkId,
      pool.id,
      startsAt,
      endsAt,
      seesAll,
      standing.membership?.id ?? null,
      resourceId,
      membershipId,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.resourceId, row.membershipId]);
}
