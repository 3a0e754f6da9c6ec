import { Pool } from '../../entities/pool.ts';
import { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { boundedText, capitalised, optionalText } from '../../kernel/text.ts';
import { handlersByKind, type ActionHandler } from '../access/action-handler.ts';
import { accountInWords, accountNamed } from '../ledger/accounts-in-words.ts';
import { requirePayable, transferPost } from '../ledger/ledger-actions.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from '../ledger/transfers.ts';
import { unitOf } from '../ledger/unit-of.ts';
import { movesNothing } from '../networks/membership-actions.ts';
import { formatAmount } from '../../kernel/money.ts';
import { acquireResource, type AcquireResource } from './acquire.ts';
import { sharesIssue } from './ownership/issue-action.ts';
import { setPoolRules, type SetPoolRules } from './pools.ts';
import { retireResource, type RetireResource } from './retire.ts';
import { parseRules } from './rules-input.ts';
import { settingsInWords, withoutGaps } from './settings-in-words.ts';

type RulesAction = Omit<SetPoolRules, 'networkId'>;

/** Changes by which rules the things of a pool are booked. */
export const poolRuleSet: ActionHandler<RulesAction> = {
  kind: 'poolRuleSet',
  async read({ db }, networkId, input: RulesAction) {
    const pool = await poolNamed(db, networkId, input.poolId);
    const data: RulesAction = { poolId: pool.id, rules: withoutGaps(input.rules) };
    if (Object.keys(parseRules(data.rules)).length === 0) throw new InvalidInput('REQUIRED', 'rules');
    return { data, sentence: `The rules of the pool ${pool.name} change: ${settingsInWords(data.rules)}.` };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await setPoolRules(tx, { networkId, ...data });
  },
};

type RetireAction = Omit<RetireResource, 'networkId'>;

/** Takes a thing out of its pool. */
export const resourceRetire: ActionHandler<RetireAction> = {
  kind: 'resourceRetire',
  async read({ db }, networkId, input: RetireAction) {
    const id = requireId('resource', input.resourceId, 'resourceId');
    const resource = await db.one(Resource, { networkId, id });
    if (!resource) throw new NotFound('Resource');
    const pool = await poolNamed(db, networkId, resource.poolId);
    const reason = optionalText(input.reason, 'reason', { max: 1_000 });
    const why = reason === null ? '.' : `: ${reason}`;
    return {
      data: { resourceId: id, reason },
      sentence: `${capitalised(resource.name)} leaves the pool ${pool.name}${why}`,
    };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await retireResource(tx, { networkId, ...data });
  },
};

type AcquireAction = Omit<AcquireResource, 'networkId' | 'causeId'>;

/** Buys a thing for a pool from an account of the network. */
export const resourceAcquire: ActionHandler<AcquireAction> = {
  kind: 'resourceAcquire',
  async read({ db }, networkId, input: AcquireAction) {
    const pool = await poolNamed(db, networkId, input.poolId);
    const payer = await accountNamed(db, networkId, { id: input.payerAccountId, path: 'payerAccountId' });
    const payee = await accountNamed(db, networkId, { id: input.payeeAccountId, path: 'payeeAccountId' });
    requirePayable(payer, payee);
    const unit = await unitOf(db, payer);
    const amount = formatAmount(positiveAmount(input.amount, unit, 'amount'), unit.scale);
    const data: AcquireAction = {
      poolId: pool.id,
      resource: withoutGaps(input.resource),
      payerAccountId: payer.id,
      payeeAccountId: payee.id,
      amount,
      description: boundedText(input.description, 'description', DESCRIPTION_BOUNDS),
    };
    const [from, to] = [await accountInWords(db, payer), await accountInWords(db, payee)];
    const paid = `${capitalised(from)} pays ${amount} ${unit.code} to ${to}: ${data.description}`;
    const thing = `For that a thing comes into the pool ${pool.name}: ${settingsInWords(data.resource)}.`;
    return { data, sentence: `${paid}. ${thing}` };
  },
  amountOf: (...payment) => transferPost.amountOf(...payment),
  beneficiaries: (...payment) => transferPost.beneficiaries(...payment),
  async execute(tx, data, { networkId, decisionId }) {
    await acquireResource(tx, { networkId, ...data, causeId: decisionId });
  },
};

async function poolNamed(db: Db, networkId: string, poolId: string): Promise<Pool> {
  const pool = await db.one(Pool, { networkId, id: requireId('pool', poolId, 'poolId') });
  if (!pool) throw new NotFound('Pool');
  return pool;
}

/** What a community decides about what it shares. */
export const poolActions = handlersByKind([poolRuleSet, resourceAcquire, resourceRetire, sharesIssue]);
