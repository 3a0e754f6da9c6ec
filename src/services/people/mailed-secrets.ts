import { MailedSecret, type MailedSecretPurpose } from '../../entities/mailed-secret.ts';
import { Person } from '../../entities/person.ts';
import { after, DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
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
  EMAIL_CHANGE: DAY_MS,
  PASSWORD_RESET: HOUR_MS,
};

/** Sends a letter with a secret that proves, once, that its receiver reads the person's mail. */
export async function sendVerification(tx: Tx, person: Person): Promise<void> {
  await sendSecret(tx, person, 'EMAIL_VERIFICATION');
}

/** @param newEmail where an EMAIL_CHANGE goes; the others go to the person's own address */
export async function sendSecret(
  tx: Tx,
  person: Person,
  purpose: MailedSecretPurpose,
  newEmail: string | null = null,
): Promise<void> {
  const secret = newSecret();
  await tx.db.insert(MailedSecret, {
    secretHash: hashSecret(secret),
    personId: person.id,
    purpose,
    emailKey: person.emailKey,
    newEmail,
    expiresAt: after(tx.now, LIFETIME_MS[purpose]),
    usedAt: null,
  });
  tx.enqueue({
    kind: 'letter',
    payload: {
      letter: purpose,
      to: newEmail ?? person.email,
      locale: person.locale,
      values: { name: person.name, secret },
    },
  });
}

interface Redeemed {
  person: Person;
  stored: MailedSecret;
}

/**
 * Uses up a mailed secret and returns it with its person, whose row is then locked.
 *
 * @throws SecretInvalid
 */
export async function redeemSecret(
  tx: Tx,
  secret: string,
  purposes: MailedSecretPurpose[],
): Promise<Redeemed> {
  const stored = await findSecret(tx.db, secret, purposes, tx.now);
  // The person's row is locked before any row that belongs to it, here as everywhere.
  const person = await tx.db.lock(Person, { id: stored.personId });
  if (person?.emailKey !== stored.emailKey) throw new SecretInvalid();
  const { secretHash } = stored;
  const used = await tx.db.update(MailedSecret, { secretHash, usedAt: null }, { usedAt: tx.now });
  if (used === 0) throw new SecretInvalid();
  return { person, stored };
}

/**
 * A secret that would be good at this instant, without using it up.
 *
 * @throws SecretInvalid
 */
export async function findSecret(
  db: Db,
  secret: string,
  purposes: MailedSecretPurpose[],
  now: Date,
): Promise<MailedSecret> {
  const stored = await db.one(MailedSecret, { secretHash: hashSecret(secret), purpose: purposes });
  if (!stored || stored.usedAt || stored.expiresAt <= now) throw new SecretInvalid();
  return stored;
}

/**
 * Makes the secrets under way useless that could undo a new password: others that set one, and those that move
 * the person to another address.
 */
export async function voidSecrets(tx: Tx, personId: string): Promise<void> {
  const purpose: MailedSecretPurpose[] = ['PASSWORD_RESET', 'EMAIL_CHANGE'];
  await tx.db.update(MailedSecret, { personId, purpose, usedAt: null }, { usedAt: tx.now });
}
