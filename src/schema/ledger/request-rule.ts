import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { RequestRule } from '../../entities/request-rule.ts';
import { NetworkInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { AccountPayload } from './account-mutations.ts';

@ObjectType('RequestRule', {
  description: 'Lets requests to an account be accepted without its holder’s word.',
})
export class RequestRuleType implements Pick<RequestRule, 'id' | 'afterDays' | 'madeAt'> {
  @Field(() => ID, { description: 'Its id.' })
  id: string;

  @Field(() => Int, { description: 'After how many days without an answer; 0 for at once.' })
  afterDays: number;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  madeAt: Date;
}

@InputType({
  description: 'Whose requests an account accepts without a word. There is one rule for each member.',
})
export class RequestRuleSetInput extends NetworkInput {
  @Field(() => ID, { description: 'The account that pays; the viewer must be its holder.' })
  accountId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The member who asks; if absent, everybody who has no rule of their own.',
  })
  fromMembershipId?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The largest amount, above zero, in the unit of the account; any if absent.',
  })
  upTo?: string | null;

  @Field(() => Int, { description: 'After how many days without an answer, 0 to 366; 0 for at once.' })
  afterDays: number;
}

@ObjectType({ description: 'The rule, or why there is none.' })
export class RequestRuleSetPayload extends MutationPayload {
  @Field(() => RequestRuleType, { nullable: true, description: 'The rule as it is now.' })
  requestRule?: RequestRuleType;
}

@InputType({ description: 'The rule that ends.' })
export class RequestRuleRemoveInput extends NetworkInput {
  @Field(() => ID, { description: 'The account that pays; the viewer must be its holder.' })
  accountId: string;

  @Field(() => ID, { description: 'The rule.' })
  requestRuleId: string;
}

@ObjectType({ description: 'The account without the rule.' })
export class RequestRuleRemovePayload extends AccountPayload {}
