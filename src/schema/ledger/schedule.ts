import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { DenialReason } from '../../entities/denial-reason.ts';
import {
  OCCURRENCE_STATES,
  type OccurrenceState,
  type TransferOccurrence,
} from '../../entities/transfer-occurrence.ts';
import {
  FREQUENCIES,
  SCHEDULE_STATES,
  type Frequency,
  type ScheduleState,
  type TransferSchedule,
} from '../../entities/transfer-schedule.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { DenialReasonEnum, PermissionType } from '../common/permission.ts';
import { DateScalar, DateTimeScalar, DecimalScalar } from '../common/scalars.ts';

export const FrequencyEnum = enumOf('Frequency', FREQUENCIES, 'How often something falls due.', {
  DAILY: 'On days.',
  WEEKLY: 'On the day of the week on which it began.',
  MONTHLY: 'On the day of the month on which it began, or the last day of a shorter month.',
  YEARLY: 'On the day of the year on which it began; 28 February for the 29th in other years.',
});

export const ScheduleStateEnum = enumOf(
  'TransferScheduleState',
  SCHEDULE_STATES,
  'Where a schedule of payments stands.',
  {
    ACTIVE: 'It pays what falls due.',
    PAUSED: 'It rests until it is resumed.',
    ENDED: 'All of its dates have passed.',
    CANCELLED: 'Somebody who may sign for the payer ended it.',
    STOPPED:
      'The server ended it, since who planned it may not pay from the account any more, or an account is closed.',
  },
);

export const OccurrenceStateEnum = enumOf(
  'TransferOccurrenceState',
  OCCURRENCE_STATES,
  'What came of one date of a schedule.',
  {
    DONE: 'It was paid.',
    RETRYING: 'It was refused, and is tried again on the next day.',
    FAILED: 'It was refused on four days, and is not tried again.',
    SKIPPED: 'It passed, or waited to be tried again, when the schedule was paused or ended.',
  },
);

@ObjectType('TransferOccurrence', { description: 'One date of a schedule that has come about.' })
export class TransferOccurrenceType implements Pick<
  TransferOccurrence,
  'dueOn' | 'state' | 'tries' | 'refusalCode' | 'retryAt' | 'settledAt'
> {
  @Field(() => DateScalar, { description: 'The day on which it fell due, whenever it was paid.' })
  dueOn: string;

  @Field(() => OccurrenceStateEnum, { description: 'What came of it.' })
  state: OccurrenceState;

  @Field(() => Int, { description: 'How often it was tried.' })
  tries: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it was refused when it was tried last, such as `INSUFFICIENT_CREDIT`; null if it was paid.',
  })
  refusalCode: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it is tried again; null if it is not.' })
  retryAt: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was paid or given up; null while it is tried again.',
  })
  settledAt: Date | null;
}

export const TransferOccurrenceConnection = connectionOf<TransferOccurrence>(
  'TransferOccurrence',
  () => TransferOccurrenceType,
);

@ObjectType('TransferScheduleViewerCan', { description: 'What the viewer may do with a schedule.' })
export class ScheduleViewerCanType {
  @Field(() => PermissionType, { description: 'End it.' })
  cancel: PermissionType;

  @Field(() => PermissionType, { description: 'Let it rest.' })
  pause: PermissionType;

  @Field(() => PermissionType, { description: 'Let it go on.' })
  resume: PermissionType;
}

