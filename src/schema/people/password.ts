import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { MutationPayload } from '../common/payload.ts';

@InputType({ description: 'A new password in place of the old one.' })
export class PasswordChangeInput {
  @Field(() => String, { description: 'The password so far.' })
  oldPassword: string;

  @Field(() => String, { description: 'A password of 10 to 200 characters.' })
  newPassword: string;
}

@ObjectType({ description: 'What the change has ended, or why there is none.' })
export class PasswordChangePayload extends MutationPayload {
  @Field(() => Int, {
    nullable: true,
    description: 'How many other sessions ended. This one and the access tokens stay.',
  })
  endedSessionCount?: number;
}

@InputType({ description: 'Who has forgotten the password.' })
export class PasswordResetRequestInput {
  @Field(() => String, { description: 'The address that the person registered with, in any case.' })
  email: string;
}

@ObjectType({ description: 'Whether the request was taken; not whether anybody has the address.' })
export class PasswordResetRequestPayload extends MutationPayload {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True: a letter is on its way if somebody is registered with the address.',
  })
  isAccepted?: boolean;
}

@InputType({ description: 'A new password for somebody who has forgotten theirs.' })
export class PasswordResetInput {
  @Field(() => String, { description: 'The secret from the letter. It works once, within an hour.' })
  secret: string;

  @Field(() => String, { description: 'A password of 10 to 200 characters.' })
  newPassword: string;
}

@ObjectType({ description: 'Whether the password was set, or why not.' })
export class PasswordResetPayload extends MutationPayload {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True: the password is set, every session has ended and every access token is revoked.',
  })
  isReset?: boolean;
}
