import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type {
  Condition,
  FeePeriod,
  OpeningScope,
  QuotaHolder,
  QuotaPeriod,
  ResourceKind,
} from '../../entities/resource.ts';
import { NetworkInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { PlaceInput } from '../common/place.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { OpeningInput } from './opening.ts';
import {
  ConditionEnum,
  FeePeriodEnum,
  OpeningScopeEnum,
  QuotaHolderEnum,
  QuotaPeriodEnum,
  ResourceKindEnum,
  ResourceType,
} from './resource.ts';

@ObjectType({ description: 'The thing, or why nothing changed.' })
export class ResourcePayload extends MutationPayload {
  @Field(() => ResourceType, { nullable: true, description: 'The thing as it is now.' })
  resource?: ResourceType;
}

@InputType({ description: 'What a thing costs.' })
export class FeeInput {
  @Field(() => FeePeriodEnum, { description: 'What it is counted by, for each piece.' })
  per: FeePeriod;

  @Field(() => DecimalScalar, { description: 'Zero or more in the unit of the pool.' })
  amount: string;
}

@InputType({ description: 'What members of a class pay in place of the fee for all.' })
export class ResourceRateInput {
  @Field(() => String, { description: 'Code of the member class.' })
  memberClass: string;

  @Field(() => DecimalScalar, { description: 'Zero or more in the unit of the pool.' })
  amount: string;
}

@InputType({
  description: 'The own rules of a thing. Absent fields stay as they were, null takes those of the pool.',
})
export class ResourceRulesInput {
  @Field(() => Boolean, { nullable: true, description: 'Whether a steward approves each booking.' })
  needsApproval?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes after it is asked for a booking begins at least, 0 to 527,040.',
  })
  leadMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes a booking lasts at most, 1 to 1,054,080.',
  })
  longestMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many minutes before a booking nobody else has it, 0 to 44,640.',
  })
  bufferBeforeMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many minutes after a booking nobody else has it, 0 to 44,640.',
  })
  bufferAfterMinutes?: number | null;

  @Field(() => OpeningInput, { nullable: true, description: 'When it is open.' })
  opening?: OpeningInput | null;

  @Field(() => OpeningScopeEnum, {
    nullable: true,
    description: 'What has to lie in open hours; HANDOVER for a new thing.',
  })
  openingScope?: OpeningScope;
}

@InputType({ description: 'How much of a stock each may take within a period.' })
export class QuotaInput {
  @Field(() => DecimalScalar, { description: 'Above zero, with no more decimals than the stock has.' })
  amount: string;

  @Field(() => QuotaHolderEnum, { description: 'To whom it is given.' })
  per: QuotaHolder;

  @Field(() => QuotaPeriodEnum, { description: 'After what time it begins anew.' })
  period: QuotaPeriod;
}

@InputType({ description: 'What a stock is counted in.' })
export class StockUnitInput {
  @Field(() => String, { description: 'Such as `kg` or `pieces`, 1 to 20 characters.' })
  unit: string;

  @Field(() => Int, { description: 'How many decimals an amount of it has, 0 to 6.' })
  decimals: number;
}

@InputType({ description: 'What is said of a thing.' })
export abstract class ResourceFieldsInput {
  @Field(() => String, { nullable: true, description: 'What it is, up to 5,000 characters.' })
  description?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'How it is used, and what to mind, up to 5,000 characters.',
  })
  instructions?: string | null;

  @Field(() => ConditionEnum, { nullable: true, description: 'Its condition; GOOD for a new thing.' })
  condition?: Condition;

  @Field(() => PlaceInput, {
    nullable: true,
    description: 'Where it is; members see it as exactly as it is given.',
  })
  place?: PlaceInput | null;

  @Field(() => ResourceRulesInput, { nullable: true, description: 'Its own rules.' })
  rules?: ResourceRulesInput;

  @Field(() => DecimalScalar, { nullable: true, description: 'What it is worth in the unit of the pool.' })
  value?: string | null;

  @Field(() => FeeInput, { nullable: true, description: 'What it costs; nothing if null.' })
  fee?: FeeInput | null;

  @Field(() => [ResourceRateInput], {
    nullable: true,
    description: 'What members of some classes pay in place of the fee, at most 20: all of them anew.',
  })
  rates?: ResourceRateInput[];

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'What is held of the booker’s credit for each piece until it is back, in the unit of the pool.',
  })
  deposit?: string | null;

  @Field(() => FeeInput, { nullable: true, description: 'What it costs to be late; nothing if null.' })
  lateFee?: FeeInput | null;

  @Field(() => QuotaInput, {
    nullable: true,
    description: 'How much of a stock each may take within a period; no bound if null.',
  })
  quota?: QuotaInput | null;
}

