import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ChargeRun } from '../../entities/charge-run.ts';
import { connectionOf } from '../common/connection.ts';
import { OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';

/** What runs of both kinds have in common. */
@ObjectType({ description: 'One walk over all accounts or members of a unit.' })
export abstract class ChargeRunType implements Pick<
  ChargeRun,
  'id' | 'period' | 'chargedCount' | 'begunAt' | 'finishedAt'
> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { description: 'The period, such as `2026-03`, `2026-Q1` or `2026`.' })
  period: string;

  @Field(() => Int, { description: 'How many gave something in this run.' })
  chargedCount: number;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  begunAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When everybody had been charged.' })
  finishedAt: Date | null;
}

@ObjectType('DemurrageRun', { description: 'What a run of demurrage came to.' })
export class DemurrageRunType extends ChargeRunType {}

@ObjectType('DemurrageQuote', { description: 'What one account would give.' })
export class DemurrageQuoteType {
  @Field(() => Boolean, { description: 'Whether it is frozen, and so left out for now.' })
  isLeftOut: boolean;
}

export const DemurrageQuoteConnection = connectionOf<object>('DemurrageQuote', () => DemurrageQuoteType);

@ObjectType('DemurragePreview', { description: 'What a run of demurrage would come to at this moment.' })
export class DemurragePreviewType {
  @Field(() => String, { description: 'The period, such as `2026-03`, `2026-Q1` or `2026`.' })
  period: string;

  @Field(() => Int, { description: 'How many accounts would give something.' })
  count: number;
}

@InputType({ description: 'Which unit is charged for which period.' })
export class DemurrageRunInput extends OnceInput {
  @Field(() => ID, { description: 'The unit whose balances or dues are charged.' })
  unitId: string;

  @Field(() => String, {
    description:
      'What is charged: a month such as `2026-03`, a quarter such as `2026-Q1` or a year such as `2026`, whichever the policy or the rules of the unit count by.',
  })
  period: string;
}

@ObjectType({ description: 'The finished run, or why there is none.' })
export class DemurrageRunPayload extends MutationPayload {
  @Field(() => DemurrageRunType, { nullable: true, description: 'The run.' })
  run?: DemurrageRunType;
}
