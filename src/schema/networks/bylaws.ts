import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type { BylawsVersion } from '../../entities/bylaws-version.ts';
import type { Role } from '../../entities/role-assignment.ts';
import type { ActionKind } from '../../governance/actions.ts';
import type { RegisteredFacts, StatedRule } from '../../governance/bylaws.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { MutationError } from '../common/errors.ts';
import { OneOf } from '../common/one-of.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { TranslationInput } from '../common/translation.ts';
import { ActionKindEnum } from '../proposals/proposal.ts';
import { BylawVoteInput, VotingRuleType } from '../proposals/voting-rule.ts';
import { RoleEnum } from './membership.ts';

const DECIDER_KINDS = ['ROLE', 'SIGNATURES', 'VOTE'] as const;
type DeciderKind = (typeof DECIDER_KINDS)[number];

export const DeciderKindEnum = enumOf('DeciderKind', DECIDER_KINDS, 'Who decides.', {
  ROLE: 'Anyone who holds a role.',
  SIGNATURES: 'So many who hold a role, by signing.',
  VOTE: 'The members, by a vote.',
});

@ObjectType('Decider', { description: 'Who decides a kind of action.' })
export class DeciderType {
  @Field(() => DeciderKindEnum, { description: 'In which way.' })
  by: DeciderKind;

  @Field(() => RoleEnum, { nullable: true, description: 'The role that decides or signs; null for a vote.' })
  role: string | null;

  @Field(() => Int, { nullable: true, description: 'How many sign; null unless signatures decide.' })
  count: number | null;

  @Field(() => VotingRuleType, {
    nullable: true,
    description: 'How it is voted on; null unless a vote decides.',
  })
  vote: VotingRuleType | null;
}

@ObjectType('BylawRule', { description: 'Who decides a kind of action.' })
export class BylawRuleType implements Omit<StatedRule, 'decidedBy'> {
  @Field(() => ActionKindEnum, { description: 'The kind of action.' })
  action: ActionKind;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Up to which amount, in the unit in which the action moves value; null for any.',
  })
  upTo: string | null;

  @Field(() => DeciderType, { description: 'Who decides.' })
  decidedBy: DeciderType;

  @Field(() => String, { description: 'The rule as a sentence.' })
  sentence: string;
}

@ObjectType('RegisteredFacts', { description: 'What a public register knows of a network.' })
export class RegisteredFactsType implements RegisteredFacts {
  @Field(() => String, { nullable: true, description: 'The registered name.' })
  name: string | null;

  @Field(() => String, { nullable: true, description: 'The number in the register.' })
  registrationNumber: string | null;

  @Field(() => String, { nullable: true, description: 'Where it has its seat.' })
  seat: string | null;

  @Field(() => String, { nullable: true, description: 'When it was founded: a day such as `2019-05-01`.' })
  foundedOn: string | null;
}

@ObjectType('Bylaws', { description: 'How a network decides, in one version.' })
export class BylawsType implements Pick<BylawsVersion, 'version' | 'setAt'> {
  @Field(() => Int, { description: 'Counts up from 1.' })
  version: number;

  @Field(() => DateTimeScalar, { description: 'Since when it is in force.' })
  setAt: Date;
}

export const BylawsConnection = connectionOf<BylawsVersion>('Bylaws', () => BylawsType);

@ObjectType('DecisionRequired', {
  implements: MutationError,
  description:
    'The bylaws have others decide this. Submit the same as an action with `actionSubmit`: it is signed or voted on.',
})
export class DecisionRequiredType extends MutationError {
  @Field(() => BylawRuleType, { description: 'The rule of the bylaws.' })
  rule: BylawRuleType;
}

@InputType({ description: 'So many who hold a role.' })
export class SignaturesInput {
  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => Int, { description: 'How many sign, 1 to 20, and no more than hold the role.' })
  count: number;
}

@OneOf()
@InputType({ description: 'Who decides: exactly one of these.' })
export class DeciderInput {
  @Field(() => RoleEnum, { nullable: true, description: 'Anyone who holds this role.' })
  role?: Role | null;

  @Field(() => SignaturesInput, { nullable: true, description: 'So many who hold a role, by signing.' })
  signatures?: SignaturesInput | null;

  @Field(() => BylawVoteInput, {
    nullable: true,
    description: 'The members, by a vote; what is absent is a majority of yes and no within seven days.',
  })
  vote?: BylawVoteInput | null;
}

@InputType({ description: 'Who decides a kind of action.' })
export class BylawRuleInput {
  @Field(() => ActionKindEnum, {
    description: 'The kind of action. Taking a role or a rate back follows the rule for giving it.',
  })
  action: ActionKind;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Up to which amount, for payments alone; tiers ascend, and the last has none.',
  })
  upTo?: string | null;

  @Field(() => DeciderInput, { description: 'Who decides.' })
  decidedBy: DeciderInput;
}

@InputType({ description: 'What a public register knows of the network. Absent fields stay, null empties.' })
export class RegisteredFactsInput {
  @Field(() => String, { nullable: true, description: 'The registered name, up to 200 characters.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The number in the register, up to 100 characters.' })
  registrationNumber?: string | null;

  @Field(() => String, { nullable: true, description: 'Where it has its seat, up to 200 characters.' })
  seat?: string | null;

  @Field(() => String, { nullable: true, description: 'When it was founded: a day such as `2019-05-01`.' })
  foundedOn?: string | null;
}

@InputType({ description: 'A kind of member.' })
export class MemberClassInput {
  @Field(() => String, { description: 'Code of 1 to 12 upper-case letters and digits, once in the network.' })
  code: string;

  @Field(() => [TranslationInput], { description: 'What it is called, in one or more languages.' })
  name: TranslationInput[];

  @Field(() => Int, { description: 'How many votes a member of this class has, 0 to 1,000.' })
  votes: number;
}

@InputType({ description: 'Changes the bylaws. Absent parts stay as they are.' })
export class BylawsAmendActionInput {
  @Field(() => Int, { description: 'The version in force, as the client has seen it.' })
  version: number;

  @Field(() => String, {
    nullable: true,
    description: 'Legal form, such as COOPERATIVE, up to 60 characters.',
  })
  legalForm?: string;

  @Field(() => RegisteredFactsInput, { nullable: true, description: 'What a public register knows.' })
  facts?: RegisteredFactsInput;

  @Field(() => [MemberClassInput], {
    nullable: true,
    description: 'All member classes, 1 to 20; no class that members have may be missing.',
  })
  memberClasses?: MemberClassInput[];

  @Field(() => [BylawRuleInput], {
    nullable: true,
    description: 'All rules, up to 100; a kind without a rule is left to its office, see docs/bylaws.md.',
  })
  rules?: BylawRuleInput[];
}
