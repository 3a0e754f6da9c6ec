import { DuesRule } from '../../entities/dues-rule.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { formatAmount } from '../../kernel/money.ts';
import { handlersByKind, type ActionHandler } from '../access/action-handler.ts';
import { accountInWords, accountNamed } from '../ledger/accounts-in-words.ts';
import { unitIn } from '../ledger/set-policy.ts';
import { movesNothing } from '../networks/membership-actions.ts';
import { retireDues, setDues, type SetDues } from './dues-rules.ts';

export type DuesAction = Omit<SetDues, 'networkId'>;

/** Sets what members give for each period. */
export const duesSet: ActionHandler<DuesAction> = {
  kind: 'duesSet',
  async read({ db }, networkId, input: DuesAction) {
    const { unitId, memberClass = null, amount, period, graceDays, accountId, from = null } = input;
    const unit = await unitIn(db, networkId, unitId);
    const whose = memberClass === null ? 'All members' : `Members of the class ${memberClass}`;
    const data: DuesAction = { unitId: unit.id, memberClass, amount, period, graceDays, accountId, from };
    const since = from === null ? '' : ` from ${from} on`;
    const account = await accountNamed(db, networkId, { id: accountId, path: 'accountId' });
    const dues = `${whose} give ${amount} ${unit.code} each ${period.toLowerCase()}${since}`;
    const days = graceDays === 1 ? '1 day' : `${graceDays} days`;
    const sentence = `${dues}, within ${days}, to ${await accountInWords(db, account)}.`;
    return { data, sentence };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await setDues(tx, { networkId, ...data });
  },
};

/** Ends what members give for each period by one rule. */
export const duesRetire: ActionHandler<{ duesRuleId: string }> = {
  kind: 'duesRetire',
  async read({ db }, networkId, input: { duesRuleId: string }) {
    const id = requireId('duesRule', input.duesRuleId, 'duesRuleId');
    const rule = await db.one(DuesRule, { networkId, id });
    if (!rule) throw new NotFound('DuesRule');
    const unit = await unitIn(db, networkId, rule.unitId);
    const whose = rule.memberClass === null ? 'All members' : `Members of the class ${rule.memberClass}`;
    const amount = formatAmount(rule.amountMinor, unit.scale);
    const sentence = `${whose} give ${amount} ${unit.code} each ${rule.period.toLowerCase()} no longer.`;
    return { data: { duesRuleId: id }, sentence };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await retireDues(tx, { networkId, ...data });
  },
};

/** What a community decides about what its members give. */
export const treasuryActions = handlersByKind([duesSet, duesRetire]);
