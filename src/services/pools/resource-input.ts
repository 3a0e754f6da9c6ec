import type { Network } from '../../entities/network.ts';
import type {
  Condition,
  FeePeriod,
  OpeningScope,
  QuotaHolder,
  QuotaPeriod,
  Resource,
} from '../../entities/resource.ts';
import type { Unit } from '../../entities/unit.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { formatAmount, MAX_AMOUNT_MINOR, parseAmount } from '../../kernel/money.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import { parsePlace, type PlaceInput } from '../networks/places.ts';
import { PoolConflict, ResourceKindMismatch } from './errors.ts';
import { parseOpening, type OpeningGiven } from './opening-input.ts';
import { definedOf, refuseEmpty, requireInBounds } from './rules-input.ts';

/** The own rules of a thing as clients give them: absent leaves what was, null takes the pool’s. */
export interface ResourceRulesGiven {
  needsApproval?: boolean | null;
  leadMinutes?: number | null;
  longestMinutes?: number | null;
  bufferBeforeMinutes?: number | null;
  bufferAfterMinutes?: number | null;
  opening?: OpeningGiven | null;
  openingScope?: OpeningScope;
}

export interface FeeGiven {
  per: FeePeriod;
  amount: string;
}

/** What members of a class pay in place of the fee. */
export interface RateGiven {
  memberClass: string;
  amount: string;
}

/** What clients say of a thing: absent leaves what was, null takes it away. */
export interface ResourceGiven {
  name?: string;
  description?: string | null;
  instructions?: string | null;
  condition?: Condition;
  place?: PlaceInput | null;
  rules?: ResourceRulesGiven;
  value?: string | null;
  fee?: FeeGiven | null;
  rates?: readonly RateGiven[];
  deposit?: string | null;
  lateFee?: FeeGiven | null;
  quota?: { amount: string; per: QuotaHolder; period: QuotaPeriod } | null;
}

/** What the amounts of a thing are counted in. */
export interface ResourceUnits {
  network: Network;
  /** The unit of the pool; null if it has none. */
  unit: Unit | null;
  /** The decimals of a stock; null for what is booked. */
  stockScale: number | null;
}

export const QUANTITY_BOUNDS = { min: 1, max: 100_000 };
const MAX_FEE_MINOR = 10n ** 12n;
const MAX_RATES = 20;

/**
 * What changes of a thing, but for its class rates.
 *
 * @throws InvalidInput, PoolConflict NO_UNIT, ResourceKindMismatch
 */
export function parseResource(given: ResourceGiven, units: ResourceUnits): Partial<Resource> {
  refuseEmpty(given, ['name', 'condition', 'rules']);
  const { name, description, instructions, condition, place, rules } = given;
  return {
    ...definedOf({ condition }),
    ...(name !== undefined && { name: boundedText(name, 'name', { max: 120 }) }),
    ...(description !== undefined && { description: wording(description, 'description') }),
    ...(instructions !== undefined && { instructions: wording(instructions, 'instructions') }),
    ...(place !== undefined && parsePlace(place, 'EXACT')),
    ...(rules !== undefined && parseOwnRules(rules)),
    ...parseCosts(given, units),
    ...parseQuota(given, units),
  };
}

function wording(text: string | null, path: string): string {
  return optionalText(text, path, { max: 5_000 }) ?? '';
}

function parseOwnRules(rules: ResourceRulesGiven): Partial<Resource> {
  refuseEmpty(rules, ['openingScope'], 'rules.');
  const { opening, ...plain } = rules;
  requireInBounds(plain, 'rules.');
  return {
    ...definedOf(plain),
    ...(opening !== undefined && { opening: opening && parseOpening(opening, 'rules.opening') }),
  };
}

function parseCosts(given: ResourceGiven, units: ResourceUnits): Partial<Resource> {
  const { value, fee, deposit, lateFee } = given;
  if (units.stockScale !== null && (fee || deposit || lateFee)) throw new ResourceKindMismatch('fee');
  const amount = (text: string, path: string, max: bigint) => costOf(units, { text, path, max });
  return {
    ...(value !== undefined && {
      valueMinor: value === null ? null : amount(value, 'value', MAX_AMOUNT_MINOR),
    }),
    ...(fee !== undefined && {
      feePer: fee && fee.per,
      feeMinor: fee ? amount(fee.amount, 'fee.amount', MAX_FEE_MINOR) : 0n,
    }),
    ...(deposit !== undefined && {
      depositMinor: deposit ? amount(deposit, 'deposit', MAX_AMOUNT_MINOR) : 0n,
    }),
    ...(lateFee !== undefined && {
      lateFeePer: lateFee && lateFee.per,
      lateFeeMinor: lateFee ? amount(lateFee.amount, 'lateFee.amount', MAX_FEE_MINOR) : 0n,
    }),
  };
}

/** Zero or more of the pool’s unit. */
function costOf(
  { unit }: ResourceUnits,
  { text, path, max }: { text: string; path: string; max: bigint },
): bigint {
  if (!unit) throw new PoolConflict('NO_UNIT');
  const minor = parseAmount(text, unit.scale, path);
  if (minor < 0n || minor > max) {
    throw new InvalidInput('INVALID_AMOUNT', path, { max: formatAmount(max, unit.scale) });
  }
  return minor;
}

function parseQuota({ quota }: ResourceGiven, { stockScale }: ResourceUnits): Partial<Resource> {
  if (quota === undefined) return {};
  if (quota === null) return { quotaMinor: null, quotaPer: null, quotaPeriod: null };
  if (stockScale === null) throw new ResourceKindMismatch('quota');
  const quotaMinor = parseAmount(quota.amount, stockScale, 'quota.amount');
  if (quotaMinor <= 0n || quotaMinor > MAX_AMOUNT_MINOR)
    throw new InvalidInput('INVALID_AMOUNT', 'quota.amount');
  return { quotaMinor, quotaPer: quota.per, quotaPeriod: quota.period };
}

/**
 * What members of some classes pay, in minor units by class.
 *
 * @throws InvalidInput INVALID_RANGE, INVALID_CHOICE, INVALID_AMOUNT, PoolConflict NO_UNIT
 */
export function parseRates(rates: readonly RateGiven[], units: ResourceUnits): Map<string, bigint> {
  if (rates.length > MAX_RATES) throw new InvalidInput('INVALID_RANGE', 'rates', { min: 0, max: MAX_RATES });
  const choices = units.network.memberClasses.map(({ code }) => code);
  const byClass = new Map<string, bigint>();
  for (const [index, { memberClass, amount }] of rates.entries()) {
    if (!choices.includes(memberClass) || byClass.has(memberClass)) {
      throw new InvalidInput('INVALID_CHOICE', `rates.${index}.memberClass`, { choices });
    }
    byClass.set(
      memberClass,
      costOf(units, { text: amount, path: `rates.${index}.amount`, max: MAX_FEE_MINOR }),
    );
  }
  return byClass;
}
