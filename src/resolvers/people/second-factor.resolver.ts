import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  OneTimeCodeConfirmInput,
  OneTimeCodeConfirmPayload,
  OneTimeCodeDisableInput,
  OneTimeCodeDisablePayload,
  OneTimeCodeEnrolInput,
  OneTimeCodeEnrolPayload,
  RecoveryCodesRenewInput,
  RecoveryCodesRenewPayload,
  SessionConfirmInput,
  SessionConfirmPayload,
} from '../../schema/people/second-factor.ts';
import {
  confirmEnrolment,
  confirmSession,
  disable,
  enrol,
  renewRecoveryCodes,
} from '../../services/people/second-factor.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering } from '../mutate.ts';

@Resolver()
export class SecondFactorResolver {
  @Mutation(() => OneTimeCodeEnrolPayload, {
    description:
      'Begins to set up one-time codes (RFC 6238); they count from `oneTimeCodeConfirm` on. Needs a session. Codes: PASSWORD_WRONG, EMAIL_NOT_VERIFIED, ONE_TIME_CODES_ENABLED, TOO_MANY_ATTEMPTS, OVERLOADED.',
  })
  oneTimeCodeEnrol(
    @Input(() => OneTimeCodeEnrolInput) input: OneTimeCodeEnrolInput,
    @Ctx() ctx: Context,
  ): Promise<OneTimeCodeEnrolPayload> {
    return answering(() => enrol(ctx.app.people, ctx.actor, input.password));
  }

  @Mutation(() => OneTimeCodeConfirmPayload, {
    description:
      'Puts one-time codes to use; sessions on other devices wait for a code from now on. Needs a session. Codes: ONE_TIME_CODE_WRONG, ONE_TIME_CODES_ENABLED, ONE_TIME_CODES_NOT_ENABLED, TOO_MANY_ATTEMPTS.',
  })
  oneTimeCodeConfirm(
    @Input(() => OneTimeCodeConfirmInput)
    input: OneTimeCodeConfirmInput,
    @Ctx() ctx: Context,
  ): Promise<OneTimeCodeConfirmPayload> {
    return answering(async () => ({
      recoveryCodes: await confirmEnrolment(ctx.app.people, ctx.actor, input.code),
    }));
  }

  @Mutation(() => OneTimeCodeDisablePayload, {
    description:
      'Gives up one-time codes and the recovery codes. Needs a session. Codes: PASSWORD_WRONG, ONE_TIME_CODE_WRONG, ONE_TIME_CODES_NOT_ENABLED, TOO_MANY_ATTEMPTS, OVERLOADED.',
  })
  oneTimeCodeDisable(
    @Input(() => OneTimeCodeDisableInput) input: OneTimeCodeDisableInput,
    @Ctx() ctx: Context,
  ): Promise<OneTimeCodeDisablePayload> {
    return answering(async () => {
      await disable(ctx.app.people, ctx.actor, input);
      return { secondFactor: { isEnabled: false, recoveryCodesLeft: 0 } };
    });
  }

  @Mutation(() => RecoveryCodesRenewPayload, {
    description:
      'Replaces all recovery codes. Needs a session. Codes: ONE_TIME_CODE_WRONG, ONE_TIME_CODES_NOT_ENABLED, TOO_MANY_ATTEMPTS.',
  })
  recoveryCodesRenew(
    @Input(() => RecoveryCodesRenewInput) input: RecoveryCodesRenewInput,
    @Ctx() ctx: Context,
  ): Promise<RecoveryCodesRenewPayload> {
    return answering(async () => ({
      recoveryCodes: await renewRecoveryCodes(ctx.app.people, ctx.actor, input.code),
    }));
  }

  @Mutation(() => SessionConfirmPayload, {
    description:
      'Gives a one-time code in this session, also in one that signs nobody in until then. Codes: ONE_TIME_CODE_WRONG, ONE_TIME_CODES_NOT_ENABLED, TOO_MANY_ATTEMPTS.',
  })
  sessionConfirm(
    @Input(() => SessionConfirmInput) input: SessionConfirmInput,
    @Ctx() ctx: Context,
  ): Promise<SessionConfirmPayload> {
    return answering(async () => ({ session: await confirmSession(ctx.app.people, ctx.actor, input.code) }));
  }
}
