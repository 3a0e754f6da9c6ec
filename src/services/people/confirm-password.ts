import { Person } from '../../entities/person.ts';
import type { Actor } from '../../kernel/actor.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { requireSession } from './authenticate.ts';
import type { PeopleDeps } from './deps.ts';

/** The password that was to confirm a change is not the person's, or the person has none. */
export class PasswordWrong extends DomainError {
  constructor(path: string) {
    super('PASSWORD_WRONG', 'This is not your password.', {}, path);
  }
}

/** Somebody in a session who has just given the right password, as their row stood then. */
export interface ConfirmedPerson {
  person: Person;
  path: string;
}

/**
 * Asks for the password once more, before a change that would help somebody who found the device unlocked.
 *
 * @param path the input field with the password
 * @throws Unauthenticated, Forbidden, PasswordWrong, TooManyAttempts, Overloaded
 */
export async function confirmPassword(
  deps: PeopleDeps,
  actor: Actor,
  password: string,
  path: string,
): Promise<ConfirmedPerson> {
  const { personId } = requireSession(actor);
  await deps.throttle.count('passwordInSession', personId);
  const person = await deps.db.one(Person, { id: personId });
  const isRight = await deps.passwords.matches(password, person?.passwordHash);
  if (!person || !isRight) throw new PasswordWrong(path);
  await deps.throttle.forget('passwordInSession', personId);
  return { person, path };
}

/**
 * Locks the person's row for the change.
 *
 * @throws PasswordWrong if the password was changed while it was being checked
 */
export async function lockConfirmed(tx: Tx, { person, path }: ConfirmedPerson): Promise<Person> {
  const locked = await tx.db.lock(Person, { id: person.id });
  if (locked?.passwordHash !== person.passwordHash) throw new PasswordWrong(path);
  return locked;
}
