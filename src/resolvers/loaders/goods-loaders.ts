import DataLoader from 'dataloader';
import type { CalendarFeed } from '../../entities/calendar-feed.ts';
import type { Membership } from '../../entities/membership.ts';
import { ResourceShare } from '../../entities/resource-share.ts';
import type { Resource } from '../../entities/resource.ts';
import type { ShareMove } from '../../entities/share-move.ts';
import type { ShareOffer } from '../../entities/share-offer.ts';
import type { StockMove } from '../../entities/stock-move.ts';
import type { Db } from '../../kernel/database.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { Standing } from '../../services/access/standing.ts';
import { feedsOf } from '../../services/pools/calendar/feeds.ts';
import {
  listOpenOffers,
  shareMovesOf,
  sharesOfMembers,
  sharesOfThings,
} from '../../services/pools/ownership/read-shares.ts';
import {
  movesOf,
  quotaStates,
  type MovesAsked,
  type QuotaQuestion,
  type QuotaState,
} from '../../services/pools/stock/read-stock.ts';
import { eachOnce, pages, together } from './together.ts';

/** What lists of stocks and of owned things ask for in each row, read for all rows at once. */
export interface GoodsLoaders {
  /** How far the quota of a stock is used up by the actor or their household; null for a stock without. */
  quota: (question: QuotaQuestion) => Promise<QuotaState | null>;
  /** How many shares of a thing the actor has. */
  ownShares: (resource: Resource) => Promise<number>;
  /** Who owns a thing together. */
  sharesOfThing: (resource: Resource, asked: PageRequest) => Promise<Page<ResourceShare>>;
  /** What a member owns together with others. */
  sharesOfMember: (member: Membership, asked: PageRequest) => Promise<Page<ResourceShare>>;
  /** Offers of shares by a member or to them that wait. */
  shareOffers: (member: Membership, asked: PageRequest) => Promise<Page<ShareOffer>>;
  /** The calendars of a member that programs read. */
  calendarFeeds: (member: Membership) => Promise<CalendarFeed[]>;
  /** How the shares of a thing came to those who have them. */
  shareMoves: (resource: Resource, asked: PageRequest) => Promise<Page<ShareMove>>;
  /** What came into a stock and went out of it. */
  stockMoves: (resource: Resource, asked: MovesAsked) => Promise<Page<StockMove>>;
}

/** @param standing how the actor stands in a network */
export function makeGoodsLoaders(
  db: Db,
  standing: (networkId: string) => Promise<Standing>,
  now: Date,
): GoodsLoaders {
  const quotas = new DataLoader<QuotaQuestion, QuotaState | null, string>(
    async (questions) => {
      const states = new Map<QuotaQuestion, QuotaState | null>();
      for (const networkId of new Set(questions.map(({ resource }) => resource.networkId))) {
        const inNetwork = questions.filter(({ resource }) => resource.networkId === networkId);
        const moment = { standing: await standing(networkId), now };
        const answers = await quotaStates(db, moment, inNetwork);
        for (const [index, question] of inNetwork.entries()) states.set(question, answers[index] ?? null);
      }
      return questions.map((question) => states.get(question) ?? null);
    },
    { cacheKeyFn: ({ resource, groupId }) => `${resource.id} ${groupId ?? ''}` },
  );
  const shares = new DataLoader<Resource, number, string>(
    async (things) => {
      const standings = await Promise.all(things.map(({ networkId }) => standing(networkId)));
      const rows = await db.select(
        ResourceShare,
        'where (network_id, resource_id, membership_id) in (select * from unnest($1::text[], $2::text[], $3::text[]))',
        [
          things.map(({ networkId }) => networkId),
          things.map(({ id }) => id),
          standings.map(({ membership }) => membership?.id ?? null),
        ],
      );
      const counts = new Map(rows.map(({ resourceId, shareCount }) => [resourceId, shareCount]));
      return things.map(({ id }) => counts.get(id) ?? 0);
    },
    { cacheKeyFn: ({ id }) => id },
  );
  return {
    quota: (question) => quotas.load(question),
    ownShares: (resource) => shares.load(resource),
    sharesOfThing: pages((things, asked) => sharesOfThings(db, things, asked)),
    sharesOfMember: pages((members, asked) => sharesOfMembers(db, members, asked)),
    shareOffers: pages((members, asked) => eachOnce(members, (member) => listOpenOffers(db, member, asked))),
    calendarFeeds: together((members) => eachOnce(members, (member) => feedsOf(db, member))),
    shareMoves: pages((things, asked) => shareMovesOf(db, things, asked)),
    stockMoves: pages((stocks, asked) => movesOf(db, stocks, asked)),
  };
}
