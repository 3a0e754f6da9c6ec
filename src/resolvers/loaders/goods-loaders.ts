import DataLoader from 'dataloader';
import type { Db } from '../../kernel/database.ts';
import type { Standing } from '../../services/access/standing.ts';
import { quotaStates, type QuotaQuestion, type QuotaState } from '../../services/pools/stock/read-stock.ts';

/** What lists of stocks and of owned things ask for in each row, read for all rows at once. */
export interface GoodsLoaders {
  /** How far the quota of a stock is used up by the actor or their household; null for a stock without. */
  quota: (question: QuotaQuestion) => Promise<QuotaState | null>;
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
  return { quota: (question) => quotas.load(question) };
}