@InputType({ description: 'A new thing.' })
export class NewResourceInput extends ResourceFieldsInput {
  @Field(() => ResourceKindEnum, { description: 'What sort of thing it is.' })
  kind: ResourceKind;

  @Field(() => String, { description: 'Its name, 1 to 120 characters.' })
  name: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How many pieces there are, 1 to 100,000; 1 if absent. None of it for a stock.',
  })
  quantity?: number | null;

  @Field(() => StockUnitInput, {
    nullable: true,
    description: 'What a stock is counted in; for nothing else.',
  })
  stock?: StockUnitInput | null;
}

@InputType({ description: 'Until when a thing is lent.' })
export class LoanInput {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The end of the loan; none if absent or null.',
  })
  until?: Date | null;
}

@InputType({ description: 'The thing to add to a pool, or to offer to it.' })
export class ResourceAddInput extends NewResourceInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The pool.' })
  poolId: string;

  @Field(() => LoanInput, {
    nullable: true,
    description: 'If it is one’s own, and lent; the community’s if absent.',
  })
  loan?: LoanInput | null;
}

@ObjectType({ description: 'The thing that was added or offered.' })
export class ResourceAddPayload extends ResourcePayload {}

@InputType({ description: 'The thing that is accepted.' })
export class ResourceAcceptInput extends NetworkInput {
  @Field(() => ID, { description: 'The offered thing.' })
  resourceId: string;
}

@ObjectType({ description: 'The thing that is part of the pool now.' })
export class ResourceAcceptPayload extends ResourcePayload {}

@InputType({ description: 'The thing that is declined.' })
export class ResourceDeclineInput extends NetworkInput {
  @Field(() => ID, { description: 'The offered thing.' })
  resourceId: string;

  @Field(() => String, { nullable: true, description: 'Why, up to 1,000 characters.' })
  reason?: string | null;
}

@ObjectType({ description: 'The declined thing.' })
export class ResourceDeclinePayload extends ResourcePayload {}

@InputType({ description: 'What changes of a thing. Absent fields stay, null empties.' })
export class ResourceUpdateInput extends ResourceFieldsInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => String, { nullable: true, description: 'Its name, 1 to 120 characters.' })
  name?: string;

  @Field(() => Int, { nullable: true, description: 'How many pieces there are, 1 to 100,000.' })
  quantity?: number;

  @Field(() => String, {
    nullable: true,
    description: 'What was seen of its condition, up to 1,000 characters; with `condition` only.',
  })
  conditionNote?: string | null;
}

@ObjectType({ description: 'The changed thing.' })
export class ResourceUpdatePayload extends ResourcePayload {}

@InputType({ description: 'Takes a thing out of its pool for good.' })
export class ResourceRetireActionInput {
  @Field(() => ID, { description: 'The thing.' })
  resourceId: string;

  @Field(() => String, { nullable: true, description: 'Why, up to 1,000 characters.' })
  reason?: string | null;
}

@InputType({ description: 'The thing that leaves its pool.' })
export class ResourceRetireInput extends ResourceRetireActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The retired thing.' })
export class ResourceRetirePayload extends ResourcePayload {}

@InputType({ description: 'Buys a thing for a pool from an account of the network.' })
export class ResourceAcquireActionInput {
  @Field(() => ID, { description: 'The pool.' })
  poolId: string;

  @Field(() => NewResourceInput, { description: 'The thing.' })
  resource: NewResourceInput;

  @Field(() => ID, { description: 'The account of the network that pays.' })
  payerAccountId: string;

  @Field(() => ID, { description: 'The account of who sells it.' })
  payeeAccountId: string;

  @Field(() => DecimalScalar, {
    description: 'The price, above zero, with no more decimals than the unit has.',
  })
  amount: string;

  @Field(() => String, { description: 'What the payment is for, 1 to 500 characters.' })
  description: string;
}

@InputType({ description: 'What is bought, and from whom.' })
export class ResourceAcquireInput extends ResourceAcquireActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;

  @Field(() => ID, {
    description:
      'Chosen by the client, 1 to 128 printable characters. The same key with the same content executes once.',
  })
  idempotencyKey: string;
}

@ObjectType({ description: 'The thing that was bought.' })
export class ResourceAcquirePayload extends ResourcePayload {}
