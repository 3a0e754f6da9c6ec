import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { ResourceRecord } from '../../entities/resource-record.ts';
import { RECORD_KINDS, type RecordKind } from '../../entities/resource-record.ts';
import {
  CONDITIONS,
  FEE_PERIODS,
  OPENING_SCOPES,
  OWNER_KINDS,
  QUOTA_HOLDERS,
  QUOTA_PERIODS,
  RESOURCE_KINDS,
  RESOURCE_STATES,
  type Condition,
  type FeePeriod,
  type OpeningScope,
  type OwnerKind,
  type Resource,
  type ResourceKind,
  type ResourceState,
} from '../../entities/resource.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { MoneyType } from '../common/money.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { OpeningType } from './opening.ts';

export const ResourceKindEnum = enumOf('ResourceKind', RESOURCE_KINDS, 'What sort of thing it is.', {
  ITEM: 'A thing that can be carried away, such as a tool.',
  SPACE: 'A room or a building.',
  LAND: 'A plot, a garden or a field.',
  VEHICLE: 'What people or loads are moved with.',
  STOCK: 'What is filled and used up, such as a harvest; it is not booked.',
});

export const ResourceStateEnum = enumOf('ResourceState', RESOURCE_STATES, 'Where a thing stands.', {
  OFFERED: 'A member offers it, and no steward has answered yet.',
  ACTIVE: 'It is in use.',
  RETIRED: 'It is not part of the pool any more.',
});

export const ConditionEnum = enumOf('Condition', CONDITIONS, 'The condition of a thing.', {
  NEW: 'As good as new.',
  GOOD: 'It shows that it is used, and works.',
  WORN: 'It works, and will not do so forever.',
  DAMAGED: 'Something about it is broken.',
  UNUSABLE: 'It cannot be used.',
});

export const OwnerKindEnum = enumOf('OwnerKind', OWNER_KINDS, 'Whose a thing is.', {
  POOL: 'It belongs to the community.',
  MEMBER: 'A member lends it.',
  CO_OWNERS: 'Several own it together by shares.',
});

export const OpeningScopeEnum = enumOf('OpeningScope', OPENING_SCOPES, 'What has to lie in open hours.', {
  USE: 'The whole booking.',
  HANDOVER: 'Its beginning and its end.',
});

export const FeePeriodEnum = enumOf('FeePeriod', FEE_PERIODS, 'What a fee is counted by, for each piece.', {
  USE: 'Once for each booking.',
  HOUR: 'For each hour, begun ones counting whole.',
  DAY: 'For each 24 hours, begun ones counting whole.',
});

export const QuotaHolderEnum = enumOf('QuotaHolder', QUOTA_HOLDERS, 'To whom a quota of a stock is given.', {
  MEMBER: 'To each member.',
  GROUP: 'To each group, such as a household.',
});

export const QuotaPeriodEnum = enumOf('QuotaPeriod', QUOTA_PERIODS, 'After what time a quota begins anew.', {
  WEEK: 'On each Monday.',
  MONTH: 'On the first of each month.',
  YEAR: 'On each 1 January.',
});

export const RecordKindEnum = enumOf('ResourceRecordKind', RECORD_KINDS, 'What happened to a thing.', {
  ADDED: 'It came into the pool, or was offered to it.',
  CONDITION: 'Its condition was looked at.',
  CUSTODY: 'Another has it now.',
  OWNERSHIP: 'It is another’s now.',
  MAINTENANCE: 'It was looked after.',
  RETIRED: 'It left the pool.',
});

@ObjectType('Resource', {
  implements: NodeType,
  description:
    'A thing that can be shared: so many pieces that are booked, or a stock that is filled and emptied; for members.',
})
export class ResourceType
  extends NodeType
  implements
    Pick<
      Resource,
      | 'id'
      | 'kind'
      | 'name'
      | 'description'
      | 'instructions'
      | 'state'
      | 'quantity'
      | 'condition'
      | 'useCount'
      | 'addedAt'
      | 'retiredAt'
    >
{
  @Field(() => ResourceKindEnum, { description: 'What sort of thing it is.' })
  kind: ResourceKind;

  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => String, { description: 'What it is.' })
  description: string;

  @Field(() => String, { description: 'How it is used, and what to mind.' })
  instructions: string;

  @Field(() => ResourceStateEnum, { description: 'Where it stands.' })
  state: ResourceState;

  @Field(() => Int, { nullable: true, description: 'How many pieces there are; null for a stock.' })
  quantity: number | null;

  @Field(() => ConditionEnum, { description: 'Its condition, as somebody last saw it.' })
  condition: Condition;

  @Field(() => Int, { description: 'How often it was taken out.' })
  useCount: number;

  @Field(() => DateTimeScalar, { description: 'When it was added or offered.' })
  addedAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it left the pool.' })
  retiredAt: Date | null;
}

