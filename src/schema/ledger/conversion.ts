import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Conversion } from '../../entities/conversion.ts';
import type { ConversionRate } from '../../entities/conversion-rate.ts';
import { connectionOf } from '../common/connection.ts';
import { OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';

@ObjectType('ConversionRate', {
  implements: NodeType,
  description:
    'What a network has decided an amount of one unit to be worth in another: numerator whole units of the one that is received for denominator whole units of the one that is given, whatever their decimals.',
})
export class ConversionRateType
  extends NodeType
  implements Pick<ConversionRate, 'id' | 'version' | 'numerator' | 'denominator' | 'setAt'>
{
  @Field(() => Int, { description: 'Counted from 1 for each two units in each direction.' })
  version: number;

  @Field(() => Int, { description: 'So many whole units are received for the denominator, 1 to 10⁹.' })
  numerator: number;

  @Field(() => Int, { description: 'So many whole units are given for the numerator, 1 to 10⁹.' })
  denominator: number;

  @Field(() => DateTimeScalar, { description: 'When it was decided.' })
  setAt: Date;
}

export const ConversionRateConnection = connectionOf<ConversionRate>(
  'ConversionRate',
  () => ConversionRateType,
);

@ObjectType('Conversion', {
  implements: NodeType,
  description: 'An exchange of one unit for another at a rate: two transfers, which belong together.',
})
export class ConversionType extends NodeType implements Pick<Conversion, 'id' | 'createdAt'> {
  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;
}

@ObjectType('ConversionViewerCan', { description: 'What the viewer may do with a conversion.' })
export class ConversionViewerCanType {
  @Field(() => PermissionType, { description: 'Undo it whole, by `transferReverse` of either transfer.' })
  reverse: PermissionType;
}

@InputType({ description: 'Which rates.' })
export class ConversionRateFilterInput {
  @Field(() => ID, { nullable: true, description: 'Only rates by which this unit is given.' })
  fromUnitId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only rates by which this unit is received.' })
  toUnitId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True for the rates in force alone.' })
  isInForce?: boolean | null;
}

@InputType({ description: 'Decides what an amount of one unit is worth in another.' })
export class ConversionRateSetActionInput {
  @Field(() => ID, { description: 'The unit that is given.' })
  fromUnitId: string;

  @Field(() => ID, { description: 'The unit that is received.' })
  toUnitId: string;

  @Field(() => Int, { description: 'So many whole units are received for the denominator, 1 to 10⁹.' })
  numerator: number;

  @Field(() => Int, { description: 'So many whole units are given for the numerator, 1 to 10⁹.' })
  denominator: number;

  @Field(() => ID, { description: 'The network’s account that receives what is given.' })
  fromAccountId: string;

  @Field(() => ID, {
    description: 'The network’s account that pays what is received. Its floor bounds how much that is.',
  })
  toAccountId: string;
}

@InputType({
  description:
    'What an amount of one unit is worth in another: amount × numerator ÷ denominator, in whole units of each.',
})
export class ConversionRateSetInput extends ConversionRateSetActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The rate, or why there is none.' })
export class ConversionRateSetPayload extends MutationPayload {
  @Field(() => ConversionRateType, { nullable: true, description: 'The rate in force.' })
  conversionRate?: ConversionRateType;
}

@InputType({ description: 'Ends a rate.' })
export class ConversionRateRetireActionInput {
  @Field(() => ID, { description: 'The rate in force.' })
  rateId: string;
}

@InputType({ description: 'Which rate ends.' })
export class ConversionRateRetireInput extends ConversionRateRetireActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The end of a rate, or why it goes on.' })
export class ConversionRateRetirePayload extends MutationPayload {
  @Field(() => ConversionRateType, {
    nullable: true,
    description: 'The version that says that there is no rate any more.',
  })
  conversionRate?: ConversionRateType;
}

@InputType({ description: 'What is exchanged, from where to where and at which rate.' })
export class ConversionCreateInput extends OnceInput {
  @Field(() => ID, { description: 'The account that gives; the viewer must be allowed to sign for it.' })
  fromAccountId: string;

  @Field(() => ID, {
    description:
      'The account of the same holder that receives; the viewer must be allowed to sign for it too.',
  })
  toAccountId: string;

  @Field(() => DecimalScalar, {
    description: 'What is given, above zero, with no more decimals than its unit has.',
  })
  amount: string;

  @Field(() => ID, { description: 'The rate that the client saw; no other one is used.' })
  rateId: string;
}

@ObjectType({ description: 'The conversion, or why there is none.' })
export class ConversionCreatePayload extends MutationPayload {
  @Field(() => ConversionType, { nullable: true, description: 'The conversion with its two transfers.' })
  conversion?: ConversionType;
}
