import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Visitor } from '../kernel/actor.ts';
import type { Config } from '../kernel/config.ts';
import { DomainError } from '../kernel/errors.ts';
import type { AppServices } from '../resolvers/context.ts';
import {
  beginProviderSignIn,
  newSignInChecks,
  PROVIDER_SIGN_IN_LIFETIME_MS,
  signInByProvider,
  SignInExpired,
  takeProviderSignIn,
} from '../services/people/provider-sign-in.ts';
import { setSessionCookie } from './context.ts';
import { IdentityProvider } from './identity-provider.ts';

const START_PATH = '/auth/oidc/start';
const CALLBACK_PATH = '/auth/oidc/callback';
/** Ties a sign-in to the browser that began it. */
const STATE_COOKIE = 'mutuality_oidc';

type Query = Record<string, unknown>;

/** Adds the routes for signing in at an outside identity provider; without one in the configuration there are none. */
export function registerOidc(server: FastifyInstance, app: AppServices): void {
  const { config } = app;
  if (!config.oidc) return;
  const provider = new IdentityProvider(config.oidc, config.publicUrl + CALLBACK_PATH, app.log);
  server.get(START_PATH, (request, reply) => start(app, provider, request, reply));
  server.get(CALLBACK_PATH, (request, reply) => finish(app, provider, request, reply));
}

/** Sends the browser to the provider. */
async function start(
  app: AppServices,
  provider: IdentityProvider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const returnTo = safeReturnTo((request.query as Query)['returnTo']);
  return orBack(app.config, reply, returnTo, async () => {
    await app.people.throttle.count('providerByAddress', request.ip);
    const checks = newSignInChecks();
    const url = await provider.authorizationUrl(checks);
    await app.run(visitor(request), (tx) => beginProviderSignIn(tx, checks, returnTo));
    setStateCookie(app.config, reply, checks.state);
    return reply.redirect(url, 303);
  });
}

/** Takes the browser back from the provider, and signs the person in. */
async function finish(
  app: AppServices,
  provider: IdentityProvider,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const state = (request.query as Query)['state'];
  const isSameBrowser = parseCookie(request.headers.cookie ?? '')[STATE_COOKIE] === state;
  setStateCookie(app.config, reply, null);
  return orBack(app.config, reply, '/', async () => {
    // In another browser the answer is not taken up: somebody may have been lured into another one's sign-in.
    if (typeof state !== 'string' || !isSameBrowser) throw new SignInExpired();
    const begun = await app.run(visitor(request), (tx) => takeProviderSignIn(tx, state));
    return orBack(app.config, reply, begun.returnTo, async () => {
      const identity = await provider.identityFrom(queryOf(request), { ...begun, state });
      const options = {
        userAgent: request.headers['user-agent'] ?? null,
        defaultLocale: app.config.defaultLocale,
      };
      const { person, token } = await app.run(visitor(request), (tx) =>
        signInByProvider(tx, identity, options),
      );
      setSessionCookie(app, reply, token);
      const needsCode = person.oneTimeCodeConfirmedAt !== null;
      return reply.redirect(
        landing(app.config, begun.returnTo, needsCode ? 'ONE_TIME_CODE_NEEDED' : null),
        303,
      );
    });
  });
}

/** Does the work, or sends the browser back with the code of the refusal. */
async function orBack(
  config: Config,
  reply: FastifyReply,
  returnTo: string,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return reply.redirect(landing(config, returnTo, error.code), 303);
  }
}

function landing(config: Config, returnTo: string, error: string | null): string {
  const url = new URL((config.frontEndUrl ?? config.publicUrl) + returnTo);
  if (error) url.searchParams.set('error', error);
  return url.href;
}

/** A path on the site, or the site's beginning: nobody is sent elsewhere by a link to this server. */
export function safeReturnTo(given: unknown): string {
  const isPath =
    typeof given === 'string' && /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(given) && given.length <= 2_000;
  return isPath && given.isWellFormed() ? given : '/';
}

function queryOf(request: FastifyRequest): string {
  return request.url.split('?').slice(1).join('?');
}

function visitor(request: FastifyRequest): Visitor {
  return { kind: 'visitor', address: request.ip };
}

function setStateCookie(config: Config, reply: FastifyReply, state: string | null): void {
  const { pathname, protocol } = new URL(config.publicUrl);
  const cookie = stringifySetCookie({
    name: STATE_COOKIE,
    value: state ?? '',
    path: `${pathname.replace(/\/$/, '')}/auth/oidc`,
    httpOnly: true,
    // The way back from the provider is a link from another site, on which a strict cookie would be missing.
    sameSite: 'lax',
    secure: protocol === 'https:',
    maxAge: state === null ? 0 : PROVIDER_SIGN_IN_LIFETIME_MS / 1000,
  });
  void reply.header('set-cookie', cookie);
}
