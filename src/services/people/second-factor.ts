import { Person } from '../../entities/person.ts';
import { RecoveryCode } from '../../entities/recovery-code.ts';
import { Session } from '../../entities/session.ts';
import type { Actor } from '../../kernel/actor.ts';
import { after } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { DomainError, Unauthenticated } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { EmailNotVerified } from './addresses.ts';
import { requireSession } from './authenticate.ts';
import { confirmPassword, lockConfirmed } from './confirm-password.ts';
import type { PeopleDeps } from './deps.ts';
import { OneTimeCodeWrong, requireOneTimeCode } from './one-time-codes.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import { SESSION_LIFETIME_MS } from './sessions.ts';
import { newTotpSecret, stepOfCode, totpUri } from './totp.ts';

/** One-time codes are in use already; they are disabled before another device takes over. */
export class OneTimeCodesEnabled extends DomainError {
  constructor() {
    super('ONE_TIME_CODES_ENABLED', 'One-time codes are set up already.');
  }
}

/** There is no device yet whose codes could be checked. */
export class OneTimeCodesNotEnabled extends DomainError {
  constructor() {
    super('ONE_TIME_CODES_NOT_ENABLED', 'One-time codes are not set up.');
  }
}

export interface Enrolment {
  /** For typing, in base 32. */
  secret: string;
  /** For a picture that the device reads. */
  uri: string;
}

/**
 * Begins to set up one-time codes: makes the secret that the person's device gets. It counts for nothing until
 * `confirmEnrolment`, and asking again replaces it.
 *
 * The address must be proved: else somebody who registers with another's address could lock its owner out.
 *
 * @throws PasswordWrong, EmailNotVerified, OneTimeCodesEnabled, TooManyAttempts, Overloaded
 */
export async function enrol(deps: PeopleDeps, actor: Actor, password: string): Promise<Enrolment> {
  const confirmed = await confirmPassword(deps, actor, password, 'password');
  const secret = newTotpSecret();
  return deps.run(actor, async (tx) => {
    const person = await lockConfirmed(tx, confirmed);
    if (!person.emailVerifiedAt) throw new EmailNotVerified();
    if (person.oneTimeCodeConfirmedAt) throw new OneTimeCodesEnabled();
    const oneTimeCodeSecret = deps.secretBox.seal(secret, person.id);
    await tx.db.update(Person, { id: person.id }, { oneTimeCodeSecret, oneTimeCodeLastStep: null });
    return { secret, uri: totpUri(secret, new URL(deps.config.publicUrl).hostname, person.email) };
  });
}

/**
 * Puts one-time codes to use, once the device has shown a right one. This session counts as confirmed; the
 * person's other sessions are held until a code is given in them.
 *
 * @returns the recovery codes, which are shown once
 * @throws OneTimeCodeWrong, OneTimeCodesEnabled, OneTimeCodesNotEnabled, TooManyAttempts
 */
export function confirmEnrolment(deps: PeopleDeps, actor: Actor, code: string): Promise<string[]> {
  const { personId, credential } = requireSession(actor);
  return withThrottle(deps, personId, () =>
    deps.run(actor, async (tx) => {
      const person = await lockPerson(tx, personId);
      if (person.oneTimeCodeConfirmedAt) throw new OneTimeCodesEnabled();
      if (!person.oneTimeCodeSecret) throw new OneTimeCodesNotEnabled();
      const step = stepOfCode(deps.secretBox.open(person.oneTimeCodeSecret, personId), code, tx.now);
      if (step === null) throw new OneTimeCodeWrong('code');
      const confirmed = { oneTimeCodeConfirmedAt: tx.now, oneTimeCodeLastStep: step };
      await tx.db.update(Person, { id: personId }, confirmed);
      await tx.db.update(Session, { id: credential.sessionId }, { secondFactorAt: tx.now });
      return replaceRecoveryCodes(tx, personId);
    }),
  );
}

/**
 * Gives up one-time codes, with the password and a code or recovery code.
 *
 * @throws PasswordWrong, OneTimeCodeWrong, OneTimeCodesNotEnabled, TooManyAttempts, Overloaded
 */
