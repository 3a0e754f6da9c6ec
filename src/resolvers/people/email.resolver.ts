import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  EmailChangeInput,
  EmailChangePayload,
  EmailVerificationRequestPayload,
  EmailVerifyInput,
  EmailVerifyPayload,
} from '../../schema/people/email.ts';
import { changeEmail, requestVerification, verifyEmail } from '../../services/people/addresses.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering, mutate } from '../mutate.ts';

@Resolver()
export class EmailResolver {
  @Mutation(() => EmailVerificationRequestPayload, {
    description:
      'Sends the letter that proves the person’s address once more. Needs a session. Codes: EMAIL_ALREADY_VERIFIED, TOO_MANY_ATTEMPTS.',
  })
  emailVerificationRequest(@Ctx() ctx: Context): Promise<EmailVerificationRequestPayload> {
    return answering(async () => ({ email: await requestVerification(ctx.app.people, ctx.actor) }));
  }

  @Mutation(() => EmailVerifyPayload, {
    description:
      'Proves an address by the secret of a letter, signed in or not; the secret of `emailChange` makes it the person’s. Codes: SECRET_INVALID, EMAIL_TAKEN.',
  })
  emailVerify(
    @Input(() => EmailVerifyInput) input: EmailVerifyInput,
    @Ctx() ctx: Context,
  ): Promise<EmailVerifyPayload> {
    return mutate(ctx, async (tx) => ({ email: await verifyEmail(tx, input.secret) }));
  }

  @Mutation(() => EmailChangePayload, {
    description:
      'Asks for another address: a letter goes to it, and a notice to the old one. Needs a session. Codes: INVALID_EMAIL, PASSWORD_WRONG, EMAIL_TAKEN, TOO_MANY_ATTEMPTS, OVERLOADED.',
  })
  emailChange(
    @Input(() => EmailChangeInput) input: EmailChangeInput,
    @Ctx() ctx: Context,
  ): Promise<EmailChangePayload> {
    return answering(async () => ({ pendingEmail: await changeEmail(ctx.app.people, ctx.actor, input) }));
  }
}
