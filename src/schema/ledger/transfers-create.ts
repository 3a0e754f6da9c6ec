import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DecimalScalar } from '../common/scalars.ts';
import { TransferType } from './transfer.ts';

@InputType({ description: 'One of several payments that are made together.' })
export class TransferLineInput {
  @Field(() => ID, {
    description: 'The account that gives; the viewer must be allowed to sign for it, unless it is recorded.',
  })
  payerAccountId: string;

  @Field(() => ID, { description: 'The account that receives, in the same unit.' })
  payeeAccountId: string;

  @Field(() => DecimalScalar, { description: 'Above zero, with no more decimals than the unit has.' })
  amount: string;

  @Field(() => String, { description: 'What it is for, 1 to 500 characters.' })
  description: string;
}

@InputType({ description: 'Several payments in one unit: one to many, many to one, or any mix.' })
export class TransfersCreateInput extends OnceInput {
  @Field(() => [TransferLineInput], {
    description: 'The payments, 1 to 100, in the order in which they are made.',
  })
  lines: TransferLineInput[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'True for a coordinator who writes down what others have agreed; false if absent.',
  })
  isRecorded?: boolean | null;
}

@ObjectType({ description: 'All of the transfers, or why there is none.' })
export class TransfersCreatePayload extends MutationPayload {
  @Field(() => [TransferType], {
    nullable: true,
    description: 'The posted transfers in the order of the lines, at most 100.',
  })
  transfers?: TransferType[];
}