export async function disable(
  deps: PeopleDeps,
  actor: Actor,
  { password, code }: { password: string; code: string },
): Promise<void> {
  const confirmed = await confirmPassword(deps, actor, password, 'password');
  const { id } = confirmed.person;
  await withThrottle(deps, id, () =>
    deps.run(actor, async (tx) => {
      await requireCode(deps, tx, await lockConfirmed(tx, confirmed), code);
      const cleared = {
        oneTimeCodeSecret: null,
        oneTimeCodeConfirmedAt: null,
        oneTimeCodeLastStep: null,
      };
      await tx.db.update(Person, { id }, cleared);
      await tx.db.delete(RecoveryCode, { personId: id });
      // Where treasurers need a second factor, one that is no more does not count on.
      await tx.db.update(Session, { personId: id }, { secondFactorAt: null });
    }),
  );
}

/**
 * Replaces the recovery codes, used and unused ones.
 *
 * @returns the new ones, which are shown once
 * @throws OneTimeCodeWrong, OneTimeCodesNotEnabled, TooManyAttempts
 */
export function renewRecoveryCodes(deps: PeopleDeps, actor: Actor, code: string): Promise<string[]> {
  const { personId } = requireSession(actor);
  return withThrottle(deps, personId, () =>
    deps.run(actor, async (tx) => {
      await requireCode(deps, tx, await lockPerson(tx, personId), code);
      return replaceRecoveryCodes(tx, personId);
    }),
  );
}

/**
 * Takes a code for the session of the request: releases one that was held, and renews the second factor of one
 * that was not.
 *
 * @throws Unauthenticated, OneTimeCodeWrong, OneTimeCodesNotEnabled, TooManyAttempts
 */
export async function confirmSession(deps: PeopleDeps, actor: Actor, code: string): Promise<Session> {
  const id = sessionIdOf(actor);
  const session = await deps.db.one(Session, { id });
  if (!session) throw new Unauthenticated();
  return withThrottle(deps, session.personId, () =>
    deps.run(actor, async (tx) => {
      await requireCode(deps, tx, await lockPerson(tx, session.personId), code);
      const confirmed = {
        secondFactorAt: tx.now,
        lastSeenAt: tx.now,
        expiresAt: after(tx.now, SESSION_LIFETIME_MS),
      };
      const updated = await tx.db.update(Session, { id }, confirmed);
      if (updated === 0) throw new Unauthenticated();
      return { ...session, ...confirmed };
    }),
  );
}

function sessionIdOf(actor: Actor): string {
  if (actor.kind === 'visitor' && actor.heldSessionId) return actor.heldSessionId;
  return requireSession(actor).credential.sessionId;
}

export interface SecondFactor {
  isEnabled: boolean;
  recoveryCodesLeft: number;
}

/** Whether a person has one-time codes, and how many recovery codes are left to them. */
export async function secondFactorOf(db: Db, person: Person): Promise<SecondFactor> {
  if (!person.oneTimeCodeConfirmedAt) return { isEnabled: false, recoveryCodesLeft: 0 };
  const unused = await db.all(RecoveryCode, { personId: person.id, usedAt: null });
  return { isEnabled: true, recoveryCodesLeft: unused.length };
}

// The count is kept on a connection of its own, so it is taken before a transaction is open.
async function withThrottle<T>(deps: PeopleDeps, personId: string, work: () => Promise<T>): Promise<T> {
  await deps.throttle.count('oneTimeCode', personId);
  const result = await work();
  await deps.throttle.forget('oneTimeCode', personId);
  return result;
}

async function requireCode(deps: PeopleDeps, tx: Tx, person: Person, code: string): Promise<void> {
  const given = await requireOneTimeCode(tx, deps.secretBox, person, { code, path: 'code' });
  if (given === null) throw new OneTimeCodesNotEnabled();
}

async function lockPerson(tx: Tx, personId: string): Promise<Person> {
  const person = await tx.db.lock(Person, { id: personId });
  if (!person) throw new Unauthenticated();
  return person;
}

async function replaceRecoveryCodes(tx: Tx, personId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  await tx.db.delete(RecoveryCode, { personId });
  const rows = codes.map(({ codeHash }) => ({ personId, codeHash, usedAt: null }));
  await tx.db.insert(RecoveryCode, rows);
  return codes.map(({ code }) => code);
}
