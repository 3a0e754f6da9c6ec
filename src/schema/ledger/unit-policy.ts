import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import {
  LIMIT_KINDS,
  LIMIT_MODES,
  PERIODS,
  type LimitKind,
  type LimitMode,
  type Period,
  type UnitPolicy,
} from '../../entities/unit-policy.ts';
import type { Unit } from '../../entities/unit.ts';
import { formatRate } from '../../kernel/rates.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { moneyOf, MoneyType } from '../common/money.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { UnitType } from './unit.ts';

export const LimitKindEnum = enumOf('LimitKind', LIMIT_KINDS, 'How the limits of an account come about.', {
  NONE: 'There are none.',
  FIXED: 'The same floor and ceiling for every account.',
  TURNOVER: 'The floor lies deeper by a part of what the account received in the last days.',
  GROWTH: 'The floor lies deeper by all that the account ever received.',
});

export const LimitModeEnum = enumOf('LimitMode', LIMIT_MODES, 'What a limit does.', {
  BLOCK: 'It refuses the transfer.',
  WARN: 'It lets the transfer pass and marks it as beyond a limit.',
});

export const PeriodEnum = enumOf('Period', PERIODS, 'How often something comes round.', {
  MONTH: 'Each calendar month, written `2026-03`.',
  QUARTER: 'Each quarter of a calendar year, written `2026-Q1`.',
  YEAR: 'Each calendar year, written `2026`.',
});

@ObjectType('UnitLimits', { description: 'The limits of accounts that have none of their own.' })
export class UnitLimitsType {
  @Field(() => LimitKindEnum, { description: 'How they come about.' })
  kind: LimitKind;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'Lowest balance; for TURNOVER and GROWTH that of an account which received nothing.',
  })
  floor: ReturnType<typeof moneyOf> | null;

  @Field(() => MoneyType, { nullable: true, description: 'Highest balance.' })
  ceiling: ReturnType<typeof moneyOf> | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'For TURNOVER: the part of what was received that is added to the credit.',
  })
  turnoverRate: string | null;

  @Field(() => Int, { nullable: true, description: 'For TURNOVER: within how many days it was received.' })
  turnoverDays: number | null;

  @Field(() => MoneyType, {
    nullable: true,
    description: 'For TURNOVER and GROWTH: the lowest balance that any account can come to be allowed.',
  })
  hardFloor: ReturnType<typeof moneyOf> | null;
}

@ObjectType('PaymentLimit', { description: 'How much an account may pay within a time.' })
export class PaymentLimitType {
  @Field(() => MoneyType, { nullable: true, description: 'All payments together; null for no limit.' })
  amount: ReturnType<typeof moneyOf> | null;

  @Field(() => Int, { nullable: true, description: 'How many payments; null for no limit.' })
  count: number | null;
}

@ObjectType('PaymentLimits', { description: 'How much an account may pay at once and within a time.' })
export class PaymentLimitsType {
  @Field(() => MoneyType, { nullable: true, description: 'A single payment; null for no limit.' })
  most: ReturnType<typeof moneyOf> | null;

  @Field(() => PaymentLimitType, { description: 'Within 24 hours.' })
  day: PaymentLimitType;

  @Field(() => PaymentLimitType, { description: 'Within 7 days.' })
  week: PaymentLimitType;

  @Field(() => PaymentLimitType, { description: 'Within 30 days.' })
  month: PaymentLimitType;
}

@ObjectType('Levies', { description: 'What each trade gives to the community.' })
export class LeviesType {
  @Field(() => DecimalScalar, { description: 'The part of the amount that the payer gives beside it.' })
  payerRate: string;

  @Field(() => DecimalScalar, { description: 'The part of the amount that the payee gives of it.' })
  payeeRate: string;

  /** Shown as an account to members. */
  accountId: string | null;
}

@ObjectType('Demurrage', { description: 'What balances above an exempt amount give each period.' })
export class DemurrageType {
  @Field(() => DecimalScalar, { description: 'The part of the balance above the exempt amount.' })
  rate: string;

  @Field(() => MoneyType, { description: 'The part of a balance that gives nothing.' })
  exempt: ReturnType<typeof moneyOf>;

  @Field(() => PeriodEnum, { description: 'How often.' })
  period: Period;

  /** Shown as an account to members. */
  accountId: string | null;
}

@ObjectType('ClosingRule', { description: 'What becomes of the balance of an account that closes.' })
export class ClosingRuleType {
  @Field(() => Boolean, { description: 'Whether what is left goes to the account of the community.' })
  takesSurplus: boolean;

