import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DecimalScalar } from '../common/scalars.ts';
import { TransferType } from './transfer.ts';

@ObjectType({ description: 'The transfer, or why nothing changed.' })
export class TransferPayload extends MutationPayload {
  @Field(() => TransferType, { nullable: true, description: 'The transfer as it is now.' })
  transfer?: TransferType;
}

@InputType({ description: 'Who asks whom for how much.' })
export class TransferRequestInput extends OnceInput {
  @Field(() => ID, { description: 'The account that shall give.' })
  payerAccountId: string;

  @Field(() => ID, { description: 'The account that receives; the viewer must be allowed to sign for it.' })
  payeeAccountId: string;

  @Field(() => DecimalScalar, { description: 'Above zero, with no more decimals than the unit has.' })
  amount: string;

  @Field(() => String, { description: 'What it is for, 1 to 500 characters.' })
  description: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How many days it waits for an answer, at most what the unit’s policy says; that if absent.',
  })
  expiresInDays?: number | null;
}

@ObjectType({ description: 'The transfer that waits, or is posted already by a rule of the payer.' })
export class TransferRequestPayload extends TransferPayload {}

@InputType({ description: 'The request that is accepted.' })
export class TransferAcceptInput extends OnceInput {
  @Field(() => ID, { description: 'The transfer that waits.' })
  transferId: string;
}

@ObjectType({ description: 'The posted transfer.' })
export class TransferAcceptPayload extends TransferPayload {}

@InputType({ description: 'The request that is declined.' })
export class TransferRejectInput extends NetworkInput {
  @Field(() => ID, { description: 'The transfer that waits.' })
  transferId: string;
}

@ObjectType({ description: 'The rejected transfer.' })
export class TransferRejectPayload extends TransferPayload {}

@InputType({ description: 'The request that is taken back.' })
export class TransferCancelInput extends TransferRejectInput {}

@ObjectType({ description: 'The cancelled transfer.' })
export class TransferCancelPayload extends TransferPayload {}

@InputType({ description: 'The transfer that is undone.' })
export class TransferReverseInput extends OnceInput {
  @Field(() => ID, { description: 'The posted transfer.' })
  transferId: string;

  @Field(() => String, { description: 'Why, 1 to 500 characters; it stands in both statements.' })
  reason: string;
}

@ObjectType({ description: 'The reversing transfer.' })
export class TransferReversePayload extends TransferPayload {}