export const ResourceConnection = connectionOf<Resource>('Resource', () => ResourceType);

@ObjectType('ResourceOwner', { description: 'Whose a thing is; who has it now is another fact.' })
export class ResourceOwnerType {
  @Field(() => OwnerKindEnum, { description: 'Whether the community, a member or several own it.' })
  kind: OwnerKind;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until when its owner lends it; null for no end.',
  })
  lentUntil: Date | null;
}

@ObjectType('ResourceRules', {
  description: 'By which rules a thing is booked: its own, and those of its pool where it has none.',
})
export class ResourceRulesType {
  @Field(() => Boolean, { description: 'Whether a steward approves each booking.' })
  needsApproval: boolean;

  @Field(() => Int, { description: 'A booking begins so many minutes after it is asked for, at least.' })
  leadMinutes: number;

  @Field(() => Int, { description: 'A booking begins at most so many days ahead.' })
  aheadDays: number;

  @Field(() => Int, {
    nullable: true,
    description: 'A booking lasts so many minutes at most; null for no bound.',
  })
  longestMinutes: number | null;

  @Field(() => Int, { description: 'For so many minutes before a booking nobody else has the thing.' })
  bufferBeforeMinutes: number;

  @Field(() => Int, { description: 'For so many minutes after a booking nobody else has the thing.' })
  bufferAfterMinutes: number;

  @Field(() => OpeningType, { description: 'When it is open.' })
  opening: OpeningType;

  @Field(() => OpeningScopeEnum, { description: 'What has to lie in open hours.' })
  openingScope: OpeningScope;
}

// There are thousands of them in a month: nothing stands between them and what is written.
@ObjectType('FreeStep', {
  simpleResolvers: true,
  description: 'A time throughout which the same number of pieces is free.',
})
export class FreeStepType {
  @Field(() => DateTimeScalar, { description: 'When it begins.' })
  from: Date;

  @Field(() => DateTimeScalar, { description: 'When it ends; not a part of it any more.' })
  until: Date;

  @Field(() => Int, { description: 'How many pieces are free.' })
  free: number;
}

@ObjectType('ResourceFee', { description: 'What a thing costs.' })
export class ResourceFeeType {
  @Field(() => FeePeriodEnum, { description: 'What it is counted by, for each piece.' })
  per: FeePeriod;

  @Field(() => MoneyType, { description: 'How much.' })
  amount: MoneyType;
}

@ObjectType('ResourceRate', { description: 'The fee for members of a class, in place of that for all.' })
export class ResourceRateType {
  @Field(() => MoneyType, { description: 'How much.' })
  amount: MoneyType;

  @Field(() => String, { description: 'Code of the member class.' })
  memberClass: string;
}

@ObjectType('ResourceRecord', { description: 'What happened to a thing, with all that held afterwards.' })
export class ResourceRecordType implements Pick<ResourceRecord, 'id' | 'kind' | 'condition' | 'note' | 'at'> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => RecordKindEnum, { description: 'What happened.' })
  kind: RecordKind;

  @Field(() => ConditionEnum, { description: 'The condition of the thing.' })
  condition: Condition;

  @Field(() => OwnerKindEnum, { description: 'Whose the thing was.' })
  ownerKind: OwnerKind;

  @Field(() => String, { description: 'What was said about it.' })
  note: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  at: Date;
}

export const ResourceRecordConnection = connectionOf<ResourceRecord>(
  'ResourceRecord',
  () => ResourceRecordType,
);

@ObjectType('ResourceViewerCan', { description: 'What the viewer may do with a thing.' })
export class ResourceViewerCanType {
  @Field(() => PermissionType, {
    description: 'Change how it is booked and what it costs, and plan its maintenance.',
  })
  manage: PermissionType;

  @Field(() => PermissionType, { description: 'Change its wording, its place and its condition.' })
  describe: PermissionType;

  @Field(() => PermissionType, { description: 'Accept or decline it, if it is offered.' })
  answer: PermissionType;

  @Field(() => PermissionType, { description: 'Take it out of the pool.' })
  retire: PermissionType;

  @Field(() => PermissionType, { description: 'Book it.' })
  book: PermissionType;
}
