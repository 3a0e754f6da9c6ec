import { Field, ObjectType } from 'type-graphql';
import type { Unit } from '../../entities/unit.ts';
import { formatAmount } from '../../kernel/money.ts';
import { UnitType } from '../ledger/unit.ts';
import { DecimalScalar } from './scalars.ts';

@ObjectType('Money', { description: 'An amount with its unit.' })
export class MoneyType {
  @Field(() => DecimalScalar, {
    description: 'The amount with exactly the decimals of the unit, such as "-12.50".',
  })
  value: string;

  @Field(() => UnitType, { description: 'What is counted.' })
  unit: UnitType;
}

/** What clients see of minor units. */
export function moneyOf(minor: bigint, unit: Unit): { value: string; unit: Unit } {
  return { value: formatAmount(minor, unit.scale), unit };
}
