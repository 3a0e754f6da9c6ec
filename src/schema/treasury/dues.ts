import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DUES_STATES, type DuesCharge, type DuesState } from '../../entities/dues-charge.ts';
import type { DuesRule } from '../../entities/dues-rule.ts';
import type { Period } from '../../entities/unit-policy.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { PeriodEnum } from '../ledger/unit-policy.ts';
import { ChargeRunType, DemurrageRunInput } from './demurrage.ts';

export const DuesStateEnum = enumOf('DuesState', DUES_STATES, 'Where dues stand.', {
  UNPAID: 'They are owed.',
  PAID: 'They were paid by a transfer.',
});

@ObjectType('DuesRule', {
  description: 'What members give for each period. Rules end and are replaced, and never change.',
})
export class DuesRuleType implements Pick<
  DuesRule,
  'id' | 'memberClass' | 'period' | 'graceDays' | 'startsOn' | 'endsOn' | 'setAt'
> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the member class; null for all whose class has no rule of its own.',
  })
  memberClass: string | null;

  @Field(() => PeriodEnum, { description: 'How often.' })
  period: Period;

  @Field(() => Int, {
    description: 'How many days after a charge, if it is unpaid, a member is in arrears; 0 to 366.',
  })
  graceDays: number;

  @Field(() => String, { description: 'First day of the first period, such as `2026-04-01`.' })
  startsOn: string;

  @Field(() => String, {
    nullable: true,
    description: 'Periods that begin on this day or later are not charged; null for no end.',
  })
  endsOn: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was set.' })
  setAt: Date;
}

@ObjectType('DuesRuleViewerCan', { description: 'What the viewer may do with a rule of dues.' })
export class DuesRuleViewerCanType {
  @Field(() => PermissionType, { description: 'End it.' })
  retire: PermissionType;
}

export const DuesRuleConnection = connectionOf<DuesRule>('DuesRule', () => DuesRuleType);

@ObjectType('DuesCharge', { description: 'What one member owes, or owed, for one period.' })
export class DuesChargeType implements Pick<
  DuesCharge,
  'id' | 'period' | 'state' | 'chargedAt' | 'graceUntil' | 'paidAt'
> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { description: 'The period, such as `2026-03`, `2026-Q1` or `2026`.' })
  period: string;

  @Field(() => DuesStateEnum, { description: 'Where it stands.' })
  state: DuesState;

  @Field(() => DateTimeScalar, { description: 'When it was charged first.' })
  chargedAt: Date;

  @Field(() => DateTimeScalar, { description: 'From then on, if it is unpaid, the member is in arrears.' })
  graceUntil: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was paid.' })
  paidAt: Date | null;
}

@ObjectType('Arrears', { description: 'What a member owes and has not paid.' })
export class ArrearsType {
  @Field(() => [DuesChargeType], { description: 'Unpaid dues, oldest first, at most 100.' })
  charges: DuesChargeType[];
}

export const ArrearsConnection = connectionOf<object>('Arrears', () => ArrearsType);

@ObjectType('DuesRun', { description: 'What a run of dues came to.' })
export class DuesRunType extends ChargeRunType {}

@ObjectType('DuesQuote', { description: 'What one member would be charged.' })
export class DuesQuoteType {
  @Field(() => Boolean, { description: 'Whether it was charged before, and could not be paid.' })
  isRepeated: boolean;
}

export const DuesQuoteConnection = connectionOf<object>('DuesQuote', () => DuesQuoteType);

@ObjectType('DuesPreview', { description: 'What a run of dues would charge at this moment.' })
export class DuesPreviewType {
  @Field(() => String, { description: 'The period, such as `2026-03`, `2026-Q1` or `2026`.' })
  period: string;

  @Field(() => Int, { description: 'How many members would be charged.' })
  count: number;
}

@InputType({ description: 'Sets what members give for each period.' })
export class DuesSetActionInput {
  @Field(() => ID, { description: 'The unit in which they are owed.' })
  unitId: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the member class; null for all whose class has no rule of its own.',
  })
  memberClass?: string | null;

  @Field(() => DecimalScalar, {
    description:
      'How much each period, in the unit and with no more decimals than it has; zero excuses a member class.',
  })
  amount: string;

  @Field(() => PeriodEnum, { description: 'How often: each month, quarter or year of the calendar.' })
  period: Period;

  @Field(() => Int, {
    description: 'How many days after a charge, if it is unpaid, a member is in arrears, 0 to 366.',
  })
  graceDays: number;

  @Field(() => ID, { description: 'Where it goes: an open account of the network in this unit.' })
  accountId: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The first period, such as `2026-04`, `2026-Q2` or `2026`, of the same kind as `period`: the present one or later. The present one if absent.',
  })
  from?: string | null;
}

@InputType({ description: 'What members give for each period.' })
export class DuesSetInput extends DuesSetActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@InputType({ description: 'Ends a rule of dues.' })
export class DuesRetireActionInput {
  @Field(() => ID, { description: 'The rule.' })
  duesRuleId: string;
}

@InputType({ description: 'Which rule ends.' })
export class DuesRetireInput extends DuesRetireActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@InputType({ description: 'Which unit’s dues are charged for which period.' })
export class DuesRunInput extends DemurrageRunInput {}

@InputType({ description: 'Which unpaid dues are paid.' })
export class DuesPayInput extends OnceInput {
  @Field(() => ID, { description: 'The charge, one of `Arrears.charges`.' })
  chargeId: string;
}

@ObjectType({ description: 'The rule, or why there is none.' })
export class DuesSetPayload extends MutationPayload {
  @Field(() => DuesRuleType, { nullable: true, description: 'The new rule.' })
  duesRule?: DuesRuleType;
}

@ObjectType({ description: 'The rule with its end, or why it goes on.' })
export class DuesRetirePayload extends MutationPayload {
  @Field(() => DuesRuleType, { nullable: true, description: 'The ended rule.' })
  duesRule?: DuesRuleType;
}

@ObjectType({ description: 'The finished run, or why there is none.' })
export class DuesRunPayload extends MutationPayload {
  @Field(() => DuesRunType, { nullable: true, description: 'The run.' })
  run?: DuesRunType;
}

@ObjectType({ description: 'The paid dues, or why they are unpaid.' })
export class DuesPayPayload extends MutationPayload {
  @Field(() => DuesChargeType, { nullable: true, description: 'The dues.' })
  charge?: DuesChargeType;
}
