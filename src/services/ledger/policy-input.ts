import type { LimitKind, LimitMode, Period, UnitPolicy } from '../../entities/unit-policy.ts';
import type { Unit, UnitKind } from '../../entities/unit.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { parseAmount } from '../../kernel/money.ts';
import { parseRate } from '../../kernel/rates.ts';
import { parseLimits, positiveLimit } from './units.ts';

/** A part of an input: a value sets, null clears, what is absent stays. */
type Section<T> = T | null | undefined;

export interface PolicyInput {
  limits?: Section<LimitsInput>;
  mode?: LimitMode | undefined;
  levies?: Section<LeviesInput>;
  payments?: Section<PaymentsInput>;
  demurrage?: Section<DemurrageInput>;
  closing?: Section<ClosingInput>;
  requestDays?: number | undefined;
}

export interface LimitsInput {
  kind: LimitKind;
  floor?: string | null;
  ceiling?: string | null;
  /** L for a floor of −L and a ceiling of L. */
  symmetric?: string | null;
  turnoverRate?: string | null;
  turnoverDays?: number | null;
  hardFloor?: string | null;
}

export interface LeviesInput {
  payerRate: string;
  payeeRate: string;
  accountId: string;
}

export interface PaymentsInput {
  most?: string | null;
  day?: PaymentLimitInput | null;
  week?: PaymentLimitInput | null;
  month?: PaymentLimitInput | null;
}

export interface PaymentLimitInput {
  amount?: string | null;
  count?: number | null;
}

export interface DemurrageInput {
  rate: string;
  exempt: string;
  period: Period;
  accountId: string;
}

export interface ClosingInput {
  accountId: string;
  takesSurplus: boolean;
  coversDeficit: boolean;
}

// What makes no sense for a kind of unit: points pass to nobody, a gift is given whole and without limits, and shares are
// redeemed at what was paid for them.
const UNFIT: Partial<Record<UnitKind, readonly (keyof PolicyInput)[]>> = {
  POINTS: ['limits', 'levies', 'payments', 'demurrage', 'closing'],
  GIFT: ['limits', 'levies', 'demurrage'],
  SHARE: ['demurrage'],
};

const MAX_TURNOVER_DAYS = 3_660;
const MAX_REQUEST_DAYS = 366;
const MAX_COUNT = 1_000_000;

/**
 * The columns of a policy that an input sets. Accounts are taken as they are named.
 *
 * @throws InvalidInput REQUIRED, INVALID_CHOICE, INVALID_RANGE, INVALID_AMOUNT, TOO_MANY_DECIMALS
 */
export function policyChanges(unit: Unit, input: PolicyInput): Partial<UnitPolicy> {
  for (const section of UNFIT[unit.kind] ?? []) {
    const isNone = section === 'limits' && input.limits?.kind === 'NONE';
    if (input[section] && !isNone) throw new InvalidInput('INVALID_CHOICE', section);
  }
  return {
    ...(input.limits !== undefined && limitColumns(unit, input.limits ?? { kind: 'NONE' })),
    ...(input.mode !== undefined && { limitMode: input.mode }),
    ...(input.levies !== undefined && levyColumns(input.levies)),
    ...(input.payments !== undefined && paymentColumns(unit, input.payments ?? {})),
    ...(input.demurrage !== undefined && demurrageColumns(unit, input.demurrage)),
    ...(input.closing !== undefined && closingColumns(input.closing)),
    ...(input.requestDays !== undefined && {
      requestDays: between(input.requestDays, 'requestDays', { min: 1, max: MAX_REQUEST_DAYS }),
    }),
  };
}

type LimitField = Exclude<keyof LimitsInput, 'kind'>;

const FIELDS: Record<LimitKind, { needed: LimitField[]; possible: LimitField[] }> = {
  NONE: { needed: [], possible: [] },
  FIXED: { needed: [], possible: ['floor', 'ceiling', 'symmetric'] },
  TURNOVER: {
    needed: ['floor', 'turnoverRate', 'turnoverDays'],
    possible: ['floor', 'ceiling', 'turnoverRate', 'turnoverDays', 'hardFloor'],
  },
  GROWTH: { needed: ['floor'], possible: ['floor', 'ceiling', 'hardFloor'] },
};
const LIMIT_FIELDS = ['floor', 'ceiling', 'symmetric', 'turnoverRate', 'turnoverDays', 'hardFloor'] as const;

