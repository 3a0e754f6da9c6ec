import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Condition } from '../../entities/resource.ts';
import { OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { BookingType } from './booking.ts';
import { ConditionEnum } from './resource.ts';

@InputType({ description: 'How many pieces of a thing.' })
export class WishedItemInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => Int, { description: 'How many pieces, 1 to 100,000.' })
  quantity: number;
}

@InputType({ description: 'Things of a pool, for whom and who pays.' })
export abstract class AskForThingsInput extends OnceInput {
  @Field(() => ID, { description: 'The pool.' })
  poolId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The member who has the things, if a steward books for another; the viewer if absent.',
  })
  membershipId?: string | null;

  @Field(() => [WishedItemInput], {
    nullable: true,
    description: 'The things, 1 to 50, each once: all or none. Absent for a kit.',
  })
  items?: WishedItemInput[] | null;

  @Field(() => ID, { nullable: true, description: 'The kit, in place of single things.' })
  kitId?: string | null;

  @Field(() => String, { nullable: true, description: 'What they are for, up to 500 characters.' })
  purpose?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The account that pays, in the unit of the pool; needed if one of the things has a fee, a deposit or a late fee.',
  })
  payerAccountId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it waits when something is taken, in place of being refused; false if absent.',
  })
  waits?: boolean | null;
}

@InputType({ description: 'Who would like to have what from when until when.' })
export class BookingRequestInput extends AskForThingsInput {
  @Field(() => DateTimeScalar, { description: 'When it begins, now or later.' })
  from: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends; not a part of it any more.' })
  until: Date;
}

@ObjectType({ description: 'The booking, or why there is none.' })
export class BookingPayload extends MutationPayload {
  @Field(() => BookingType, { nullable: true, description: 'The booking as it is now.' })
  booking?: BookingType;
}

@InputType({ description: 'A booking, and what is done with it once for its key.' })
export abstract class NamedBookingInput extends OnceInput {
  @Field(() => ID, { description: 'The booking.' })
  bookingId: string;
}

@ObjectType({ description: 'The booking: approved, put before the stewards, or waiting.' })
export class BookingRequestPayload extends BookingPayload {}

@InputType({ description: 'The booking that is approved.' })
export class BookingApproveInput extends NamedBookingInput {}

@ObjectType({ description: 'The approved booking.' })
export class BookingApprovePayload extends BookingPayload {}

@InputType({ description: 'The booking that is turned down.' })
export class BookingDeclineInput extends NamedBookingInput {
  @Field(() => String, { nullable: true, description: 'Why, up to 1,000 characters.' })
  reason?: string | null;
}

@ObjectType({ description: 'The declined booking.' })
export class BookingDeclinePayload extends BookingPayload {}

@InputType({ description: 'The booking that is called off.' })
export class BookingCancelInput extends BookingDeclineInput {}

@ObjectType({ description: 'The cancelled booking.' })
export class BookingCancelPayload extends BookingPayload {}

@InputType({ description: 'In which condition a thing is.' })
export class ItemConditionInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ConditionEnum, { nullable: true, description: 'Its condition; as it was known if absent.' })
  condition?: Condition | null;
}

@InputType({ description: 'The booking whose things are handed out.' })
export class BookingCheckOutInput extends NamedBookingInput {
  @Field(() => [ItemConditionInput], {
    nullable: true,
    description: 'Things that are in another condition than was known.',
  })
  items?: ItemConditionInput[] | null;
}

@ObjectType({ description: 'The booking whose things are out.' })
export class BookingCheckOutPayload extends BookingPayload {}

@InputType({ description: 'How a thing came back.' })
export class ReturnedItemInput extends ItemConditionInput {
  @Field(() => String, { nullable: true, description: 'What is damaged, up to 2,000 characters.' })
  damageNote?: string | null;

  @Field(() => ID, { nullable: true, description: 'A picture of it, uploaded by the viewer.' })
  fileId?: string | null;
}

@InputType({ description: 'The booking whose things are back.' })
export class BookingReturnInput extends NamedBookingInput {
  @Field(() => [ReturnedItemInput], {
    nullable: true,
    description: 'How things came back, where it matters.',
  })
  items?: ReturnedItemInput[] | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'What makes up for damage, zero or more, in the unit of the booking or of the pool; for stewards and coordinators.',
  })
  damageAmount?: string | null;
}

@ObjectType({ description: 'The booking whose things are back.' })
export class BookingReturnPayload extends BookingPayload {}

@InputType({ description: 'The booking that lasts longer.' })
export class BookingExtendInput extends NamedBookingInput {
  @Field(() => DateTimeScalar, { description: 'The new end, later than the one it has.' })
  until: Date;
}

@ObjectType({ description: 'The longer booking.' })
export class BookingExtendPayload extends BookingPayload {}

@InputType({ description: 'The booking that ends earlier.' })
export class BookingShortenInput extends NamedBookingInput {
  @Field(() => DateTimeScalar, {
    description: 'The new end: in the future, after its beginning and before the end it has.',
  })
  until: Date;
}

@ObjectType({ description: 'The shorter booking.' })
export class BookingShortenPayload extends BookingPayload {}

@InputType({ description: 'The booking of which something is owed.' })
export class BookingPayInput extends NamedBookingInput {
  @Field(() => ID, { nullable: true, description: 'The account that pays; that of the booking if absent.' })
  payerAccountId?: string | null;
}

@ObjectType({ description: 'The booking of which nothing is owed any more.' })
export class BookingPayPayload extends BookingPayload {}

@InputType({ description: 'The booking of which all payments are undone.' })
export class BookingReverseInput extends NamedBookingInput {
  @Field(() => String, {
    description: 'Why, 1 to 500 characters; it becomes the description of the transfers that go back.',
  })
  reason: string;
}

@ObjectType({ description: 'The booking of which all payments were undone.' })
export class BookingReversePayload extends BookingPayload {}
