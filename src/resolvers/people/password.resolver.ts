import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  PasswordChangeInput,
  PasswordChangePayload,
  PasswordResetInput,
  PasswordResetPayload,
  PasswordResetRequestInput,
  PasswordResetRequestPayload,
} from '../../schema/people/password.ts';
import {
  changePassword,
  requestPasswordReset,
  resetPassword,
} from '../../services/people/change-password.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering } from '../mutate.ts';

@Resolver()
export class PasswordResolver {
  @Mutation(() => PasswordChangePayload, {
    description:
      'Sets a new password and ends all other sessions. Needs a session. Codes: PASSWORD_WRONG, TEXT_TOO_SHORT, TEXT_TOO_LONG, INVALID_TEXT, TOO_MANY_ATTEMPTS, OVERLOADED.',
  })
  passwordChange(
    @Input(() => PasswordChangeInput) input: PasswordChangeInput,
    @Ctx() ctx: Context,
  ): Promise<PasswordChangePayload> {
    return answering(async () => ({
      endedSessionCount: await changePassword(ctx.app.people, ctx.actor, input),
    }));
  }

  @Mutation(() => PasswordResetRequestPayload, {
    description:
      'Sends a letter with which to set a new password; answers alike whether or not anybody has the address. Codes: INVALID_EMAIL, TOO_MANY_ATTEMPTS.',
  })
  passwordResetRequest(
    @Input(() => PasswordResetRequestInput)
    input: PasswordResetRequestInput,
    @Ctx() ctx: Context,
  ): Promise<PasswordResetRequestPayload> {
    return answering(async () => {
      await requestPasswordReset(ctx.app.people, ctx.actor, input.email);
      return { isAccepted: true };
    });
  }

  @Mutation(() => PasswordResetPayload, {
    description:
      'Sets a new password by the secret of a letter, ends every session and revokes every access token. Codes: SECRET_INVALID, TEXT_TOO_SHORT, TEXT_TOO_LONG, INVALID_TEXT, OVERLOADED.',
  })
  passwordReset(
    @Input(() => PasswordResetInput)
    input: PasswordResetInput,
    @Ctx() ctx: Context,
  ): Promise<PasswordResetPayload> {
    return answering(async () => {
      await resetPassword(ctx.app.people, ctx.actor, input);
      return { isReset: true };
    });
  }
}
