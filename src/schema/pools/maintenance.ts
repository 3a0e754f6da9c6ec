import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import type { MaintenanceRecord } from '../../entities/maintenance-record.ts';
import { connectionOf } from '../common/connection.ts';
import { NetworkInput } from '../common/input.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { ResourcePayload } from './resource-mutations.ts';

@ObjectType('MaintenanceDue', {
  description: 'When a thing has to be looked after again: at whichever comes first.',
})
export class MaintenanceDueType {
  @Field(() => DateTimeScalar, { nullable: true, description: 'When; null if only uses count.' })
  at: Date | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'After so many more uses, zero or below if it was used often enough; null if only time counts.',
  })
  usesLeft: number | null;
}

@ObjectType('MaintenancePlan', {
  description: 'How often a thing is looked after. Overdue, it is neither handed out nor booked.',
})
export class MaintenancePlanType implements Pick<
  MaintenancePlan,
  'id' | 'name' | 'everyDays' | 'everyUses' | 'lastDoneAt'
> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { description: 'What is done.' })
  name: string;

  @Field(() => Int, { nullable: true, description: 'Every so many times 24 hours; null if only uses count.' })
  everyDays: number | null;

  @Field(() => Int, { nullable: true, description: 'Every so many uses; null if only time counts.' })
  everyUses: number | null;

  @Field(() => DateTimeScalar, { description: 'When it was done last, or the plan was made.' })
  lastDoneAt: Date;
}

@ObjectType('MaintenanceRecord', { description: 'Work that was done on a thing.' })
export class MaintenanceRecordType implements Pick<MaintenanceRecord, 'id' | 'note' | 'doneAt'> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => String, { description: 'What was done.' })
  note: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  doneAt: Date;
}

export const MaintenanceRecordConnection = connectionOf<MaintenanceRecord>(
  'MaintenanceRecord',
  () => MaintenanceRecordType,
);

@ObjectType('Maintenance', { description: 'How a thing is looked after.' })
export class MaintenanceType {
  @Field(() => [MaintenancePlanType], { description: 'The plans in force, oldest first, at most 20.' })
  plans: MaintenancePlanType[];

  @Field(() => Boolean, { description: 'Whether any of them is overdue.' })
  isOverdue: boolean;
}

@InputType({ description: 'How often a thing is looked after: by time, by use, or by both.' })
export class MaintenancePlanSetInput extends NetworkInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ID, { nullable: true, description: 'The plan to change; a new one if absent, of 20 at most.' })
  planId?: string | null;

  @Field(() => String, { description: 'What is done, 1 to 120 characters.' })
  name: string;

  @Field(() => Int, { nullable: true, description: 'Every so many times 24 hours, 1 to 3,660.' })
  everyDays?: number | null;

  @Field(() => Int, { nullable: true, description: 'Every so many uses, 1 to 100,000.' })
  everyUses?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it was done last, not later than now. If absent, now for a new plan, and otherwise as it was.',
  })
  lastDoneAt?: Date | null;
}

@ObjectType({ description: 'The thing with its plans.' })
export class MaintenancePlanSetPayload extends ResourcePayload {}

@InputType({ description: 'The plan that ends.' })
export class MaintenancePlanEndInput extends NetworkInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ID, { description: 'The plan.' })
  planId: string;
}

@ObjectType({ description: 'The thing with its plans.' })
export class MaintenancePlanEndPayload extends ResourcePayload {}

@InputType({ description: 'Work that was done on a thing.' })
export class MaintenanceRecordInput extends NetworkInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => ID, { nullable: true, description: 'The plan that it fulfils, which begins anew.' })
  planId?: string | null;

  @Field(() => String, { description: 'What was done, 1 to 1,000 characters.' })
  note: string;
}

@ObjectType({ description: 'The thing with what was done.' })
export class MaintenanceRecordPayload extends ResourcePayload {}