  @Field(() => Boolean, { description: 'Whether the account of the community makes up for what is owed.' })
  coversDeficit: boolean;

  /** Shown as an account to members. */
  accountId: string | null;
}

@ObjectType('UnitPolicy', { description: 'One version of the rules of a unit. Versions never change.' })
export class UnitPolicyType implements Pick<UnitPolicy, 'version' | 'requestDays' | 'setAt'> {
  @Field(() => Int, { description: 'Counts up from 1.' })
  version: number;

  @Field(() => Int, { description: 'How many days a request waits for an answer.' })
  requestDays: number;

  @Field(() => DateTimeScalar, { description: 'When it was set.' })
  setAt: Date;
}

export const UnitPolicyConnection = connectionOf<UnitPolicy>('UnitPolicy', () => UnitPolicyType);

@ObjectType('UnitViewerCan', { description: 'What the viewer may do with a unit.' })
export class UnitViewerCanType {
  @Field(() => PermissionType, { description: 'Set its policy.' })
  setPolicy: PermissionType;

  @Field(() => PermissionType, { description: 'Set and end dues in it.' })
  setDues: PermissionType;

  @Field(() => PermissionType, {
    description: 'Charge demurrage and dues, and see beforehand what that comes to.',
  })
  runCharges: PermissionType;
}

/** What clients see of the limits of a policy. */
export function limitsOfPolicy(policy: UnitPolicy, unit: Unit): UnitLimitsType {
  const money = (minor: bigint | null) => (minor === null ? null : moneyOf(minor, unit));
  return {
    kind: policy.limitKind,
    floor: money(policy.floorMinor),
    ceiling: money(policy.ceilingMinor),
    turnoverRate: policy.turnoverPpm === null ? null : formatRate(policy.turnoverPpm),
    turnoverDays: policy.turnoverDays,
    hardFloor: money(policy.hardFloorMinor),
  };
}

/** What clients see of the limits on payments; null if there are none. */
export function paymentsOfPolicy(policy: UnitPolicy, unit: Unit): PaymentLimitsType | null {
  const money = (minor: bigint | null) => (minor === null ? null : moneyOf(minor, unit));
  const payments: PaymentLimitsType = {
    most: money(policy.paymentMaxMinor),
    day: { amount: money(policy.dayMaxMinor), count: policy.dayMaxCount },
    week: { amount: money(policy.weekMaxMinor), count: policy.weekMaxCount },
    month: { amount: money(policy.monthMaxMinor), count: policy.monthMaxCount },
  };
  const { most, day, week, month } = payments;
  const all = [most, day.amount, day.count, week.amount, week.count, month.amount, month.count];
  return all.every((limit) => limit === null) ? null : payments;
}

/** What clients see of the levies; null if there are none. */
export function leviesOfPolicy({ payerLevyPpm, payeeLevyPpm, levyAccountId }: UnitPolicy): LeviesType | null {
  if (payerLevyPpm + payeeLevyPpm === 0) return null;
  return {
    payerRate: formatRate(payerLevyPpm),
    payeeRate: formatRate(payeeLevyPpm),
    accountId: levyAccountId,
  };
}

/** What clients see of demurrage; null if there is none. */
export function demurrageOfPolicy(policy: UnitPolicy, unit: Unit): DemurrageType | null {
  if (policy.demurragePpm === 0 || policy.demurragePeriod === null) return null;
  return {
    rate: formatRate(policy.demurragePpm),
    exempt: moneyOf(policy.demurrageExemptMinor, unit),
    period: policy.demurragePeriod,
    accountId: policy.demurrageAccountId,
  };
}

/** What clients see of the rule for closing; null if accounts close at zero only. */
export function closingOfPolicy(policy: UnitPolicy): ClosingRuleType | null {
  const { takesSurplus, coversDeficit, closingAccountId } = policy;
  return takesSurplus || coversDeficit ? { takesSurplus, coversDeficit, accountId: closingAccountId } : null;
}

@InputType({ description: 'Limits for all accounts that have none of their own, given whole.' })
export class UnitLimitsInput {
  @Field(() => LimitKindEnum, { description: 'How they come about.' })
  kind: LimitKind;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Lowest balance, zero or less; needed for TURNOVER and GROWTH.',
  })
  floor?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Highest balance, zero or more.' })
  ceiling?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'For FIXED, in place of floor and ceiling: the same distance from zero either way.',
  })
  symmetric?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'For TURNOVER: the part of what was received that is added to the credit, 0 to 1, at most 6 decimals.',
  })
  turnoverRate?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For TURNOVER: within how many days it was received, 1 to 3660.',
  })
  turnoverDays?: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'For TURNOVER and GROWTH: the floor never lies deeper than this.',
  })
  hardFloor?: string | null;
}

