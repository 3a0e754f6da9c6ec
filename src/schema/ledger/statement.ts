import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { enumOf } from '../common/enum.ts';
import { DateTimeScalar } from '../common/scalars.ts';

const ENTRY_DIRECTIONS = ['IN', 'OUT'] as const;
type EntryDirection = (typeof ENTRY_DIRECTIONS)[number];

export const EntryDirectionEnum = enumOf(
  'EntryDirection',
  ENTRY_DIRECTIONS,
  'Whether an entry adds to a balance.',
  { IN: 'It adds.', OUT: 'It takes away.' },
);

const SERIES_STEPS = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
export type SeriesStepName = (typeof SERIES_STEPS)[number];

export const SeriesStepEnum = enumOf(
  'SeriesStep',
  SERIES_STEPS,
  'The steps of a series, in the time zone of the network.',
  {
    HOUR: 'From hour to hour.',
    DAY: 'From midnight to midnight.',
    WEEK: 'From Monday to Monday.',
    MONTH: 'From the first of a month to the next.',
  },
);

@InputType({ description: 'Which entries of a statement.' })
export class EntryFilterInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those from this instant on.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those before this instant.' })
  to?: Date | null;

  @Field(() => EntryDirectionEnum, { nullable: true, description: 'Only those that add, or take away.' })
  direction?: EntryDirection | null;

  @Field(() => Boolean, { nullable: true, description: 'True for levies alone, false for all else.' })
  isLevy?: boolean | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only those with this account on the other side of a transfer that the viewer may see.',
  })
  counterpartyAccountId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only those whose transfer the viewer may see, with this text in its description, up to 100 characters.',
  })
  text?: string | null;
}

@ObjectType('SeriesPoint', { description: 'What became of an account in one step of a series.' })
export class SeriesPointType {
  @Field(() => DateTimeScalar, { description: 'When the step begins.' })
  from: Date;

  @Field(() => DateTimeScalar, { description: 'When the next one does.' })
  to: Date;
}

@ObjectType('AccountStats', { description: 'What moved in an account within an interval.' })
export class AccountStatsType {
  @Field(() => Int, { description: 'How many entries there are.' })
  count: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many different accounts stand on the other side, levies aside. Null with more than 10,000 entries.',
  })
  partners: number | null;
}
