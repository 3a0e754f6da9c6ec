import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { OptionScore } from '../../governance/tally/method.ts';
import { connectionOf } from '../common/connection.ts';
import { OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DateTimeScalar } from '../common/scalars.ts';

@InputType({ description: 'Points for one option.' })
export class OptionScoreInput implements OptionScore {
  @Field(() => ID, { description: 'The option.' })
  option: string;

  @Field(() => Int, { description: 'A whole number from 0 to what the voting rule allows.' })
  value: number;
}

@InputType('BallotInput', {
  description:
    'What a voter says: the one part that the method of counting asks for, and none of the others. docs/voting.md tells which and what can be wrong with it.',
})
export class BallotInputType {
  @Field(() => String, {
    nullable: true,
    description: 'One word: `YES`, `NO` or `ABSTAIN`; under consent `CONSENT`, `ABSTAIN` or `OBJECT`.',
  })
  choice?: string | null;

  @Field(() => String, { nullable: true, description: 'Why one objects, 1 to 2000 characters.' })
  reason?: string | null;

  @Field(() => [ID], { nullable: true, description: 'The options of which one approves.' })
  approvals?: string[] | null;

  @Field(() => [[ID]], {
    nullable: true,
    description:
      'Options from the first preference down; several in one place where one makes no difference between them, if the method allows it.',
  })
  ranking?: string[][] | null;

  @Field(() => [OptionScoreInput], { nullable: true, description: 'Points, dots or votes for options.' })
  scores?: OptionScoreInput[] | null;
}

@InputType({ description: 'Casts a ballot.' })
export class BallotCastInput extends OnceInput {
  @Field(() => ID, { description: 'The proposal that is voted on.' })
  proposalId: string;

  @Field(() => BallotInputType, { description: 'What the voter says.' })
  ballot: BallotInputType;
}

@ObjectType('OptionScore', { description: 'Points for one option.' })
export class OptionScoreType implements OptionScore {
  @Field(() => String, { description: 'Id of the option.' })
  option: string;

  @Field(() => Int, { description: 'The points, dots or votes.' })
  value: number;
}

@ObjectType('Ballot', {
  description: 'What a voter said. The parts that the method does not ask for are null.',
})
export class BallotType {
  @Field(() => String, {
    description:
      'What the voter finds the ballot by among those that are published. That of a secret ballot leads to nobody.',
  })
  receipt: string;

  @Field(() => String, { nullable: true, description: 'One word, such as `YES`.' })
  choice?: string;

  @Field(() => String, { nullable: true, description: 'Why the voter objects.' })
  reason?: string;

  @Field(() => [String], { nullable: true, description: 'Ids of the options of which the voter approves.' })
  approvals?: readonly string[];

  @Field(() => [[String]], { nullable: true, description: 'Ids of options from the first preference down.' })
  ranking?: readonly (readonly string[])[];

  @Field(() => [OptionScoreType], { nullable: true, description: 'Points, dots or votes for options.' })
  scores?: readonly OptionScore[];

  @Field(() => String, {
    nullable: true,
    description: 'How many votes it had of its own when it was published; null before.',
  })
  weight: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was cast; null for a secret ballot, of which that is not kept.',
  })
  castAt: Date | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The seal that holds it fast, counted from 1; null for a secret ballot that is not published yet.',
  })
  sealNumber: number | null;
}

export const BallotConnection = connectionOf<object>('Ballot', () => BallotType);

@ObjectType({ description: 'The ballot, or why there is none.' })
export class BallotCastPayload extends MutationPayload {
  @Field(() => BallotType, {
    nullable: true,
    description: 'The ballot as it lies in the box. The receipt of a secret one is told here only: keep it.',
  })
  ballot?: BallotType;
}

@ObjectType('Turnout', { description: 'How many have voted.' })
export class TurnoutType {
  @Field(() => Int, { description: 'How many ballots were cast, those of one voter counted once.' })
  ballots: number;

  @Field(() => Int, { description: 'How many may vote.' })
  eligible: number;
}
