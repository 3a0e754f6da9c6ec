import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { MutationPayload } from '../common/payload.ts';
import { SessionType } from './session.ts';

@ObjectType('SecondFactor', { description: 'How a person proves who they are beside the password.' })
export class SecondFactorType {
  @Field(() => Boolean, { description: 'Whether signing in needs a one-time code.' })
  isEnabled: boolean;

  @Field(() => Int, { description: 'How many recovery codes have not been used, 0 to 10.' })
  recoveryCodesLeft: number;
}

@InputType({ description: 'Who sets up one-time codes.' })
export class OneTimeCodeEnrolInput {
  @Field(() => String, { description: 'The person’s password.' })
  password: string;
}

@ObjectType({ description: 'What the device needs, or why it gets nothing.' })
export class OneTimeCodeEnrolPayload extends MutationPayload {
  @Field(() => String, { nullable: true, description: 'The secret in base 32, for typing. Shown once.' })
  secret?: string;

  @Field(() => String, {
    nullable: true,
    description: 'The same as an `otpauth://` address, to be shown as a QR code. Shown once.',
  })
  uri?: string;
}

@InputType({ description: 'The proof that the device has the secret.' })
export class OneTimeCodeConfirmInput {
  @Field(() => String, { description: 'The six digits that the device shows.' })
  code: string;
}

@ObjectType({ description: 'The recovery codes, or why there are none.' })
export class OneTimeCodeConfirmPayload extends MutationPayload {
  @Field(() => [String], {
    nullable: true,
    description: 'Ten codes for the day on which the device is lost, each good once. Shown once.',
  })
  recoveryCodes?: string[];
}

@InputType({ description: 'Who gives up one-time codes.' })
export class OneTimeCodeDisableInput {
  @Field(() => String, { description: 'The person’s password.' })
  password: string;

  @Field(() => String, { description: 'The six digits that the device shows, or a recovery code.' })
  code: string;
}

@ObjectType({ description: 'The second factor as it is now, or why nothing changed.' })
export class OneTimeCodeDisablePayload extends MutationPayload {
  @Field(() => SecondFactorType, { nullable: true, description: 'The second factor, now off.' })
  secondFactor?: SecondFactorType;
}

@InputType({ description: 'Who needs new recovery codes.' })
export class RecoveryCodesRenewInput {
  @Field(() => String, { description: 'The six digits that the device shows, or a recovery code.' })
  code: string;
}

@ObjectType({ description: 'The new recovery codes, or why there are none.' })
export class RecoveryCodesRenewPayload extends MutationPayload {
  @Field(() => [String], {
    nullable: true,
    description: 'Ten codes in place of all older ones, each good once. Shown once.',
  })
  recoveryCodes?: string[];
}

@InputType({ description: 'The code that a session waits for.' })
export class SessionConfirmInput {
  @Field(() => String, { description: 'The six digits that the device shows, or a recovery code.' })
  code: string;
}

@ObjectType({ description: 'The confirmed session, or why it is not.' })
export class SessionConfirmPayload extends MutationPayload {
  @Field(() => SessionType, { nullable: true, description: 'The session of this request.' })
  session?: SessionType;
}
