import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { ProposalState } from '../../governance/proposal.ts';
import type { ActionKind } from '../../governance/actions.ts';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { ProposalActionInput } from './action-input.ts';
import { ActionKindEnum, ProposalStateEnum, ProposalType } from './proposal.ts';
import { VotingRuleInput } from './voting-rule.ts';

@InputType({ description: 'Something that can be voted for.' })
export class ProposalOptionInput {
  @Field(() => String, { description: 'What it is called, 1 to 200 characters; each name once.' })
  name: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What the project costs, above zero; for budgets, and for nothing else.',
  })
  cost?: string | null;
}

const TOPIC = 'What it is about, at most 100 characters; delegations may be for one topic.';
const ACTIONS = 'What is done if it passes, in this order, at most 20.';
const OPTIONS =
  'What can be voted for, at most 100 and as many as there are seats; not where one says yes or no.';
const CANDIDATES = 'Or active members who stand for election, who let the others know their name.';
const RULE = 'How one wishes to vote; as the bylaws have it if absent.';

@InputType({ description: 'What is proposed.' })
export class ProposalDraftInput extends OnceInput {
  @Field(() => String, { description: 'Its title, 1 to 200 characters.' })
  title: string;

  @Field(() => String, { description: 'Its text, 1 to 20,000 characters.' })
  text: string;

  @Field(() => String, { nullable: true, description: TOPIC })
  topic?: string | null;

  @Field(() => [ProposalActionInput], { nullable: true, description: ACTIONS })
  actions?: ProposalActionInput[] | null;

  @Field(() => [ProposalOptionInput], { nullable: true, description: OPTIONS })
  options?: ProposalOptionInput[] | null;

  @Field(() => [ID], { nullable: true, description: CANDIDATES })
  candidateIds?: string[] | null;

  @Field(() => VotingRuleInput, { nullable: true, description: RULE })
  rule?: VotingRuleInput | null;
}

@InputType({ description: 'Which proposal.' })
export abstract class ProposalInput extends NetworkInput {
  @Field(() => ID, { description: 'The proposal.' })
  proposalId: string;
}

@InputType({ description: 'What a proposal says from now on: absent leaves, null clears.' })
export class ProposalAmendInput extends ProposalInput {
  @Field(() => String, { nullable: true, description: 'Its title, 1 to 200 characters.' })
  title?: string;

  @Field(() => String, { nullable: true, description: 'Its text, 1 to 20,000 characters.' })
  text?: string;

  @Field(() => String, { nullable: true, description: TOPIC })
  topic?: string | null;

  @Field(() => [ProposalActionInput], { nullable: true, description: ACTIONS })
  actions?: ProposalActionInput[] | null;

  @Field(() => [ProposalOptionInput], {
    nullable: true,
    description: `${OPTIONS} Options and candidates change together.`,
  })
  options?: ProposalOptionInput[] | null;

  @Field(() => [ID], { nullable: true, description: CANDIDATES })
  candidateIds?: string[] | null;

  @Field(() => VotingRuleInput, { nullable: true, description: RULE })
  rule?: VotingRuleInput | null;
}

@InputType({ description: 'The draft on which members are to vote.' })
export class ProposalOpenInput extends OnceInput {
  @Field(() => ID, { description: 'The draft; the viewer must be its author.' })
  proposalId: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When voting ends: not before the period of the rule is over, and at most 366 days from now.',
  })
  closesAt?: Date | null;
}

@InputType({ description: 'The proposal that is taken back.' })
export class ProposalWithdrawInput extends ProposalInput {}

@InputType({ description: 'The option or the candidacy that is taken back.' })
export class ProposalOptionWithdrawInput extends ProposalInput {
  @Field(() => ID, { description: 'The option, as `Proposal.options` names it.' })
  optionId: string;
}

@InputType({ description: 'The vote that is closed before its time.' })
export class ProposalCloseInput extends ProposalInput {}

@InputType({ description: 'The decision that is to be carried out after all.' })
export class ProposalExecuteRetryInput extends ProposalInput {}

@InputType({ description: 'The decision that is stopped.' })
export class ProposalVetoInput extends ProposalInput {
  @Field(() => String, { description: 'Why, 1 to 2,000 characters; every member reads it.' })
  reason: string;
}

@ObjectType({ description: 'The proposal, or why nothing changed.' })
export class ProposalPayload extends MutationPayload {
  @Field(() => ProposalType, { nullable: true, description: 'The proposal as it is now.' })
  proposal?: ProposalType;
}

@ObjectType({ description: 'The draft.' })
export class ProposalDraftPayload extends ProposalPayload {}

@ObjectType({ description: 'The proposal in its new version.' })
export class ProposalAmendPayload extends ProposalPayload {}

@ObjectType({ description: 'The proposal that can be voted on.' })
export class ProposalOpenPayload extends ProposalPayload {}

@ObjectType({ description: 'The proposal that was taken back.' })
export class ProposalWithdrawPayload extends ProposalPayload {}

@ObjectType({ description: 'The proposal without the option.' })
export class ProposalOptionWithdrawPayload extends ProposalPayload {}

@ObjectType({ description: 'The proposal with its result.' })
export class ProposalClosePayload extends ProposalPayload {}

@ObjectType({ description: 'The proposal, carried out or not.' })
export class ProposalExecuteRetryPayload extends ProposalPayload {}

@ObjectType({ description: 'The proposal that was stopped.' })
export class ProposalVetoPayload extends ProposalPayload {}

@InputType({ description: 'Which proposals.' })
export class ProposalFilterInput {
  @Field(() => [ProposalStateEnum], { nullable: true, description: 'Only in these states.' })
  states?: ProposalState[] | null;

  @Field(() => ActionKindEnum, {
    nullable: true,
    description: 'Only those that would do something of this kind.',
  })
  action?: ActionKind | null;

  @Field(() => String, { nullable: true, description: 'Only about exactly this topic.' })
  topic?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only by this member.' })
  authorId?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the title or the text, in any case.' })
  text?: string | null;
}
