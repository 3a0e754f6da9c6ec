import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import {
  TALLY_METHODS,
  THRESHOLD_BASES,
  type TallyMethodName,
  type ThresholdBase,
} from '../../governance/tally/method.ts';
import type { Voters, VotingRule } from '../../governance/voting-rule.ts';
import { enumOf } from '../common/enum.ts';
import { DecimalScalar } from '../common/scalars.ts';
import { RoleEnum } from '../networks/membership.ts';

export const TallyMethodEnum = enumOf(
  'TallyMethod',
  TALLY_METHODS,
  'A way of counting; docs/voting.md says how each finds the winners.',
  {
    CONSENT: 'Passes if nobody objects.',
    MAJORITY: 'Yes, no or abstain, against a threshold.',
    APPROVAL: 'Each approves of as many options as they like; the one with most wins.',
    SCORE: 'Each gives points to every option; the one with most wins.',
    DOT: 'Each spreads a number of dots over the options.',
    BORDA: 'Rankings, with a point for each option below.',
    INSTANT_RUNOFF: 'Rankings; the last is excluded until one has more than a half.',
    SCHULZE: 'Rankings, compared two by two by the strongest paths.',
    STV_SCOTTISH: 'Rankings for several seats, as Scotland’s councils are elected.',
    STV_MEEK: 'Rankings for several seats, with votes shared exactly.',
    QUADRATIC: 'Each buys votes for options; n votes for one cost n² credits.',
    SORTITION: 'By lot, without ballots.',
    PB_GREEDY: 'A budget: projects with most votes first, as long as they fit.',
    PB_KNAPSACK: 'A budget: the projects that have most votes together and fit.',
    PB_EQUAL_SHARES: 'A budget: each voter has an equal share of it to spend.',
  },
);

export const ThresholdBaseEnum = enumOf(
  'ThresholdBase',
  THRESHOLD_BASES,
  'What the threshold is a part of.',
  {
    CAST: 'Yes and no.',
    CAST_WITH_ABSTAIN: 'Yes, no and abstentions.',
    ELIGIBLE: 'The weight of all who may vote.',
  },
);

@ObjectType('Voters', { description: 'Which of the members who have votes vote on something.' })
export class VotersType implements Voters {
  @Field(() => ID, { nullable: true, description: 'Only members of this group; null for all.' })
  groupId: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the group was called when the bylaws were made; null without one.',
  })
  groupName: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Only who was admitted at least so many days before the vote opens; null for all.',
  })
  minimumDays: number | null;
}

@ObjectType('VotingRule', { description: 'How a proposal is voted on. It is fixed when voting opens.' })
export class VotingRuleType implements Omit<VotingRule, 'budget' | 'budgetUnitId' | 'budgetUnitCode'> {
  @Field(() => TallyMethodEnum, { description: 'How the ballots are counted.' })
  method: TallyMethodName;

  @Field(() => String, {
    description:
      'Which part of the base passes, such as `2/3`, or `>1/2` for more than a half; for MAJORITY.',
  })
  threshold: string;

  @Field(() => ThresholdBaseEnum, { description: 'What the threshold is a part of; for MAJORITY.' })
  base: ThresholdBase;

  @Field(() => String, {
    description: 'The least turnout, as a part of the weight of all electors; `0/1` asks for none.',
  })
  quorum: string;

  @Field(() => Int, { description: 'How many days the vote is open at least.' })
  periodDays: number;

  @Field(() => Int, { description: 'How many days what was decided waits before it is carried out.' })
  delayDays: number;

  @Field(() => Boolean, { description: 'Whether nobody learns who voted how.' })
  isSecret: boolean;

  @Field(() => Boolean, {
    description: 'Whether it may be closed once all electors have voted; never for a secret vote.',
  })
  allowsEarlyClose: boolean;

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'Whose holders may stop what was decided during the delay; null for nobody.',
  })
  vetoRole: string | null;

  @Field(() => Int, { description: 'How many are chosen.' })
  seats: number;

  @Field(() => Int, { nullable: true, description: 'Most points for one option; null where there are none.' })
  maxScore: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Dots or credits that each voter gives away; null where there are none.',
  })
  credits: number | null;

  @Field(() => VotersType, {
    nullable: true,
    description: 'Who votes among the members who have votes; null for all of them.',
  })
  electorate: Voters | null;
}

@InputType({
  description:
    'How one wishes to vote. The bylaws may ask for more, never for less; what is absent is as they have it.',
})
export class VotingRuleInput {
  @Field(() => TallyMethodEnum, { nullable: true, description: 'How the ballots are counted.' })
  method?: TallyMethodName | null;

  @Field(() => String, { nullable: true, description: 'For MAJORITY, such as `2/3` or `>1/2`.' })
  threshold?: string | null;

  @Field(() => ThresholdBaseEnum, { nullable: true, description: 'What the threshold is a part of.' })
  base?: ThresholdBase | null;

  @Field(() => String, { nullable: true, description: 'The least turnout, such as `1/5`.' })
  quorum?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many days the vote is open, 1 to 366.' })
  periodDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many days what was decided waits before it is carried out, 0 to 366.',
  })
  delayDays?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether nobody learns who voted how.' })
  isSecret?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it may be closed once all electors have voted.',
  })
  allowsEarlyClose?: boolean | null;

  @Field(() => RoleEnum, {
    nullable: true,
    description: 'Whose holders may stop what was decided during the delay.',
  })
  vetoRole?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many are chosen, 1 to 100.' })
  seats?: number | null;

  @Field(() => Int, { nullable: true, description: 'For SCORE: most points for one option, 1 to 1,000.' })
  maxScore?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For DOT and QUADRATIC: what each voter gives away, 1 to 1,000.',
  })
  credits?: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'For a budget: what the chosen projects may cost together, above zero.',
  })
  budget?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The unit of the budget and of the costs; the only one of the network if absent.',
  })
  budgetUnitId?: string | null;
}

@InputType({ description: 'Who votes among the members who have votes; both bounds hold.' })
export class VotersInput {
  @Field(() => ID, { nullable: true, description: 'Only members of this group.' })
  groupId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Only who was admitted at least so many days before the vote opens, 1 to 3,660.',
  })
  minimumDays?: number | null;
}

@InputType({ description: 'A vote as bylaws have it.' })
export class BylawVoteInput extends VotingRuleInput {
  @Field(() => VotersInput, { nullable: true, description: 'Who votes; all members with votes if absent.' })
  electorate?: VotersInput | null;
}
