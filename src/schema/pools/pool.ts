import { Field, Int, ObjectType } from 'type-graphql';
import type { Pool } from '../../entities/pool.ts';
import { connectionOf } from '../common/connection.ts';
import { NodeType } from '../common/node.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { OpeningType } from './opening.ts';

@ObjectType('Pool', {
  implements: NodeType,
  description: 'Things that a community shares, and the rules by which they are booked; for members.',
})
export class PoolType
  extends NodeType
  implements
    Pick<
      Pool,
      | 'id'
      | 'name'
      | 'description'
      | 'takesOffers'
      | 'isSelfService'
      | 'showsBookers'
      | 'createdAt'
      | 'archivedAt'
    >
{
  @Field(() => String, { description: 'Its name.' })
  name: string;

  @Field(() => String, { description: 'What it is for.' })
  description: string;

  @Field(() => Boolean, {
    description: 'Whether members may offer what is theirs; a steward accepts or declines it.',
  })
  takesOffers: boolean;

  @Field(() => Boolean, {
    description:
      'Whether members take things and bring them back by themselves; otherwise a steward hands out and takes back.',
  })
  isSelfService: boolean;

  @Field(() => Boolean, { description: 'Whether members see who has booked, and not only that it is taken.' })
  showsBookers: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when nothing in it changes any more.' })
  archivedAt: Date | null;
}

export const PoolConnection = connectionOf<Pool>('Pool', () => PoolType);

@ObjectType('PoolRules', {
  description: 'By which rules the things of a pool are booked, unless a thing has its own.',
})
export class PoolRulesType implements Pick<
  Pool,
  | 'needsApproval'
  | 'leadMinutes'
  | 'aheadDays'
  | 'longestMinutes'
  | 'memberBookings'
  | 'bufferBeforeMinutes'
  | 'bufferAfterMinutes'
  | 'cancelFreeMinutes'
  | 'lateGraceMinutes'
> {
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

  @Field(() => Int, {
    nullable: true,
    description: 'A member has so many open bookings at most; null for no bound.',
  })
  memberBookings: number | null;

  @Field(() => Int, { description: 'For so many minutes before a booking nobody else has the thing.' })
  bufferBeforeMinutes: number;

  @Field(() => Int, { description: 'For so many minutes after a booking nobody else has the thing.' })
  bufferAfterMinutes: number;

  @Field(() => Int, {
    description: 'Up to so many minutes before its beginning a booking is cancelled free of charge.',
  })
  cancelFreeMinutes: number;

  @Field(() => Int, { description: 'What comes back so many minutes late, at most, pays no late fee.' })
  lateGraceMinutes: number;

  @Field(() => OpeningType, { description: 'When it is open.' })
  opening: OpeningType;

  @Field(() => Int, { description: 'Counts the changes of the rules, from 1.' })
  ruleVersion: number;
}

@ObjectType('PoolViewerCan', { description: 'What the viewer may do with a pool.' })
export class PoolViewerCanType {
  @Field(() => PermissionType, { description: 'Change it, archive it, and name its stewards.' })
  manage: PermissionType;

  @Field(() => PermissionType, { description: 'Change the rules by which its things are booked.' })
  setRules: PermissionType;

  @Field(() => PermissionType, {
    description: 'Add things that belong to the pool, and look after all of them.',
  })
  addResources: PermissionType;

  @Field(() => PermissionType, { description: 'Offer things of one’s own.' })
  offer: PermissionType;

  @Field(() => PermissionType, { description: 'Book its things.' })
  book: PermissionType;
}
