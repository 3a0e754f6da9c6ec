import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { ActionSignature } from '../../entities/action-signature.ts';
import {
  SIGNED_ACTION_STATES,
  type SignedAction,
  type SignedActionState,
} from '../../entities/signed-action.ts';
import type { ExecutionFailure } from '../../entities/proposal.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar } from '../common/scalars.ts';
import { ProposalActionInput } from './action-input.ts';
import { ProposalType } from './proposal.ts';

export const SignedActionStateEnum = enumOf(
  'SignedActionState',
  SIGNED_ACTION_STATES,
  'Where an action that is signed stands.',
  {
    PENDING: 'It waits for signatures.',
    EXECUTED: 'It was signed and carried out.',
    FAILED: 'It was signed and could not be carried out: nothing was changed. Signing again tries again.',
    DECLINED: 'Somebody said no.',
    EXPIRED: 'It was not signed in time.',
  },
);

@ObjectType('SignedAction', {
  implements: NodeType,
  description: 'An action that holders of a role decide by signing.',
})
export class SignedActionType
  extends NodeType
  implements
    Pick<
      SignedAction,
      'id' | 'state' | 'title' | 'text' | 'submittedAt' | 'expiresAt' | 'endedAt' | 'declineReason'
    >
{
  @Field(() => SignedActionStateEnum, { description: 'Where it stands.' })
  state: SignedActionState;

  @Field(() => String, { description: 'What it is called in the register.' })
  title: string;

  @Field(() => String, { description: 'Why, for those who decide.' })
  text: string;

  @Field(() => DateTimeScalar, { description: 'When it was submitted.' })
  submittedAt: Date;

  @Field(() => DateTimeScalar, { description: 'From then on it is signed no more.' })
  expiresAt: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was carried out or declined, or ran out; null while it waits.',
  })
  endedAt: Date | null;

  @Field(() => String, { nullable: true, description: 'Why somebody said no; null if nobody did.' })
  declineReason: string | null;
}

export const SignedActionConnection = connectionOf<SignedAction>('SignedAction', () => SignedActionType);

@ObjectType('ActionSignature', { description: 'Who has signed, and when.' })
export class ActionSignatureType implements Pick<ActionSignature, 'signedAt'> {
  @Field(() => DateTimeScalar, { description: 'When.' })
  signedAt: Date;
}

@ObjectType('ActionFailure', { description: 'Why an action could not be carried out.' })
export class ActionFailureType implements Pick<ExecutionFailure, 'code' | 'message'> {
  @Field(() => String, { description: 'Stable code; docs/errors.md lists them.' })
  code: string;

  @Field(() => String, { description: 'A sentence in English.' })
  message: string;
}

@ObjectType('SignedActionViewerCan', { description: 'What the viewer may do with an action.' })
export class SignedActionViewerCanType {
  @Field(() => PermissionType, { description: 'Sign it, or try again to carry it out.' })
  sign: PermissionType;

  @Field(() => PermissionType, { description: 'Say no to it.' })
  decline: PermissionType;
}

@InputType({ description: 'Which actions.' })
export class SignedActionFilterInput {
  @Field(() => [SignedActionStateEnum], { nullable: true, description: 'Only actions in these states.' })
  states?: SignedActionState[] | null;
}

@InputType({ description: 'What is to be done. The bylaws say who decides it.' })
export class ActionSubmitInput extends OnceInput {
  @Field(() => ProposalActionInput, {
    description: 'The action: the input of the direct mutation, if there is one.',
  })
  action: ProposalActionInput;

  @Field(() => String, {
    nullable: true,
    description: 'What it is called in the register, up to 200 characters; what it does, if absent.',
  })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'Why, for those who decide; up to 20,000 characters.' })
  text?: string | null;
}

@ObjectType({ description: 'What came of an action: one of the two, or why nothing was submitted.' })
export class ActionSubmitPayload extends MutationPayload {
  @Field(() => SignedActionType, {
    nullable: true,
    description: 'The action that is signed, or was carried out at once; null where members vote.',
  })
  signedAction?: SignedActionType;

  @Field(() => ProposalType, {
    nullable: true,
    description: 'The proposal that was opened; null unless members vote.',
  })
  proposal?: ProposalType;
}

@ObjectType({ description: 'The action, or why nothing changed.' })
export class SignedActionPayload extends MutationPayload {
  @Field(() => SignedActionType, { nullable: true, description: 'The action as it is now.' })
  signedAction?: SignedActionType;
}

@InputType({ description: 'What is signed.' })
export class ActionSignInput extends OnceInput {
  @Field(() => ID, { description: 'The action.' })
  actionId: string;
}

@ObjectType({ description: 'The action with the signature.' })
export class ActionSignPayload extends SignedActionPayload {}

@InputType({ description: 'What is declined.' })
export class ActionDeclineInput extends NetworkInput {
  @Field(() => ID, { description: 'The action.' })
  actionId: string;

  @Field(() => String, { description: 'Why, 1 to 1,000 characters.' })
  reason: string;
}

@ObjectType({ description: 'The declined action.' })
export class ActionDeclinePayload extends SignedActionPayload {}
