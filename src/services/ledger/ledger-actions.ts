import type { Account } from '../../entities/account.ts';
import { formatAmount } from '../../kernel/money.ts';
import { boundedText, capitalised } from '../../kernel/text.ts';
import { handlersByKind, type ActionHandler } from '../access/action-handler.ts';
import { movesNothing } from '../networks/membership-actions.ts';
import { accountInWords, accountNamed, beneficiariesOf } from './accounts-in-words.ts';
import { setLimits } from './accounts.ts';
import { SameAccount, UnitMismatch } from './errors.ts';
import { conversionRateRetire, conversionRateSet, unitPolicySet } from './rule-actions.ts';
import { createTransfers } from './transfer-lines.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from './transfers.ts';
import { unitOf } from './unit-of.ts';
import { parseLimits } from './units.ts';
import { InvalidInput } from '../../kernel/errors.ts';

export interface LimitAction {
  accountId: string;
  followsPolicy: boolean;
  floor: string | null;
  ceiling: string | null;
}

export interface LimitActionInput {
  accountId: string;
  followsPolicy: boolean;
  floor?: string | null;
  ceiling?: string | null;
}

/** Gives an account limits of its own, or those of its unit’s policy. */
export const limitSet: ActionHandler<LimitAction> = {
  kind: 'limitSet',
  async read({ db }, networkId, input: LimitActionInput) {
    const { accountId, followsPolicy, floor = null, ceiling = null } = input;
    const account = await accountNamed(db, networkId, { id: accountId, path: 'accountId' });
    const unit = await unitOf(db, account);
    parseLimits({ floor, ceiling }, unit.scale, { floor: 'floor', ceiling: 'ceiling' });
    const limit = (text: string | null) => (text === null ? 'none' : `${text} ${unit.code}`);
    const limits = followsPolicy
      ? `follows the policy of ${unit.code}`
      : `has limits of its own: floor ${limit(floor)}, ceiling ${limit(ceiling)}`;
    const data = { accountId: account.id, followsPolicy, floor, ceiling };
    return { data, sentence: `${capitalised(await accountInWords(db, account))} ${limits}.` };
  },
  amountOf: movesNothing,
  beneficiaries: async (db, networkId, { accountId }) =>
    beneficiariesOf(db, await accountNamed(db, networkId, { id: accountId, path: 'accountId' })),
  async execute(tx, data, { networkId }) {
    await setLimits(tx, { networkId, ...data });
  },
};

export interface PaymentAction {
  payerAccountId: string;
  payeeAccountId: string;
  amount: string;
  description: string;
}

/** Pays from an account of the network. */
export const transferPost: ActionHandler<PaymentAction> = {
  kind: 'transferPost',
  async read({ db }, networkId, input: PaymentAction) {
    const payer = await accountNamed(db, networkId, { id: input.payerAccountId, path: 'payerAccountId' });
    const payee = await accountNamed(db, networkId, { id: input.payeeAccountId, path: 'payeeAccountId' });
    requirePayable(payer, payee);
    const unit = await unitOf(db, payer);
    const amountMinor = positiveAmount(input.amount, unit, 'amount');
    const data: PaymentAction = {
      payerAccountId: payer.id,
      payeeAccountId: payee.id,
      amount: formatAmount(amountMinor, unit.scale),
      description: boundedText(input.description, 'description', DESCRIPTION_BOUNDS),
    };
    const [from, to] = [await accountInWords(db, payer), await accountInWords(db, payee)];
    const sentence = `${capitalised(from)} pays ${data.amount} ${unit.code} to ${to}: ${data.description}`;
    return { data, sentence };
  },
  async amountOf(db, networkId, { payerAccountId, amount }) {
    const payer = await accountNamed(db, networkId, { id: payerAccountId, path: 'payerAccountId' });
    const unit = await unitOf(db, payer);
    return { minor: positiveAmount(amount, unit, 'amount'), unit };
  },
  beneficiaries: async (db, networkId, { payeeAccountId }) =>
    beneficiariesOf(db, await accountNamed(db, networkId, { id: payeeAccountId, path: 'payeeAccountId' })),
  async execute(tx, line, { networkId, decisionId }) {
    await createTransfers(tx, { networkId, lines: [line], causeId: decisionId });
  },
};

/** What members own is theirs to give: a decision pays from what all own. */
export function requirePayable(payer: Account, payee: Account): void {
  if (payer.holderKind !== 'NETWORK') throw new InvalidInput('INVALID_CHOICE', 'payerAccountId');
  if (payer.id === payee.id) throw new SameAccount();
  if (payer.unitId !== payee.unitId) throw new UnitMismatch('payeeAccountId');
}

/** What a community decides about its accounts and units. */
export const ledgerActions = handlersByKind([
  limitSet,
  transferPost,
  unitPolicySet,
  conversionRateSet,
  conversionRateRetire,
]);