function limitColumns(unit: Unit, input: LimitsInput): Partial<UnitPolicy> {
  const isGiven = (field: LimitField) => input[field] !== null && input[field] !== undefined;
  const { needed, possible } = FIELDS[input.kind];
  for (const field of LIMIT_FIELDS) {
    if (isGiven(field) && !possible.includes(field))
      throw new InvalidInput('INVALID_CHOICE', `limits.${field}`);
    if (!isGiven(field) && needed.includes(field)) throw new InvalidInput('REQUIRED', `limits.${field}`);
  }
  if (input.kind === 'FIXED' && !possible.some(isGiven)) throw new InvalidInput('REQUIRED', 'limits.floor');
  return {
    limitKind: input.kind,
    ...(isGiven('symmetric') ? symmetricLimits(unit, input) : fixedLimits(unit, input)),
    turnoverPpm: ifGiven(input.turnoverRate, (rate) => parseRate(rate, 'limits.turnoverRate')),
    turnoverDays: ifGiven(input.turnoverDays, (days) =>
      between(days, 'limits.turnoverDays', { min: 1, max: MAX_TURNOVER_DAYS }),
    ),
    hardFloorMinor: ifGiven(input.hardFloor, (hardFloor) => hardFloorOf(unit, hardFloor, input.floor ?? '0')),
  };
}

function fixedLimits({ scale }: Unit, { floor, ceiling }: LimitsInput) {
  return parseLimits({ floor: floor ?? null, ceiling: ceiling ?? null }, scale, {
    floor: 'limits.floor',
    ceiling: 'limits.ceiling',
  });
}

function symmetricLimits({ scale }: Unit, { floor, ceiling, symmetric }: LimitsInput) {
  if (floor || ceiling) throw new InvalidInput('INVALID_CHOICE', 'limits.symmetric');
  const ceilingMinor = parseAmount(symmetric ?? '', scale, 'limits.symmetric');
  if (ceilingMinor < 0n) throw new InvalidInput('INVALID_RANGE', 'limits.symmetric', { min: 0 });
  return { floorMinor: -ceilingMinor, ceilingMinor };
}

/** No account is ever allowed less than this, so it lies at the floor or below. */
function hardFloorOf({ scale }: Unit, hardFloor: string, floor: string): bigint {
  const minor = parseAmount(hardFloor, scale, 'limits.hardFloor');
  if (minor > parseAmount(floor, scale, 'limits.floor')) {
    throw new InvalidInput('INVALID_RANGE', 'limits.hardFloor', { max: floor });
  }
  return minor;
}

function levyColumns(input: LeviesInput | null): Partial<UnitPolicy> {
  if (!input) return { payerLevyPpm: 0, payeeLevyPpm: 0, levyAccountId: null };
  return {
    payerLevyPpm: parseRate(input.payerRate, 'levies.payerRate'),
    payeeLevyPpm: parseRate(input.payeeRate, 'levies.payeeRate'),
    levyAccountId: input.accountId,
  };
}

function paymentColumns(unit: Unit, { most, day, week, month }: PaymentsInput): Partial<UnitPolicy> {
  const amount = (text: string | null | undefined, path: string) =>
    ifGiven(text, (given) => positiveLimit(given, unit, `payments.${path}`));
  const count = (number: number | null | undefined, path: string) =>
    ifGiven(number, (given) => between(given, `payments.${path}`, { min: 1, max: MAX_COUNT }));
  return {
    paymentMaxMinor: amount(most, 'most'),
    dayMaxMinor: amount(day?.amount, 'day.amount'),
    dayMaxCount: count(day?.count, 'day.count'),
    weekMaxMinor: amount(week?.amount, 'week.amount'),
    weekMaxCount: count(week?.count, 'week.count'),
    monthMaxMinor: amount(month?.amount, 'month.amount'),
    monthMaxCount: count(month?.count, 'month.count'),
  };
}

function demurrageColumns({ scale }: Unit, input: DemurrageInput | null): Partial<UnitPolicy> {
  if (!input) {
    return {
      demurragePpm: 0,
      demurrageExemptMinor: 0n,
      demurragePeriod: null,
      demurrageAccountId: null,
    };
  }
  const demurrageExemptMinor = parseAmount(input.exempt, scale, 'demurrage.exempt');
  if (demurrageExemptMinor < 0n) throw new InvalidInput('INVALID_RANGE', 'demurrage.exempt', { min: 0 });
  return {
    demurragePpm: parseRate(input.rate, 'demurrage.rate'),
    demurrageExemptMinor,
    demurragePeriod: input.period,
    demurrageAccountId: input.accountId,
  };
}

function closingColumns(input: ClosingInput | null): Partial<UnitPolicy> {
  const { accountId, takesSurplus, coversDeficit } = input ?? NO_CLOSING;
  return { closingAccountId: accountId, takesSurplus, coversDeficit };
}

const NO_CLOSING = { accountId: null, takesSurplus: false, coversDeficit: false };

function ifGiven<T, R>(value: T | null | undefined, read: (given: T) => R): R | null {
  return value === null || value === undefined ? null : read(value);
}

function between(value: number, path: string, { min, max }: { min: number; max: number }): number {
  if (value < min || value > max) throw new InvalidInput('INVALID_RANGE', path, { min, max });
  return value;
}
