import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { UNIT_KINDS, type Unit, type UnitKind } from '../../entities/unit.ts';
import { enumOf } from '../common/enum.ts';
import { NetworkInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { TranslationInput } from '../common/translation.ts';

export const UnitKindEnum = enumOf('UnitKind', UNIT_KINDS, 'What a unit counts.', {
  HOURS: 'Time: an hour given is an hour received, whatever the service.',
  CREDIT: 'Mutual credit, priced against daily life.',
  MONEY: 'A record of national currency that lies in a bank or a cash box.',
  SHARE: 'Member shares.',
  POINTS: 'Reciprocity points; never transferable.',
  GIFT: 'Counted, without any limit.',
});

@ObjectType('Unit', {
  implements: NodeType,
  description: 'What accounts of a network count. It belongs to one network.',
})
export class UnitType
  extends NodeType
  implements
    Pick<
      Unit,
      'id' | 'code' | 'symbol' | 'kind' | 'scale' | 'opensMemberAccounts' | 'createdAt' | 'archivedAt'
    >
{
  @Field(() => String, { description: 'Unique in the network, such as `HOUR`.' })
  code: string;

  @Field(() => String, { description: 'Shown beside amounts.' })
  symbol: string;

  @Field(() => UnitKindEnum, { description: 'What it counts.' })
  kind: UnitKind;

  @Field(() => Int, { description: 'Decimals of its amounts, 0 to 8.' })
  scale: number;

  @Field(() => Boolean, { description: 'Whether each member has an account in it from the first day.' })
  opensMemberAccounts: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when no account opens in it.' })
  archivedAt: Date | null;
}

@InputType({ description: 'The unit to make.' })
export class UnitCreateInput extends NetworkInput {
  @Field(() => String, {
    description: 'A capital letter and up to 11 capital letters and digits; unique in the network.',
  })
  code: string;

  @Field(() => [TranslationInput], { description: 'Its name, up to 60 characters a language.' })
  name: TranslationInput[];

  @Field(() => String, { description: 'Shown beside amounts, up to 8 characters.' })
  symbol: string;

  @Field(() => UnitKindEnum, { description: 'What it counts.' })
  kind: UnitKind;

  @Field(() => Int, { description: 'Decimals of its amounts, 0 to 8.' })
  scale: number;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Lowest balance of new accounts, zero or less; null for none.',
  })
  defaultFloor?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Highest balance of new accounts, zero or more; null for none.',
  })
  defaultCeiling?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether each member gets an account in it; false if absent.',
  })
  opensMemberAccounts?: boolean | null;
}

@ObjectType({ description: 'The unit, or why there is none.' })
export class UnitCreatePayload extends MutationPayload {
  @Field(() => UnitType, { nullable: true, description: 'The new unit.' })
  unit?: UnitType;
}