@ObjectType('TransferSchedule', {
  implements: NodeType,
  description:
    'A payment on many days, or in instalments, each made from 09:00 in the time zone of the network.',
})
export class TransferScheduleType
  extends NodeType
  implements
    Pick<
      TransferSchedule,
      | 'id'
      | 'description'
      | 'startsOn'
      | 'frequency'
      | 'every'
      | 'dateCount'
      | 'state'
      | 'stopReason'
      | 'nextDueOn'
      | 'createdAt'
      | 'endedAt'
    >
{
  @Field(() => String, { description: 'What it is for; each transfer carries it.' })
  description: string;

  @Field(() => DateScalar, { description: 'The first date.' })
  startsOn: string;

  @Field(() => FrequencyEnum, { description: 'How often it falls due.' })
  frequency: Frequency;

  @Field(() => Int, { description: 'Every so many days, weeks, months or years.' })
  every: number;

  @Field(() => Int, { description: 'How many dates it has in all.' })
  dateCount: number;

  @Field(() => ScheduleStateEnum, { description: 'Where it stands.' })
  state: ScheduleState;

  @Field(() => DenialReasonEnum, {
    nullable: true,
    description: 'Why the server stopped it; null if it did not.',
  })
  stopReason: DenialReason | null;

  @Field(() => DateScalar, {
    nullable: true,
    description:
      'The next date, if it is not paused before; null behind the last one, and once the schedule has ended.',
  })
  nextDueOn: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was planned.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it goes on.' })
  endedAt: Date | null;
}

export const TransferScheduleConnection = connectionOf<TransferSchedule>(
  'TransferSchedule',
  () => TransferScheduleType,
);

@InputType({ description: 'Which schedules.' })
export class TransferScheduleFilterInput {
  @Field(() => ScheduleStateEnum, { nullable: true, description: 'Only schedules that stand there.' })
  state?: ScheduleState | null;
}

@InputType({
  description:
    'Who pays whom how much on which days. One of `count`, `endsOn` and `instalments` says how many there are.',
})
export class TransferScheduleInput extends OnceInput {
  @Field(() => ID, { description: 'The account that gives; the viewer must be allowed to sign for it.' })
  payerAccountId: string;

  @Field(() => ID, { description: 'The account that receives, in the same unit.' })
  payeeAccountId: string;

  @Field(() => DecimalScalar, {
    description:
      'What each date pays or, with `instalments`, what they pay together. Above zero, with no more decimals than the unit has.',
  })
  amount: string;

  @Field(() => String, { description: 'What it is for, 1 to 500 characters.' })
  description: string;

  @Field(() => DateScalar, {
    description: 'The first date, today or later in the time zone of the network.',
  })
  startsOn: string;

  @Field(() => FrequencyEnum, { description: 'How often it falls due.' })
  frequency: Frequency;

  @Field(() => Int, {
    nullable: true,
    description: 'Every so many days, weeks, months or years, 1 to 366; 1 if absent.',
  })
  every?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many dates, 1 to 1,000.' })
  count?: number | null;

  @Field(() => DateScalar, { nullable: true, description: 'No date is later than this day.' })
  endsOn?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Into how many payments the amount is split, 1 to 1,000. They differ by one smallest amount of the unit at most, the earliest are the larger ones.',
  })
  instalments?: number | null;
}

@ObjectType({ description: 'The schedule, or why there is none.' })
export class TransferSchedulePayload extends MutationPayload {
  @Field(() => TransferScheduleType, { nullable: true, description: 'The schedule as it is now.' })
  transferSchedule?: TransferScheduleType;
}

@InputType({ description: 'The schedule that ends.' })
export class TransferScheduleCancelInput extends NetworkInput {
  @Field(() => ID, { description: 'The schedule.' })
  transferScheduleId: string;
}

@ObjectType({ description: 'The cancelled schedule.' })
export class TransferScheduleCancelPayload extends TransferSchedulePayload {}

@InputType({ description: 'The schedule that rests.' })
export class TransferSchedulePauseInput extends TransferScheduleCancelInput {}

@ObjectType({ description: 'The paused schedule.' })
export class TransferSchedulePausePayload extends TransferSchedulePayload {}

@InputType({ description: 'The schedule that goes on.' })
export class TransferScheduleResumeInput extends TransferScheduleCancelInput {
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the dates that passed meanwhile are paid now, the oldest first; if absent or false, they are skipped.',
  })
  catchesUp?: boolean | null;
}

@ObjectType({ description: 'The schedule that goes on.' })
export class TransferScheduleResumePayload extends TransferSchedulePayload {}