@InputType({ description: 'What each trade gives to the community, given whole.' })
export class LeviesInput {
  @Field(() => DecimalScalar, {
    description: 'The part of the amount that the payer gives beside it, 0 to 1, at most 6 decimals.',
  })
  payerRate: string;

  @Field(() => DecimalScalar, {
    description: 'The part of the amount that the payee gives of it, 0 to 1, at most 6 decimals.',
  })
  payeeRate: string;

  @Field(() => ID, { description: 'Where it goes: an open account of the network in this unit.' })
  accountId: string;
}

@InputType({ description: 'How much an account may pay within a time.' })
export class PaymentLimitInput {
  @Field(() => DecimalScalar, { nullable: true, description: 'All payments together; null for no limit.' })
  amount?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many payments; null for no limit.' })
  count?: number | null;
}

@InputType({ description: 'How much an account may pay at once and within a time, given whole.' })
export class PaymentLimitsInput {
  @Field(() => DecimalScalar, { nullable: true, description: 'A single payment; null for no limit.' })
  most?: string | null;

  @Field(() => PaymentLimitInput, { nullable: true, description: 'Within 24 hours.' })
  day?: PaymentLimitInput | null;

  @Field(() => PaymentLimitInput, { nullable: true, description: 'Within 7 days.' })
  week?: PaymentLimitInput | null;

  @Field(() => PaymentLimitInput, { nullable: true, description: 'Within 30 days.' })
  month?: PaymentLimitInput | null;
}

@InputType({ description: 'What balances above an exempt amount give each period, given whole.' })
export class DemurrageInput {
  @Field(() => DecimalScalar, {
    description: 'The part of the balance above the exempt amount, 0 to 1, at most 6 decimals.',
  })
  rate: string;

  @Field(() => DecimalScalar, { description: 'The part of a balance that gives nothing, zero or more.' })
  exempt: string;

  @Field(() => PeriodEnum, { description: 'How often.' })
  period: Period;

  @Field(() => ID, { description: 'Where it goes: an open account of the network in this unit.' })
  accountId: string;
}

@InputType({ description: 'What becomes of the balance of an account that closes, given whole.' })
export class ClosingRuleInput {
  @Field(() => ID, {
    description: 'Where it goes or comes from: an open account of the network in this unit.',
  })
  accountId: string;

  @Field(() => Boolean, { description: 'Whether what is left goes to that account.' })
  takesSurplus: boolean;

  @Field(() => Boolean, { description: 'Whether that account makes up for what is owed.' })
  coversDeficit: boolean;
}

@InputType({
  description:
    'Puts the next version of the policy of a unit in force. Absent parts stay as they are, null takes a part away.',
})
export class UnitPolicySetActionInput {
  @Field(() => ID, { description: 'The unit.' })
  unitId: string;

  @Field(() => Int, { description: 'The version in force, as the client has seen it.' })
  version: number;

  @Field(() => UnitLimitsInput, { nullable: true, description: 'Limits; null for none.' })
  limits?: UnitLimitsInput | null;

  @Field(() => LimitModeEnum, { nullable: true, description: 'What a limit does.' })
  mode?: LimitMode;

  @Field(() => LeviesInput, { nullable: true, description: 'Levies; null for none.' })
  levies?: LeviesInput | null;

  @Field(() => PaymentLimitsInput, { nullable: true, description: 'Limits on payments; null for none.' })
  payments?: PaymentLimitsInput | null;

  @Field(() => DemurrageInput, { nullable: true, description: 'Demurrage; null for none.' })
  demurrage?: DemurrageInput | null;

  @Field(() => ClosingRuleInput, {
    nullable: true,
    description: 'What becomes of the balance of an account that closes; null if it must be zero.',
  })
  closing?: ClosingRuleInput | null;

  @Field(() => Int, { nullable: true, description: 'How many days a request waits for an answer, 1 to 366.' })
  requestDays?: number;
}

@InputType({
  description:
    'The next version of the policy of a unit. Absent parts stay as they are, null takes a part away.',
})
export class UnitPolicySetInput extends UnitPolicySetActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The unit with its new policy, or why nothing changed.' })
export class UnitPolicySetPayload extends MutationPayload {
  @Field(() => UnitType, { nullable: true, description: 'The unit.' })
  unit?: UnitType;
}
