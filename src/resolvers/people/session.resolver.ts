import { Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Session } from '../../entities/session.ts';
import {
  SessionEndAllPayload,
  SessionEndInput,
  SessionEndPayload,
  SessionStartInput,
  SessionStartPayload,
  SessionType,
} from '../../schema/people/session.ts';
import { endAllSessions, endSession, startSession } from '../../services/people/sessions.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { answering, mutate } from '../mutate.ts';

@Resolver(() => SessionType)
export class SessionResolver {
  @Mutation(() => SessionStartPayload, {
    description:
      'Signs a person in. Codes: SIGN_IN_REFUSED, ONE_TIME_CODE_NEEDED, ONE_TIME_CODE_WRONG, TOO_MANY_ATTEMPTS, OVERLOADED.',
  })
  sessionStart(
    @Input(() => SessionStartInput) input: SessionStartInput,
    @Ctx() ctx: Context,
  ): Promise<SessionStartPayload> {
    return answering(async () => {
      const command = { ...input, userAgent: ctx.userAgent };
      const { session, person, token } = await startSession(ctx.app.people, ctx.actor, command);
      if (input.asCookie) ctx.setSessionCookie(token);
      return { session, person, token: input.asCookie ? null : token };
    });
  }

  @Mutation(() => SessionEndPayload, { description: 'Ends a session of the person who is signed in.' })
  sessionEnd(
    @Input(() => SessionEndInput) input: SessionEndInput,
    @Ctx() ctx: Context,
  ): Promise<SessionEndPayload> {
    return mutate(ctx, async (tx) => {
      const endedSessionId = await endSession(tx, input.sessionId ?? null);
      if (isCurrent(endedSessionId, ctx)) ctx.setSessionCookie(null);
      return { endedSessionId };
    });
  }

  @Mutation(() => SessionEndAllPayload, {
    description: 'Ends every session of the person, this one too: for a lost device. Access tokens stay.',
  })
  sessionEndAll(@Ctx() ctx: Context): Promise<SessionEndAllPayload> {
    return mutate(ctx, async (tx) => {
      const endedCount = await endAllSessions(tx);
      ctx.setSessionCookie(null);
      return { endedCount };
    });
  }

  @FieldResolver(() => Boolean, { description: 'Whether this request came with this session.' })
  isCurrent(@Root() session: Session, @Ctx() ctx: Context): boolean {
    return isCurrent(session.id, ctx);
  }

  @FieldResolver(() => Boolean, { description: 'Whether a one-time code was given in this session.' })
  hasSecondFactor(@Root() session: Session): boolean {
    return session.secondFactorAt !== null;
  }
}

function isCurrent(sessionId: string, { actor }: Context): boolean {
  return (
    actor.kind === 'person' && actor.credential.kind === 'session' && actor.credential.sessionId === sessionId
  );
}
