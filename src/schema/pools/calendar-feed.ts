import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { FEED_SCOPES, type CalendarFeed, type FeedScope } from '../../entities/calendar-feed.ts';
import { enumOf } from '../common/enum.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';

export const CalendarFeedScopeEnum = enumOf(
  'CalendarFeedScope',
  FEED_SCOPES,
  'Which bookings a calendar shows.',
  {
    MEMBER: 'Those of its owner.',
    POOL: 'Those of all things of a pool.',
    RESOURCE: 'Those of one thing.',
  },
);

@ObjectType('CalendarFeed', {
  implements: NodeType,
  description:
    'A calendar of bookings that programs read by an address nobody can guess; for its owner alone.',
})
export class CalendarFeedType
  extends NodeType
  implements Pick<CalendarFeed, 'id' | 'scope' | 'createdAt' | 'readAt' | 'revokedAt'>
{
  @Field(() => CalendarFeedScopeEnum, { description: 'Which bookings it shows.' })
  scope: FeedScope;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When a program last read it, exact to ten minutes; null if none has.',
  })
  readAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked; null while it works.' })
  revokedAt: Date | null;
}

@InputType({
  description: 'Which bookings a calendar is to show: the viewer’s own if no pool and no thing is named.',
})
export class CalendarFeedCreateInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { nullable: true, description: 'A pool, for the bookings of all its things.' })
  poolId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A thing; not together with a pool.' })
  resourceId?: string | null;
}

@ObjectType({ description: 'The new calendar, or why there is none.' })
export class CalendarFeedCreatePayload extends MutationPayload {
  @Field(() => CalendarFeedType, { nullable: true, description: 'What is kept of it.' })
  calendarFeed?: CalendarFeed;

  @Field(() => String, {
    nullable: true,
    description: 'Where programs read it. Shown once; whoever knows it sees what its owner sees.',
  })
  url?: string;
}

@InputType({ description: 'Which calendar ends.' })
export class CalendarFeedRevokeInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'A calendar of the viewer.' })
  calendarFeedId: string;
}

@ObjectType({ description: 'The calendar that has ended, or why it goes on.' })
export class CalendarFeedRevokePayload extends MutationPayload {
  @Field(() => CalendarFeedType, { nullable: true, description: 'The calendar that works no more.' })
  calendarFeed?: CalendarFeed;
}
