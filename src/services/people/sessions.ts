import { Person } from '../../entities/person.ts';
import { Session } from '../../entities/session.ts';
import type { Actor, SignedIn } from '../../kernel/actor.ts';
import { after, DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { DomainError, NotFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isStorable } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { requireSession } from './authenticate.ts';
import type { PeopleDeps } from './deps.ts';
import { requireOneTimeCode } from './one-time-codes.ts';
import { hashSecret, newSecret, SESSION_TOKEN_PREFIX } from './secrets.ts';

/** Unknown person or wrong password: which of the two is not said, and takes the same time. */
export class SignInRefused extends DomainError {
  constructor() {
    super('SIGN_IN_REFUSED', 'No person with this address and password.');
  }
}

export interface StartSession {
  email: string;
  password: string;
  /** From the person's device, or a recovery code; needed once one-time codes are set up. */
  oneTimeCode?: string | null;
  userAgent?: string | null;
}

export interface StartedSession {
  session: Session;
  person: Person;
  /** Shown once; the server keeps only its hash. */
  token: string;
}

export const SESSION_LIFETIME_MS = 30 * DAY_MS;
// How long somebody has to find the device with the codes.
const HELD_SESSION_LIFETIME_MS = 15 * MINUTE_MS;

/**
 * Signs a person in by password and, if they have set it up, a one-time code.
 *
 * @throws SignInRefused, OneTimeCodeNeeded, OneTimeCodeWrong, TooManyAttempts, Overloaded
 */
export async function startSession(
  deps: PeopleDeps,
  actor: Actor,
  command: StartSession,
): Promise<StartedSession> {
  const emailKey = command.email.trim().normalize('NFC').toLowerCase();
  if (actor.kind !== 'system') await deps.throttle.count('signInByAddress', actor.address);
  if (!isStorable(emailKey) || emailKey.length > 254) throw new SignInRefused();
  await deps.throttle.count('signInByAccount', emailKey);
  const found = await deps.db.one(Person, { emailKey });
  const isRight = await deps.passwords.matches(command.password, found?.passwordHash);
  if (!found || !isRight) throw new SignInRefused();

  if (found.oneTimeCodeConfirmedAt && command.oneTimeCode) await deps.throttle.count('oneTimeCode', found.id);
  const started = await deps.run(actor, async (tx) => {
    const person = await tx.db.lock(Person, { id: found.id });
    // The password may have been changed while it was being checked.
    if (person?.passwordHash !== found.passwordHash) throw new SignInRefused();
    const secondFactorAt = await requireOneTimeCode(tx, deps.secretBox, person, {
      code: command.oneTimeCode ?? null,
      path: 'oneTimeCode',
    });
    return createSession(tx, person, { userAgent: command.userAgent ?? null, secondFactorAt });
  });
  await deps.throttle.forget('signInByAccount', emailKey);
  await deps.throttle.forget('oneTimeCode', found.id);
  return started;
}

/**
 * Makes a session for a person who has proved who they are. If they have one-time codes and none was given, it is
 * held: it signs nobody in until `confirmSession`, and ends soon without it.
 */
export async function createSession(
  tx: Tx,
  person: Person,
  { userAgent, secondFactorAt }: { userAgent: string | null; secondFactorAt: Date | null },
): Promise<StartedSession> {
  const isHeld = person.oneTimeCodeConfirmedAt !== null && secondFactorAt === null;
  const token = SESSION_TOKEN_PREFIX + newSecret();
  const session: Session = {
    id: newId('session'),
    personId: person.id,
    tokenHash: hashSecret(token),
    userAgent: userAgent && isStorable(userAgent) ? userAgent.slice(0, 300) : null,
    createdAt: tx.now,
    lastSeenAt: tx.now,
    expiresAt: after(tx.now, isHeld ? HELD_SESSION_LIFETIME_MS : SESSION_LIFETIME_MS),
    secondFactorAt,
  };
  await tx.db.insert(Session, session);
  return { session, person, token };
}

/**
 * Ends one session of the person: the current one if none is named.
 *
 * @throws NotFound if the person has no such session
 */
export async function endSession(tx: Tx, sessionId: string | null): Promise<string> {
  const { personId, credential } = requireSession(tx.actor);
  const id = sessionId ?? credential.sessionId;
  const ended = await tx.db.delete(Session, { id, personId });
  if (ended === 0) throw new NotFound('Session');
  return id;
}

/** Ends every session of the person, the current one too, and returns how many there were. */
export async function endAllSessions(tx: Tx): Promise<number> {
  const { personId } = requireSession(tx.actor);
  return endSessionsOf(tx, personId, null);
}

/** Ends the sessions of a person but the one to keep, if any. */
export async function endSessionsOf(tx: Tx, personId: string, keepId: string | null): Promise<number> {
  return tx.db.execute('delete from session where person_id = $1 and id is distinct from $2', [
    personId,
    keepId,
  ]);
}

/** The sessions of a person that have not expired, newest first; at most fifty. */
export function sessionsOf({
  db,
  actor,
  now,
}: {
  db: PeopleDeps['db'];
  actor: SignedIn;
  now: Date;
}): Promise<Session[]> {
  return db.select(Session, 'where person_id = $1 and expires_at > $2 order by created_at desc limit 50', [
    actor.personId,
    now,
  ]);
}
