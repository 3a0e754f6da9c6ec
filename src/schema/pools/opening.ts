import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type { Closure, OpenHours, Opening } from '../../entities/opening.ts';
import { DateScalar } from '../common/scalars.ts';

const FROM = 'When they begin, such as `09:00`, by the clocks of the network.';
const UNTIL = 'When they end, such as `18:00`; `24:00` for the end of the day.';
const WEEKDAY = '1 for Monday to 7 for Sunday.';

@ObjectType('OpenHours', { description: 'Hours of the week in which something is open.' })
export class OpenHoursType implements OpenHours {
  @Field(() => Int, { description: WEEKDAY })
  weekday: number;

  @Field(() => String, { description: FROM })
  from: string;

  @Field(() => String, { description: UNTIL })
  until: string;
}

@ObjectType('Closure', { description: 'Whole days on which something is closed.' })
export class ClosureType implements Closure {
  @Field(() => DateScalar, { description: 'The first day.' })
  from: string;

  @Field(() => DateScalar, { description: 'The last day.' })
  until: string;

  @Field(() => String, { description: 'Why, such as the name of the holiday.' })
  note: string;
}

@ObjectType('Opening', { description: 'When something is open, by the clocks of its network.' })
export class OpeningType implements Opening {
  @Field(() => [OpenHoursType], { nullable: true, description: 'Its hours, at most 100; null for always.' })
  weekly: OpenHoursType[] | null;

  @Field(() => [ClosureType], { description: 'The days on which it is closed nevertheless, at most 100.' })
  closures: ClosureType[];
}

@InputType({ description: 'Hours of the week in which something is open.' })
export class OpenHoursInput {
  @Field(() => Int, { description: WEEKDAY })
  weekday: number;

  @Field(() => String, { description: FROM })
  from: string;

  @Field(() => String, { description: UNTIL })
  until: string;
}

@InputType({ description: 'Whole days on which something is closed.' })
export class ClosureInput {
  @Field(() => DateScalar, { description: 'The first day.' })
  from: string;

  @Field(() => DateScalar, { description: 'The last day, up to a year later.' })
  until: string;

  @Field(() => String, { nullable: true, description: 'Why, up to 200 characters.' })
  note?: string | null;
}

@InputType({ description: 'When something is open, by the clocks of its network.' })
export class OpeningInput {
  @Field(() => [OpenHoursInput], {
    nullable: true,
    description: 'Its hours, at most 100; always if absent or null, never if empty.',
  })
  weekly?: OpenHoursInput[] | null;

  @Field(() => [ClosureInput], {
    nullable: true,
    description: 'The days on which it is closed nevertheless, at most 100.',
  })
  closures?: ClosureInput[] | null;
}
