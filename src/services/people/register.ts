import { Person } from '../../entities/person.ts';
import { violates } from '../../kernel/database.ts';
import { DomainError, InvalidInput } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { boundedText, isStorable, requireLocale } from '../../kernel/text.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { PeopleDeps } from './deps.ts';
import { parseEmail } from './email.ts';
import { sendVerification } from './mailed-secrets.ts';

/** Somebody has registered with this address already, whatever its case. */
export class EmailTaken extends DomainError {
  constructor(path = 'email') {
    super('EMAIL_TAKEN', 'Somebody is registered with this address.', {}, path);
  }
}

export interface RegisterPerson {
  name: string;
  email: string;
  password: string;
  locale?: string | null;
}

export const PASSWORD_BOUNDS = { min: 10, max: 200 };

/**
 * Registers a person and sends a letter to prove the address.
 *
 * @throws InvalidInput for name, address, password or language; EmailTaken; TooManyAttempts; Overloaded
 */
export async function registerPerson(
  deps: PeopleDeps,
  actor: Actor,
  command: RegisterPerson,
): Promise<Person> {
  const name = boundedText(command.name, 'name', { max: 100 });
  const { email, emailKey } = parseEmail(command.email, 'email');
  const password = requirePassword(command.password, 'password');
  const locale = command.locale ? requireLocale(command.locale, 'locale') : deps.config.defaultLocale;
  if (actor.kind !== 'system') await deps.throttle.count('registerByAddress', actor.address);
  const passwordHash = await deps.passwords.hash(password);

  return deps.run(actor, async (tx) => {
    const person = await addPerson(tx, {
      name,
      email,
      emailKey,
      emailVerifiedAt: null,
      locale,
      passwordHash,
    });
    await sendVerification(tx, person);
    return person;
  });
}

type NewPerson = Pick<Person, 'name' | 'email' | 'emailKey' | 'emailVerifiedAt' | 'locale' | 'passwordHash'>;

/** @throws EmailTaken */
export async function addPerson(tx: Tx, given: NewPerson): Promise<Person> {
  const person: Person = {
    ...given,
    id: newId('person'),
    isAdministrator: false,
    oneTimeCodeSecret: null,
    oneTimeCodeConfirmedAt: null,
    oneTimeCodeLastStep: null,
    createdAt: tx.now,
  };
  // The unique key decides, also between two who register at the same instant.
  if (await tx.db.exists(Person, { emailKey: person.emailKey })) throw new EmailTaken();
  try {
    await tx.db.insert(Person, person);
  } catch (error) {
    if (violates(error, 'uq_person_email_key')) throw new EmailTaken();
    throw error;
  }
  return person;
}

/** @throws InvalidInput TEXT_TOO_SHORT, TEXT_TOO_LONG or INVALID_TEXT */
export function requirePassword(password: string, path: string): string {
  // Not trimmed: spaces are part of a password. Long ones are fine; nobody is made to mix kinds of characters.
  if (!isStorable(password)) throw new InvalidInput('INVALID_TEXT', path);
  if (password.length < PASSWORD_BOUNDS.min)
    throw new InvalidInput('TEXT_TOO_SHORT', path, { min: PASSWORD_BOUNDS.min });
  if (password.length > PASSWORD_BOUNDS.max)
    throw new InvalidInput('TEXT_TOO_LONG', path, { max: PASSWORD_BOUNDS.max });
  return password;
}
