import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { HOLD_STATES, type Hold, type HoldState } from '../../entities/hold.ts';
import { connectionOf } from '../common/connection.ts';
import { enumOf } from '../common/enum.ts';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { NodeType } from '../common/node.ts';
import { MutationPayload } from '../common/payload.ts';
import { PermissionType } from '../common/permission.ts';
import { DateTimeScalar, DecimalScalar } from '../common/scalars.ts';
import { TransferType } from './transfer.ts';

export const HoldStateEnum = enumOf('HoldState', HOLD_STATES, 'Where a hold stands.', {
  OPEN: 'What is left of it is reserved.',
  CAPTURED: 'It was paid, whole or in part, and holds nothing any more.',
  RELEASED: 'What was left of it was given back.',
  EXPIRED: 'Its time was over, and what was left of it was given back.',
});

@ObjectType('Hold', {
  implements: NodeType,
  description: 'An amount that an account cannot spend until it is captured or released.',
})
export class HoldType
  extends NodeType
  implements Pick<Hold, 'id' | 'state' | 'description' | 'createdAt' | 'expiresAt' | 'closedAt'>
{
  @Field(() => HoldStateEnum, { description: 'Where it stands.' })
  state: HoldState;

  @Field(() => String, { description: 'What it is for.' })
  description: string;

  @Field(() => DateTimeScalar, { description: 'When it was placed.' })
  createdAt: Date;

  @Field(() => DateTimeScalar, {
    description:
      'From then on nothing can be captured or released; what is left is given back within minutes.',
  })
  expiresAt: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it is open.' })
  closedAt: Date | null;
}

@ObjectType('HoldViewerCan', { description: 'What the viewer may do with a hold.' })
export class HoldViewerCanType {
  @Field(() => PermissionType, { description: 'Pay from it.' })
  capture: PermissionType;

  @Field(() => PermissionType, { description: 'Give back what is left of it.' })
  release: PermissionType;
}

export const HoldConnection = connectionOf<Hold>('Hold', () => HoldType);

@InputType({ description: 'Which holds.' })
export class HoldFilterInput {
  @Field(() => HoldStateEnum, { nullable: true, description: 'Only holds that stand there.' })
  state?: HoldState | null;
}

@InputType({ description: 'What is reserved, for whom and until when.' })
export class HoldPlaceInput extends OnceInput {
  @Field(() => ID, { description: 'The account that promises; the viewer must be allowed to sign for it.' })
  accountId: string;

  @Field(() => DecimalScalar, { description: 'Above zero, with no more decimals than the unit has.' })
  amount: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'Who alone can be paid from it, and may then capture and release it too, as long as who places it may sign for the account; anybody if absent.',
  })
  payeeAccountId?: string | null;

  @Field(() => String, { description: 'What it is for, 1 to 500 characters.' })
  description: string;

  @Field(() => DateTimeScalar, { description: 'In the future, and at most 366 days ahead.' })
  expiresAt: Date;
}

@ObjectType({ description: 'The hold, or why there is none.' })
export class HoldPlacePayload extends MutationPayload {
  @Field(() => HoldType, { nullable: true, description: 'The open hold.' })
  hold?: HoldType;
}

@InputType({ description: 'How much of a hold is paid to whom.' })
export class HoldCaptureInput extends OnceInput {
  @Field(() => ID, { description: 'The hold.' })
  holdId: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Who is paid. Needed if the hold names nobody, and otherwise the same or absent.',
  })
  payeeAccountId?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Above zero and at most what is left; all that is left if absent.',
  })
  amount?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether what is left then is given back, which ends the hold; true if absent.',
  })
  releasesRest?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the payment is for, up to 500 characters; the description of the hold if absent.',
  })
  description?: string | null;
}

@ObjectType({ description: 'The payment and the hold, or why nothing was paid.' })
export class HoldCapturePayload extends MutationPayload {
  @Field(() => TransferType, { nullable: true, description: 'The posted payment.' })
  transfer?: TransferType;

  @Field(() => HoldType, { nullable: true, description: 'The hold as it is now.' })
  hold?: HoldType;
}

@InputType({ description: 'Which hold is given back.' })
export class HoldReleaseInput extends NetworkInput {
  @Field(() => ID, { description: 'The hold.' })
  holdId: string;
}

@ObjectType({ description: 'The released hold, or why it was not released.' })
export class HoldReleasePayload extends MutationPayload {
  @Field(() => HoldType, { nullable: true, description: 'The hold as it is now.' })
  hold?: HoldType;
}
