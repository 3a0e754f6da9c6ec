import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { BOOKING_STATES, type Booking, type BookingState } from '../../entities/booking.ts';
import type { BookingItem } from '../../entities/booking-item.ts';
import type { Condition } from '../../entities/resource.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { MutationError } from '../common/errors.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { ConditionEnum } from './resource.ts';

export const BookingStateEnum = enumOf('BookingState', BOOKING_STATES, 'Where a booking stands.', {
  WAITING: 'Something is taken: it waits until that is free.',
  REQUESTED: 'A steward has to answer; nothing is taken yet.',
  APPROVED: 'The things are taken for it, and what it costs is held.',
  CHECKED_OUT: 'The booker has the things.',
  RETURNED: 'The things are back.',
  DECLINED: 'A steward turned it down.',
  CANCELLED: 'It was called off.',
  LAPSED: 'Its time came without an answer, or nobody fetched the things.',
});

@ObjectType('Booking', {
  implements: NodeType,
  description:
    'Things that a member has, or asks for, from one instant up to another. Members see which and when; what it is for and what it costs is seen by the booker, who looks after the pool, and who audits.',
})
export class BookingType
  extends NodeType
  implements
    Pick<
      Booking,
      | 'id'
      | 'state'
      | 'fromAt'
      | 'untilAt'
      | 'waits'
      | 'createdAt'
      | 'decidedAt'
      | 'checkedOutAt'
      | 'endedAt'
      | 'reversedAt'
    >
{
  @Field(() => BookingStateEnum, { description: 'Where it stands.' })
  state: BookingState;

  @Field(() => DateTimeScalar, { name: 'from', description: 'When it begins.' })
  fromAt: Date;

  @Field(() => DateTimeScalar, { name: 'until', description: 'When it ends; not a part of it any more.' })
  untilAt: Date;

  @Field(() => Boolean, { description: 'Whether it waits when something is taken.' })
  waits: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was approved or declined.' })
  decidedAt: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the things were handed out.' })
  checkedOutAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was returned, declined, called off or lapsed.',
  })
  endedAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When everything that was paid for it went back.',
  })
  reversedAt: Date | null;
}

export const BookingConnection = connectionOf<Booking>('Booking', () => BookingType);

@ObjectType('BookingItem', { description: 'A thing of a booking.' })
export class BookingItemType implements Pick<BookingItem, 'quantity' | 'conditionOut' | 'conditionIn'> {
  @Field(() => Int, { description: 'How many pieces.' })
  quantity: number;

  @Field(() => ConditionEnum, {
    nullable: true,
    description: 'Its condition when it was handed out; null before.',
  })
  conditionOut: Condition | null;

  @Field(() => ConditionEnum, {
    nullable: true,
    description: 'Its condition when it came back; null before.',
  })
  conditionIn: Condition | null;
}

@ObjectType('BookingViewerCan', { description: 'What the viewer may do with a booking.' })
export class BookingViewerCanType {
  @Field(() => PermissionType, { description: 'Approve it.' })
  approve: PermissionType;

  @Field(() => PermissionType, { description: 'Turn it down.' })
  decline: PermissionType;

  @Field(() => PermissionType, { description: 'Call it off.' })
  cancel: PermissionType;

  @Field(() => PermissionType, { description: 'Hand the things out, or take them.' })
  checkOut: PermissionType;

  @Field(() => PermissionType, { description: 'Take the things back, or bring them.' })
  return: PermissionType;

  @Field(() => PermissionType, { description: 'Let it last longer.' })
  extend: PermissionType;

  @Field(() => PermissionType, { description: 'Let it end earlier.' })
  shorten: PermissionType;

  @Field(() => PermissionType, { description: 'Pay what is owed.' })
  pay: PermissionType;

  @Field(() => PermissionType, { description: 'Undo all that was paid.' })
  reverse: PermissionType;
}

@InputType({ description: 'Which bookings.' })
export class BookingFilterInput {
  @Field(() => [BookingStateEnum], {
    nullable: true,
    description: 'Only those that stand in one of these states.',
  })
  states?: BookingState[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those that last beyond this instant.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those that begin before this instant.' })
  to?: Date | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether their things should be back by now; both if absent.',
  })
  isOverdue?: boolean | null;
}

@ObjectType('TakenTime', { description: 'A time in which too few pieces of a thing are left.' })
export class TakenTimeType {
  @Field(() => DateTimeScalar, { description: 'When it begins.' })
  from: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends; not a part of it any more.' })
  until: Date;
}

@ObjectType('BookingConflict', {
  implements: MutationError,
  description: 'Others have taken the things for some of the time.',
})
export class BookingConflictType extends MutationError {
  @Field(() => [TakenTimeType], {
    description: 'What is in the way, 20 at most: by thing, each in the order of time. Not who.',
  })
  conflicts: TakenTimeType[];
}
