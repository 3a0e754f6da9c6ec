import type { Resource } from '../../../entities/resource.ts';
import { StockMove } from '../../../entities/stock-move.ts';
import type { Db } from '../../../kernel/database.ts';
import { pagesOf, type Lists } from '../../../kernel/lists.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import { may } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { quotaOf, quotaSpanAt, takenWithin, type Quota } from './stock-quota.ts';
import { householdsOf } from './stock-takers.ts';

/** Whether the viewer sees who has brought and taken what; everybody sees what they have themselves. */
export function seesTakers(standing: Standing, isSteward: boolean): boolean {
  return may(standing, 'stock.read', { isOwn: isSteward }).allowed;
}

const MOVES: Lists<StockMove> = {
  entity: StockMove,
  table: 'stock_move',
  of: 'resource_id',
  by: 'seq',
  type: 'bigint',
  isLatestFirst: true,
  where: '($5::boolean or membership_id = $6)',
};

/** Which moves of stocks are asked for: all of them, or those of a member. */
export interface MovesAsked extends PageRequest {
  seesAll: boolean;
  membershipId: string | null;
}

/** Moves of each of many stocks, newest first. */
export function movesOf(
  db: Db,
  stocks: readonly Resource[],
  { seesAll, membershipId, ...request }: MovesAsked,
): Promise<Page<StockMove>[]> {
  return pagesOf(db, MOVES, { owners: stocks, request, values: [seesAll, membershipId] });
}

/** How far a quota is used up. */
export interface QuotaState extends Quota {
  /** From then on it begins anew. */
  resetsAt: Date;
  /** Null if it is given to households, and it is not clear which one is meant. */
  takenMinor: bigint | null;
  leftMinor: bigint | null;
}

export interface QuotaQuestion {
  resource: Resource;
  /** The household that is meant; the only one of the viewer if null. */
  groupId: string | null;
}

/** How far the quotas of stocks of one network are used up by the viewer or their household; null for stocks without. */
export async function quotaStates(
  db: Db,
  { standing, now }: { standing: Standing; now: Date },
  questions: readonly QuotaQuestion[],
): Promise<(QuotaState | null)[]> {
  const { network, membership } = standing;
  const groupIds = membership ? await householdsOf(db, network.id, membership.id) : [];
  const states = questions.map(({ resource }): QuotaState | null => {
    const quota = quotaOf(resource);
    if (!quota) return null;
    const { endsAt } = quotaSpanAt(now, quota.period, network.timeZone);
    return { ...quota, resetsAt: endsAt, takenMinor: null, leftMinor: null };
  });
  for (const period of ['WEEK', 'MONTH', 'YEAR'] as const) {
    const asked = questions.flatMap(({ resource, groupId }, index) => {
      const state = states[index];
      if (state?.period !== period || !membership) return [];
      const only = groupIds.length === 1 ? groupIds[0]! : null;
      const household = groupId === null ? only : (groupIds.find((id) => id === groupId) ?? null);
      if (state.per === 'GROUP' && household === null) return [];
      const use = { resourceId: resource.id, membershipId: membership.id };
      return [{ state, use: { ...use, groupId: state.per === 'GROUP' ? household : null } }];
    });
    if (asked.length === 0) continue;
    const span = quotaSpanAt(now, period, network.timeZone);
    const taken = await takenWithin(db, network.id, { ...span, uses: asked.map(({ use }) => use) });
    for (const [index, { state }] of asked.entries()) {
      const takenMinor = taken[index] ?? 0n;
      state.takenMinor = takenMinor;
      state.leftMinor = takenMinor < state.limitMinor ? state.limitMinor - takenMinor : 0n;
    }
  }
  return states;
}
