import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { QuotaHolder, QuotaPeriod } from '../../entities/resource.ts';
import { STOCK_MOVE_KINDS, type StockMove, type StockMoveKind } from '../../entities/stock-move.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { QuotaHolderEnum, QuotaPeriodEnum } from './resource.ts';

export const StockMoveKindEnum = enumOf(
  'StockMoveKind',
  STOCK_MOVE_KINDS,
  'Why a stock became larger or smaller.',
  {
    CONTRIBUTION: 'A member brought something.',
    TAKING: 'A member took something.',
    SPOILAGE: 'Something spoiled.',
    CORRECTION: 'It was counted, and more or less was there than was written down.',
  },
);

@ObjectType('StockViewerCan', { description: 'What the viewer may do with a stock.' })
export class StockViewerCanType {
  @Field(() => PermissionType, { description: 'Bring something and take something.' })
  move: PermissionType;

  @Field(() => PermissionType, {
    description: 'Write off what spoiled, correct it, and write down what others bring and take.',
  })
  correct: PermissionType;

  @Field(() => PermissionType, { description: 'See who has brought and taken what.' })
  readMembers: PermissionType;
}

@ObjectType('StockQuota', { description: 'What each may take of a stock within a period.' })
export class StockQuotaType {
  @Field(() => DecimalScalar, { description: 'How much, in the unit of the stock.' })
  limit: string;

  @Field(() => QuotaHolderEnum, { description: 'Whether each member or each household may take it.' })
  per: QuotaHolder;

  @Field(() => QuotaPeriodEnum, { description: 'Within which period, in the time zone of the network.' })
  period: QuotaPeriod;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'What the viewer or their household has taken in this period; null if it is given to households and it is not clear which one is meant.',
  })
  taken: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'What is left of it; null as `taken` is.' })
  left: string | null;

  @Field(() => DateTimeScalar, { description: 'When the next period begins.' })
  resetsAt: Date;
}

@ObjectType('Stock', { description: 'What there is of a stock.' })
export class StockType {
  @Field(() => DecimalScalar, { description: 'How much, with exactly the decimals of the stock.' })
  amount: string;

  @Field(() => String, { description: 'What it is counted in, such as `kg` or `pieces`.' })
  unit: string;

  @Field(() => Int, { description: 'How many decimals an amount of it has, 0 to 6.' })
  decimals: number;
}

@ObjectType('StockMove', { description: 'What came into a stock or went out of it.' })
export class StockMoveType implements Pick<StockMove, 'id' | 'kind' | 'note' | 'at'> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => StockMoveKindEnum, { description: 'Why.' })
  kind: StockMoveKind;

  @Field(() => String, { description: 'What was said about it.' })
  note: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at: Date;
}

export const StockMoveConnection = connectionOf<StockMove>('StockMove', () => StockMoveType);

@InputType({ description: 'How much of a stock is moved.' })
export abstract class StockMoveInput extends OnceInput {
  @Field(() => ID, { description: 'The stock.' })
  resourceId: string;

  @Field(() => DecimalScalar, { description: 'Above zero, with no more decimals than the stock has.' })
  amount: string;

  @Field(() => String, { nullable: true, description: 'What is to be said about it, up to 500 characters.' })
  note?: string | null;
}

@InputType({ description: 'What somebody brings.' })
export class StockContributeInput extends StockMoveInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Who brings it; the viewer if absent. Stewards write down what others bring.',
  })
  membershipId?: string | null;
}

@InputType({ description: 'What somebody takes.' })
export class StockTakeInput extends StockMoveInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Who takes it; the viewer if absent. Stewards write down what others take.',
  })
  membershipId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The household on whose quota it counts, for stocks with a quota for households; may be absent for who belongs to one group alone.',
  })
  groupId?: string | null;
}

@InputType({ description: 'What has spoiled.' })
export class StockSpoilInput extends StockMoveInput {}

@InputType({ description: 'What was found when a stock was counted.' })
export class StockCorrectInput extends OnceInput {
  @Field(() => ID, { description: 'The stock.' })
  resourceId: string;

  @Field(() => DecimalScalar, {
    description: 'How much more was found than is written down, or with a minus how much less; not zero.',
  })
  change: string;

  @Field(() => String, { description: 'Why, 1 to 500 characters.' })
  reason: string;
}

@ObjectType({ description: 'What was brought, or why nothing was.' })
export class StockContributePayload extends MutationPayload {
  @Field(() => StockMoveType, { nullable: true, description: 'What was written down.' })
  move?: StockMoveType;
}

@ObjectType({ description: 'What was taken, or why nothing was.' })
export class StockTakePayload extends MutationPayload {
  @Field(() => StockMoveType, { nullable: true, description: 'What was written down.' })
  move?: StockMoveType;
}

@ObjectType({ description: 'What was written off, or why nothing was.' })
export class StockSpoilPayload extends MutationPayload {
  @Field(() => StockMoveType, { nullable: true, description: 'What was written down.' })
  move?: StockMoveType;
}

@ObjectType({ description: 'What was corrected, or why nothing was.' })
export class StockCorrectPayload extends MutationPayload {
  @Field(() => StockMoveType, { nullable: true, description: 'What was written down.' })
  move?: StockMoveType;
}
