import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../kernel/actor.ts';
import { kindOfId } from '../kernel/ids.ts';
import { InvalidInput, Unauthenticated } from '../kernel/errors.ts';
import type { AppServices, Context } from '../resolvers/context.ts';
import { makeLoaders } from '../resolvers/loaders/loaders.ts';
import { authenticate } from '../services/people/authenticate.ts';
import { SESSION_LIFETIME_MS } from '../services/people/sessions.ts';

export const SESSION_COOKIE = 'mutuality_session';
/** Names the membership for which a helper acts in this request. */
export const ACTING_FOR_HEADER = 'acting-for';

const BEARER = /^Bearer +([\w-]{20,200})$/i;

/**
 * Who asks, and what their resolvers work with.
 *
 * @throws Unauthenticated if a token was sent that is not good, InvalidInput for a malformed `Acting-For`
 */
export async function makeContext(
  app: AppServices,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Context> {
  const actor = await actorOf(app, request, reply);
  const now = app.clock.now();
  return {
    app,
    actor,
    now,
    db: app.db,
    loaders: makeLoaders(app.db, actor, now),
    log: app.log,
    requestId: request.id,
    userAgent: request.headers['user-agent'] ?? null,
    run: (work) => app.run(actor, work),
    setSessionCookie: (token) => setSessionCookie(app, reply, token),
  };
}

async function actorOf(app: AppServices, request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
  const presented = { address: request.ip, actingForMembershipId: actingFor(request) };
  const header = request.headers.authorization;
  if (header !== undefined) {
    const [, token] = BEARER.exec(header) ?? [];
    if (!token) throw new Unauthenticated();
    return authenticate(app.db, app.clock, { ...presented, token });
  }
  const token = parseCookie(request.headers.cookie ?? '')[SESSION_COOKIE] ?? null;
  try {
    return await authenticate(app.db, app.clock, { ...presented, token });
  } catch (error) {
    if (!(error instanceof Unauthenticated)) throw error;
    // A browser sends its cookie by itself, also to sign in again: the stale one is taken away.
    setSessionCookie(app, reply, null);
    return authenticate(app.db, app.clock, { ...presented, token: null });
  }
}

function actingFor(request: FastifyRequest): string | null {
  const header = request.headers[ACTING_FOR_HEADER];
  if (header === undefined) return null;
  if (typeof header !== 'string' || kindOfId(header) !== 'membership') {
    throw new InvalidInput('INVALID_ID', ACTING_FOR_HEADER, { expected: 'mbr_…' });
  }
  return header;
}

export function setSessionCookie(app: AppServices, reply: FastifyReply, token: string | null): void {
  const cookie = stringifySetCookie({
    name: SESSION_COOKIE,
    value: token ?? '',
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: app.config.publicUrl.startsWith('https:'),
    maxAge: token === null ? 0 : SESSION_LIFETIME_MS / 1000,
  });
  void reply.header('set-cookie', cookie);
}
