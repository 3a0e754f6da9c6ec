import { MailedSecret, type MailedSecretPurpose } from '../../entities/mailed-secret.ts';
import { Person } from '../../entities/person.ts';
import { after, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** The secret was never sent, has been used, has expired, or belongs to an address that was changed since. */
export class SecretInvalid extends DomainError {
  constructor() {
    super('SECRET_INVALID', 'This link does not work any more. Ask for a new one.', {}, 'secret');
  }
}

const LIFETIME_MS: Record<MailedSecretPurpose, number> = {
  EMAIL_VERIFICATION: 3 * DAY_MS,
  PASSWORD_RESET: HOUR_MS,
};

/** Sends a letter with a secret that proves, once, that its receiver reads the person's mail. */
export async function sendVerification(tx: Tx, person: Person): Promise<void> {
  await sendSecret(tx, person, 'EMAIL_VERIFICATION');
}

export async function sendSecret(tx: Tx, person: Person, purpose: MailedSecretPurpose): Promise<void> {
  const secret = newSecret();
  const expiresAt = after(tx.now, LIFETIME_MS[purpose]);
  await tx.db.insert(MailedSecret, {
    secretHash: hashSecret(secret),
    personId: person.id,
    purpose,
    emailKey: person.emailKey,
    expiresAt,
    usedAt: null,
  });
  tx.enqueue({
    kind: 'letter',
    payload: {
      letter: purpose,
      to: person.email,
      locale: person.locale,
      values: { name: person.name, secret },
    },
  });
}

/**
 * Uses up a mailed secret and returns its person.
 *
 * @throws SecretInvalid
 */
export async function redeemSecret(tx: Tx, secret: string, purpose: MailedSecretPurpose): Promise<Person> {
  const stored = await tx.db.lock(MailedSecret, { secretHash: hashSecret(secret), purpose });
  if (!stored || stored.usedAt || stored.expiresAt <= tx.now) throw new SecretInvalid();
  const person = await tx.db.lock(Person, { id: stored.personId });
  if (person?.emailKey !== stored.emailKey) throw new SecretInvalid();
  await tx.db.update(MailedSecret, { secretHash: stored.secretHash }, { usedAt: tx.now });
  return person;
}
