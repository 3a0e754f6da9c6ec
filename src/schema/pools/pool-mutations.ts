import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NetworkInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DecimalScalar } from '../common/scalars.ts';
import { OpeningInput } from './opening.ts';
import { PoolType } from './pool.ts';

@ObjectType({ description: 'The pool, or why nothing changed.' })
export class PoolPayload extends MutationPayload {
  @Field(() => PoolType, { nullable: true, description: 'The pool as it is now.' })
  pool?: PoolType;
}

@InputType({ description: 'The rules of a pool. Absent fields stay as they were, null takes a bound away.' })
export class PoolRulesInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a steward approves each booking; no in a new pool.',
  })
  needsApproval?: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many minutes after it is asked for a booking begins at least, 0 to 527,040; 0 in a new pool.',
  })
  leadMinutes?: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many days ahead a booking begins at most, 1 to 732; 90 in a new pool.',
  })
  aheadDays?: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes a booking lasts at most, 1 to 1,054,080; null for no bound.',
  })
  longestMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many open bookings a member has at most, 1 to 1,000; null for no bound.',
  })
  memberBookings?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'For how many minutes before a booking nobody else has the thing, 0 to 44,640; 0 in a new pool.',
  })
  bufferBeforeMinutes?: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'For how many minutes after a booking nobody else has the thing, 0 to 44,640; 0 in a new pool.',
  })
  bufferAfterMinutes?: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Up to how many minutes before its beginning a booking is cancelled free of charge, 0 to 527,040; 0 in a new pool.',
  })
  cancelFreeMinutes?: number;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'What part of the fee a later cancellation costs, 0 to 1, with up to six decimals; 0 in a new pool.',
  })
  cancelFee?: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many minutes late something may come back without a late fee, 0 to 44,640; 0 in a new pool.',
  })
  lateGraceMinutes?: number;

  @Field(() => OpeningInput, { nullable: true, description: 'When it is open; always in a new pool.' })
  opening?: OpeningInput;
}

@InputType({ description: 'How a pool works.' })
export abstract class PoolSettingsInput extends NetworkInput {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether members may offer what is theirs; no in a new pool.',
  })
  takesOffers?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether members take things and bring them back by themselves; no in a new pool.',
  })
  isSelfService?: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether members see who has booked; no in a new pool.',
  })
  showsBookers?: boolean;
}

@InputType({ description: 'The pool to make.' })
export class PoolCreateInput extends PoolSettingsInput {
  @Field(() => String, { description: 'Its name, 1 to 120 characters.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'What it is for, up to 5,000 characters.' })
  description?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The account of the network that receives fees, in whose unit they are counted; nothing costs anything if absent.',
  })
  accountId?: string | null;

  @Field(() => PoolRulesInput, {
    nullable: true,
    description: 'Its rules, as far as they are not the usual ones.',
  })
  rules?: PoolRulesInput | null;
}

@ObjectType({ description: 'The new pool.' })
export class PoolCreatePayload extends PoolPayload {}

@InputType({ description: 'What changes in a pool. Absent fields stay, null empties.' })
export class PoolUpdateInput extends PoolSettingsInput {
  @Field(() => ID, { description: 'The pool.' })
  poolId: string;

  @Field(() => String, { nullable: true, description: 'Its name, 1 to 120 characters.' })
  name?: string;

  @Field(() => String, { nullable: true, description: 'What it is for, up to 5,000 characters.' })
  description?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The account of the network that receives fees, in the unit that the pool has if it has one.',
  })
  accountId?: string;
}

@ObjectType({ description: 'The changed pool.' })
export class PoolUpdatePayload extends PoolPayload {}

@InputType({ description: 'Changes by which rules the things of a pool are booked.' })
export class PoolRuleSetActionInput {
  @Field(() => ID, { description: 'The pool.' })
  poolId: string;

  @Field(() => PoolRulesInput, { description: 'What changes.' })
  rules: PoolRulesInput;
}

@InputType({ description: 'By which rules the things of a pool are booked.' })
export class PoolRuleSetInput extends PoolRuleSetActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The pool with its rules.' })
export class PoolRuleSetPayload extends PoolPayload {}

@InputType({ description: 'The pool that is put out of use.' })
export class PoolArchiveInput extends NetworkInput {
  @Field(() => ID, { description: 'The pool.' })
  poolId: string;
}

@ObjectType({ description: 'The archived pool.' })
export class PoolArchivePayload extends PoolPayload {}

@InputType({ description: 'Who looks after which pool.' })
export class PoolStewardAddInput extends NetworkInput {
  @Field(() => ID, { description: 'The pool.' })
  poolId: string;

  @Field(() => ID, { description: 'The active member.' })
  membershipId: string;
}

@ObjectType({ description: 'The pool with its stewards.' })
export class PoolStewardAddPayload extends PoolPayload {}

@InputType({ description: 'Who looks after which pool no longer.' })
export class PoolStewardRemoveInput extends PoolStewardAddInput {}

@ObjectType({ description: 'The pool with its stewards.' })
export class PoolStewardRemovePayload extends PoolPayload {}
