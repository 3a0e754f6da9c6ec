import { Unit } from '../../entities/unit.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { capitalised } from '../../kernel/text.ts';
import type { Db } from '../../kernel/database.ts';
import type { ActionHandler } from '../access/action-handler.ts';
import { movesNothing } from '../networks/membership-actions.ts';
import { accountInWords, accountNamed } from './accounts-in-words.ts';
import { rateOf, retireRate, setRate, type SetRate } from './conversion-rates.ts';
import { policyChanges, type PolicyInput } from './policy-input.ts';
import { setPolicy, unitIn, type SetPolicy } from './set-policy.ts';

export type PolicyAction = Omit<SetPolicy, 'networkId'>;

const PARTS = ['limits', 'mode', 'levies', 'payments', 'demurrage', 'closing', 'requestDays'] as const;

/** Puts a new version of a unit’s policy in force. */
export const unitPolicySet: ActionHandler<PolicyAction> = {
  kind: 'unitPolicySet',
  async read({ db }, networkId, input: PolicyAction) {
    const unit = await unitIn(db, networkId, input.unitId);
    const given = PARTS.filter((part) => input[part] !== undefined);
    if (given.length === 0) throw new InvalidInput('REQUIRED', 'limits');
    if (input.mode === null) throw new InvalidInput('REQUIRED', 'mode');
    if (input.requestDays === null) throw new InvalidInput('REQUIRED', 'requestDays');
    policyChanges(unit, input);
    const data: PolicyAction = {
      unitId: unit.id,
      version: input.version,
      ...Object.fromEntries(given.map((part) => [part, input[part]])),
    };
    const changes: string[] = [];
    for (const part of given) {
      const account = await accountOfPart(db, networkId, part, input[part]);
      changes.push([`${part} ${valueInWords(input[part])}`, ...account].join(', '));
    }
    return { data, sentence: `The policy of ${unit.code} changes: ${changes.join('; ')}.` };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await setPolicy(tx, { networkId, ...data });
  },
};

/** The numbers of a part; its account is told by its name. */
function valueInWords(value: string | number | boolean | object | null | undefined): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .filter(([field, given]) => given !== undefined && !field.endsWith('Id'))
    .map(([field, given]: [string, PolicyInput[keyof PolicyInput]]) => {
      const words = valueInWords(given);
      return given !== null && typeof given === 'object' ? `${field} (${words})` : `${field} ${words}`;
    })
    .join(', ');
}

async function accountOfPart(
  db: Db,
  networkId: string,
  part: (typeof PARTS)[number],
  value: PolicyInput[keyof PolicyInput],
): Promise<string[]> {
  if (typeof value !== 'object' || value === null || !('accountId' in value)) return [];
  const named = { id: value.accountId, path: `${part}.accountId` };
  return [`account ${await accountInWords(db, await accountNamed(db, networkId, named))}`];
}

export type RateAction = Omit<SetRate, 'networkId'>;

/** Decides what an amount of one unit is worth in another. */
export const conversionRateSet: ActionHandler<RateAction> = {
  kind: 'conversionRateSet',
  async read({ db }, networkId, input: RateAction) {
    const from = await unitNamed(db, networkId, { id: input.fromUnitId, path: 'fromUnitId' });
    const to = await unitNamed(db, networkId, { id: input.toUnitId, path: 'toUnitId' });
    const receives = await accountNamed(db, networkId, { id: input.fromAccountId, path: 'fromAccountId' });
    const pays = await accountNamed(db, networkId, { id: input.toAccountId, path: 'toAccountId' });
    const { numerator, denominator } = input;
    const data: RateAction = {
      fromUnitId: from.id,
      toUnitId: to.id,
      numerator,
      denominator,
      fromAccountId: receives.id,
      toAccountId: pays.id,
    };
    const rate = `${denominator} ${from.code} become ${numerator} ${to.code}`;
    const accounts = `${capitalised(await accountInWords(db, receives))} receives, ${await accountInWords(db, pays)} pays`;
    return { data, sentence: `${rate}. ${accounts}.` };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await setRate(tx, { networkId, ...data });
  },
};

/** Decides that there is no rate any more. */
export const conversionRateRetire: ActionHandler<{ rateId: string }> = {
  kind: 'conversionRateRetire',
  async read({ db }, networkId, input: { rateId: string }) {
    const rate = await rateOf(db, networkId, requireId('conversionRate', input.rateId, 'rateId'));
    const from = await unitNamed(db, networkId, { id: rate.fromUnitId, path: 'rateId' });
    const to = await unitNamed(db, networkId, { id: rate.toUnitId, path: 'rateId' });
    return { data: { rateId: rate.id }, sentence: `${from.code} become no ${to.code} any more.` };
  },
  amountOf: movesNothing,
  beneficiaries: async () => [],
  async execute(tx, data, { networkId }) {
    await retireRate(tx, { networkId, ...data });
  },
};

async function unitNamed(
  db: Db,
  networkId: string,
  { id, path }: { id: string; path: string },
): Promise<Unit> {
  const unit = await db.one(Unit, { networkId, id: requireId('unit', id, path) });
  if (!unit) throw new NotFound('Unit');
  return unit;
}
