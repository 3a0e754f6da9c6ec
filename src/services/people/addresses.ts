import { Person } from '../../entities/person.ts';
import type { Actor } from '../../kernel/actor.ts';
import { violates } from '../../kernel/database.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { requireSession } from './authenticate.ts';
import { confirmPassword, lockConfirmed } from './confirm-password.ts';
import type { PeopleDeps } from './deps.ts';
import { parseEmail } from './email.ts';
import { redeemSecret, sendSecret, sendVerification } from './mailed-secrets.ts';
import { EmailTaken } from './register.ts';
import { existingPerson } from './update-person.ts';

/** There is nothing left to prove. */
export class EmailAlreadyVerified extends DomainError {
  constructor() {
    super('EMAIL_ALREADY_VERIFIED', 'This address has been confirmed.');
  }
}

/** What is asked for needs a person of whom it is known that they read mail at their address. */
export class EmailNotVerified extends DomainError {
  constructor() {
    super('EMAIL_NOT_VERIFIED', 'Confirm your address first.');
  }
}

/**
 * Sends the letter that proves the address once more, and returns where it goes.
 *
 * @throws EmailAlreadyVerified, TooManyAttempts
 */
export async function requestVerification(deps: PeopleDeps, actor: Actor): Promise<string> {
  const { personId } = requireSession(actor);
  const { emailKey } = await existingPerson(deps, personId);
  await countLetter(deps, actor, emailKey);
  return deps.run(actor, async (tx) => {
    const person = await existingPerson(tx, personId);
    if (person.emailVerifiedAt) throw new EmailAlreadyVerified();
    await sendVerification(tx, person);
    return person.email;
  });
}

/** Letters cost the receiver's attention: few to one address, and few on behalf of one client. */
export async function countLetter(deps: PeopleDeps, actor: Actor, emailKey: string): Promise<void> {
  if (actor.kind !== 'system') await deps.throttle.count('letterByAddress', actor.address);
  await deps.throttle.count('letterByAccount', emailKey);
}

/**
 * Asks for another address. It becomes the person's once the letter to it is answered; until then the old one
 * stays, and a notice to it tells the owner in time if it was somebody else who asked.
 *
 * @throws InvalidInput INVALID_EMAIL, PasswordWrong, EmailTaken, TooManyAttempts, Overloaded
 */
export async function changeEmail(
  deps: PeopleDeps,
  actor: Actor,
  command: { newEmail: string; password: string },
): Promise<string> {
  const { email, emailKey } = parseEmail(command.newEmail, 'newEmail');
  const confirmed = await confirmPassword(deps, actor, command.password, 'password');
  await countLetter(deps, actor, emailKey);
  return deps.run(actor, async (tx) => {
    const person = await lockConfirmed(tx, confirmed);
    // An address that differs in its case alone is the same one, and its owner may write it as they like.
    const owner = await tx.db.one(Person, { emailKey });
    if (owner && owner.id !== person.id) throw new EmailTaken('newEmail');
    await sendSecret(tx, person, 'EMAIL_CHANGE', email);
    tx.enqueue({
      kind: 'letter',
      payload: {
        letter: 'EMAIL_CHANGE_NOTICE',
        to: person.email,
        locale: person.locale,
        values: { name: person.name },
      },
    });
    return email;
  });
}

/**
 * Takes the secret of a letter as proof that its receiver reads mail there, and returns the address.
 *
 * @throws SecretInvalid, EmailTaken
 */
export async function verifyEmail(tx: Tx, secret: string): Promise<string> {
  const { person, stored } = await redeemSecret(tx, secret, ['EMAIL_VERIFICATION', 'EMAIL_CHANGE']);
  if (stored.newEmail !== null) return moveTo(tx, person, stored.newEmail);
  await tx.db.update(Person, { id: person.id }, { emailVerifiedAt: person.emailVerifiedAt ?? tx.now });
  return person.email;
}

async function moveTo(tx: Tx, person: Person, newEmail: string): Promise<string> {
  const { email, emailKey } = parseEmail(newEmail, 'secret');
  try {
    await tx.db.update(Person, { id: person.id }, { email, emailKey, emailVerifiedAt: tx.now });
  } catch (error) {
    // Somebody registered with it while the letter was under way.
    if (violates(error, 'uq_person_email_key')) throw new EmailTaken('secret');
    throw error;
  }
  return email;
}
