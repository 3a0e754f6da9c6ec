import type { Actor, SessionCredential, SignedIn } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { after, DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { Forbidden, Unauthenticated } from '../../kernel/errors.ts';
import { hashSecret, SESSION_TOKEN_PREFIX } from './secrets.ts';

interface StoredCredential {
  id: string;
  personId: string;
  isAdministrator: boolean;
  lastSeenAt: Date | null;
  secondFactorAt: Date | null;
  scopes: string[] | null;
  isHeld: boolean;
}

export interface Presented {
  /** The session or access token as the client sent it; null for none. */
  token: string | null;
  address: string;
  actingForMembershipId: string | null;
}

// Often enough to show when a session was last used, seldom enough not to write on every request.
const SEEN_EVERY_MS = 10 * MINUTE_MS;
const SESSION_IDLE_MS = 30 * DAY_MS;

/**
 * Turns what a client presents into who is asking. A token that is unknown, expired or revoked is refused rather
 * than taken for a visitor: the client should learn that it is signed out.
 *
 * @throws Unauthenticated
 */
export async function authenticate(db: Db, clock: Clock, presented: Presented): Promise<Actor> {
  const { token, address, actingForMembershipId } = presented;
  if (token === null) return { kind: 'visitor', address };
  const now = clock.now();
  const isSession = token.startsWith(SESSION_TOKEN_PREFIX);
  const stored = isSession ? await findSession(db, token, now) : await findAccessToken(db, token, now);
  if (!stored) throw new Unauthenticated();
  if (stored.isHeld) return { kind: 'visitor', address, heldSessionId: stored.id };
  if (!stored.lastSeenAt || after(stored.lastSeenAt, SEEN_EVERY_MS) < now)
    await markSeen(db, isSession, stored.id, now);
  return {
    kind: 'person',
    personId: stored.personId,
    address,
    isAdministrator: stored.isAdministrator,
    actingForMembershipId,
    credential: isSession
      ? { kind: 'session', sessionId: stored.id, hasSecondFactor: stored.secondFactorAt !== null }
      : { kind: 'token', tokenId: stored.id, scopes: stored.scopes ?? [] },
  };
}

// Who has one-time codes is signed in only where one was given, however the session began.
const SESSION = `
  select encode(s.token_hash, 'hex') as key, s.id, s.person_id, p.is_administrator, s.last_seen_at, s.second_factor_at,
         null as scopes, p.one_time_code_confirmed_at is not null and s.second_factor_at is null as is_held, s.expires_at
    from session s join person p on p.id = s.person_id
   where s.token_hash in (select decode(hash, 'hex') from unnest($1::text[]) as hash)`;

async function findSession(db: Db, token: string, now: Date): Promise<StoredCredential | undefined> {
  const session = await db.lookUp<StoredCredential & { expiresAt: Date }>(
    SESSION,
    hashSecret(token).toString('hex'),
  );
  return session && session.expiresAt > now ? session : undefined;
}

// A token never carries the powers of a server administrator: it is meant for one purpose.
function findAccessToken(db: Db, token: string, now: Date): Promise<StoredCredential | undefined> {
  return db.row(
    `select id, person_id, false as is_administrator, last_used_at as last_seen_at, null as second_factor_at, scopes,
            false as is_held
       from access_token
      where token_hash = $1 and expires_at > $2 and revoked_at is null`,
    [hashSecret(token), now],
  );
}

async function markSeen(db: Db, isSession: boolean, id: string, now: Date): Promise<void> {
  if (isSession) {
    const values = [id, now, after(now, SESSION_IDLE_MS)];
    await db.execute('update session set last_seen_at = $2, expires_at = $3 where id = $1', values);
  } else {
    await db.execute('update access_token set last_used_at = $2 where id = $1', [id, now]);
  }
}

/** @throws Unauthenticated unless a person is signed in */
export function requirePerson(actor: Actor): SignedIn {
  if (actor.kind === 'person') return actor;
  const isHeld = actor.kind === 'visitor' && actor.heldSessionId !== undefined;
  throw new Unauthenticated(isHeld ? 'ONE_TIME_CODE_NEEDED' : null);
}

/**
 * Who one is and how one proves it is changed in a session only: an access token that leaks must not be able to
 * take the person over.
 *
 * A helper who acts for somebody does not change who either of them is.
 *
 * @throws Unauthenticated, Forbidden SCOPE_REQUIRED or NOT_YOURS
 */
export function requireSession(actor: Actor): SignedIn & { credential: SessionCredential } {
  const person = requirePerson(actor);
  if (person.credential.kind !== 'session') throw new Forbidden('SCOPE_REQUIRED');
  if (person.actingForMembershipId) throw new Forbidden('NOT_YOURS');
  return { ...person, credential: person.credential };
}
