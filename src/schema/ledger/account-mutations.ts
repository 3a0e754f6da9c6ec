import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { NetworkInput, OnceInput } from '../common/input.ts';
import { MutationPayload } from '../common/payload.ts';
import { DecimalScalar } from '../common/scalars.ts';
import { AccountType } from './account.ts';

@ObjectType({ description: 'The account, or why nothing changed.' })
export class AccountPayload extends MutationPayload {
  @Field(() => AccountType, { nullable: true, description: 'The account as it is now.' })
  account?: AccountType;
}

@InputType({ description: 'The account to open. With neither a member nor a group it is the network’s own.' })
export class AccountOpenInput extends NetworkInput {
  @Field(() => ID, { description: 'What it counts.' })
  unitId: string;

  @Field(() => ID, { nullable: true, description: 'The member whose it will be.' })
  membershipId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The group whose it will be.' })
  groupId?: string | null;

  @Field(() => String, { description: 'What it is called, 1 to 80 characters.' })
  name: string;
}

@ObjectType({ description: 'The new account.' })
export class AccountOpenPayload extends AccountPayload {}

@InputType({ description: 'What changes. Absent fields stay.' })
export class AccountUpdateInput extends NetworkInput {
  @Field(() => ID, { description: 'The account.' })
  accountId: string;

  @Field(() => String, { nullable: true, description: 'What it is called, 1 to 80 characters.' })
  name?: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True stops it for a time, false opens it again. For coordinators, of accounts of others.',
  })
  isFrozen?: boolean;
}

@ObjectType({ description: 'The changed account.' })
export class AccountUpdatePayload extends AccountPayload {}

@InputType({ description: 'Sets the limits of one account.' })
export class LimitSetActionInput {
  @Field(() => ID, { description: 'The account.' })
  accountId: string;

  @Field(() => Boolean, {
    description: 'True to follow the policy of the unit; floor and ceiling are then left out.',
  })
  followsPolicy: boolean;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Lowest balance, zero or less; null for none.',
  })
  floor?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Highest balance, zero or more; null for none.',
  })
  ceiling?: string | null;
}

@InputType({ description: 'The limits of one account: its own, or again those of its unit.' })
export class LimitSetInput extends LimitSetActionInput {
  @Field(() => ID, { description: 'The network.' })
  networkId: string;
}

@ObjectType({ description: 'The account with its limits.' })
export class LimitSetPayload extends AccountPayload {}

@InputType({ description: 'Which account is closed.' })
export class AccountCloseInput extends OnceInput {
  @Field(() => ID, { description: 'The account; nothing may be reserved.' })
  accountId: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether a balance is settled with the closing account as the unit’s policy has it: a surplus is given away, a deficit written off. If absent or false, the account must be at zero.',
  })
  settlesBalance?: boolean | null;
}

@ObjectType({ description: 'The closed account.' })
export class AccountClosePayload extends AccountPayload {}

@InputType({ description: 'Who may sign for which account.' })
export class SignatoryAddInput extends NetworkInput {
  @Field(() => ID, { description: 'The account.' })
  accountId: string;

  @Field(() => ID, { description: 'The member who is named to sign for the account, or no longer.' })
  membershipId: string;
}

@ObjectType({ description: 'The account with its signatories.' })
export class SignatoryAddPayload extends AccountPayload {}

@InputType({ description: 'Who may no longer sign for which account.' })
export class SignatoryRemoveInput extends SignatoryAddInput {}

@ObjectType({ description: 'The account with its signatories.' })
export class SignatoryRemovePayload extends AccountPayload {}
