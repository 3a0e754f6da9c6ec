import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BookingSeries } from '../../entities/booking-series.ts';
import { MutationError } from '../common/errors.ts';
import { OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { AskForThingsInput } from './booking-mutations.ts';
import { BookingType } from './booking.ts';

@ObjectType('BookingSeries', {
  implements: NodeType,
  description:
    'Bookings that repeat by a rule of the calendar; for the booker, who looks after the pool, and who audits.',
})
export class BookingSeriesType
  extends NodeType
  implements
    Pick<BookingSeries, 'id' | 'rule' | 'timeZone' | 'durationMinutes' | 'occurrenceCount' | 'createdAt'>
{
  @Field(() => String, { description: 'Its rule as RFC 5545 writes it, such as `FREQ=WEEKLY;COUNT=10`.' })
  rule: string;

  @Field(() => String, {
    name: 'startsAt',
    description: 'When the first begins by the clocks of `timeZone`.',
  })
  startsAtLocal: string;

  @Field(() => String, { description: 'The time zone of the network when it was asked for.' })
  timeZone: string;

  @Field(() => Int, { description: 'How long each lasts by the clocks, in minutes.' })
  durationMinutes: number;

  @Field(() => Int, { description: 'How many times it has, also those for which there is no booking.' })
  occurrenceCount: number;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt: Date;
}

@InputType({ description: 'Who would like to have what again and again.' })
export class BookingSeriesRequestInput extends AskForThingsInput {
  @Field(() => String, {
    description:
      'A rule of RFC 5545 with FREQ (DAILY to YEARLY), COUNT or UNTIL, and INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and WKST if wanted, such as `FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10`: at most 200 times within three years.',
  })
  rule: string;

  @Field(() => String, {
    description: 'When the first begins by the clocks of the network, such as `2026-04-01T09:00`.',
  })
  startsAt: string;

  @Field(() => Int, { description: 'How long each lasts by the clocks, in minutes.' })
  durationMinutes: number;
}

@ObjectType('SeriesOccurrence', { description: 'What came of one time of a series.' })
export class SeriesOccurrenceType {
  @Field(() => String, { description: 'When it begins by the clocks of the network.' })
  startsAt: string;

  @Field(() => BookingType, {
    nullable: true,
    description: 'Its booking as it is now; null if it was refused.',
  })
  booking: BookingType | null;

  @Field(() => [MutationError], { description: 'Why there is no booking; empty if there is one.' })
  errors: MutationError[];
}

@ObjectType({ description: 'The series with one answer for each of its times.' })
export class BookingSeriesRequestPayload extends MutationPayload {
  @Field(() => BookingSeriesType, { nullable: true, description: 'The series.' })
  bookingSeries?: BookingSeriesType;

  @Field(() => [SeriesOccurrenceType], {
    nullable: true,
    description: 'What came of each time, in order, 200 at most.',
  })
  occurrences?: SeriesOccurrenceType[];
}

@InputType({ description: 'The series whose further bookings are called off.' })
export class BookingSeriesCancelInput extends OnceInput {
  @Field(() => ID, { description: 'The series.' })
  bookingSeriesId: string;

  @Field(() => String, { nullable: true, description: 'Why, up to 1,000 characters.' })
  reason?: string | null;
}

@ObjectType({ description: 'The series whose further bookings are called off.' })
export class BookingSeriesCancelPayload extends MutationPayload {
  @Field(() => BookingSeriesType, { nullable: true, description: 'The series.' })
  bookingSeries?: BookingSeriesType;
}
