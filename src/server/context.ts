import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../kernel/actor.ts';
import { kindOfId } from '../kernel/ids.ts';
import { InvalidInput, Unauthenticated } from '../kernel/errors.ts';
import type { AppServices, Context } from '../resolvers/context.ts';
import { makeLoaders, type RowLoaders } from '../resolvers/loaders/loaders.ts';
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
  return contextFor(app, await actorOf(app, request, reply), {
    requestId: request.id,
    userAgent: request.headers['user-agent'] ?? null,
    setSessionCookie: (token) => setSessionCookie(app, reply, token),
  });
}

type Edge = Pick<Context, 'requestId' | 'userAgent' | 'setSessionCookie'>;

/** @param rows shared by several contexts of one instant */
export function contextFor(app: AppServices, actor: Actor, edge: Edge, rows?: RowLoaders): Context {
  const now = app.clock.now();
  return {
    app,
    actor,
    now,
    db: app.db,
    loaders: makeLoaders(app.db, actor, now, rows),
    log: app.log,
    run: (work) => app.run(actor, work),
    ...edge,
  };
}

async function actorOf(app: AppServices, request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
  const actingForMembershipId = actingForIn(request.headers[ACTING_FOR_HEADER], ACTING_FOR_HEADER);
  const presented = { address: request.ip, actingForMembershipId };
  const header = request.headers.authorization;
  if (header !== undefined) {
    return authenticate(app.db, app.clock, { ...presented, token: bearerToken(header) });
  }
  const token = sessionCookieIn(request.headers.cookie);
  try {
    return await authenticate(app.db, app.clock, { ...presented, token });
  } catch (error) {
    if (!(error instanceof Unauthenticated)) throw error;
    // A browser sends its cookie by itself, also to sign in again: the stale one is taken away.
    setSessionCookie(app, reply, null);
    return authenticate(app.db, app.clock, { ...presented, token: null });
  }
}

/** @throws Unauthenticated if there is none in it */
export function bearerToken(header: string): string {
  const [, token] = BEARER.exec(header) ?? [];
  if (!token) throw new Unauthenticated();
  return token;
}

export function sessionCookieIn(cookies: string | undefined): string | null {
  return parseCookie(cookies ?? '')[SESSION_COOKIE] ?? null;
}

/** @throws InvalidInput INVALID_ID */
export function actingForIn(value: unknown, path: string): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string' || kindOfId(value) !== 'membership') {
    throw new InvalidInput('INVALID_ID', path, { expected: 'mbr_…' });
  }
  return value;
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
