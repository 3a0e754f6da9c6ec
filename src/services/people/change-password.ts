import { AccessToken } from '../../entities/access-token.ts';
import { Person } from '../../entities/person.ts';
import type { Actor } from '../../kernel/actor.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { countLetter } from './addresses.ts';
import { requireSession } from './authenticate.ts';
import { confirmPassword, lockConfirmed } from './confirm-password.ts';
import type { PeopleDeps } from './deps.ts';
import { parseEmail } from './email.ts';
import { findSecret, redeemSecret, sendSecret, voidSecrets } from './mailed-secrets.ts';
import { requirePassword } from './register.ts';
import { endSessionsOf } from './sessions.ts';

export const PASSWORD_RESET_JOB = 'passwordReset';

export interface PasswordResetJob {
  emailKey: string;
}

/**
 * Sets a new password, ends all sessions but this one, and returns how many those were.
 *
 * @throws InvalidInput for the new password, PasswordWrong for the old, TooManyAttempts, Overloaded
 */
export async function changePassword(
  deps: PeopleDeps,
  actor: Actor,
  command: { oldPassword: string; newPassword: string },
): Promise<number> {
  const { credential } = requireSession(actor);
  const newPassword = requirePassword(command.newPassword, 'newPassword');
  const confirmed = await confirmPassword(deps, actor, command.oldPassword, 'oldPassword');
  const passwordHash = await deps.passwords.hash(newPassword);
  return deps.run(actor, async (tx) => {
    const { id } = await lockConfirmed(tx, confirmed);
    await tx.db.update(Person, { id }, { passwordHash });
    await voidSecrets(tx, id);
    return endSessionsOf(tx, id, credential.sessionId);
  });
}

/**
 * Asks for a letter with which to set a new password. Whether anybody has the address is looked up by a job
 * afterwards: so the answer, and the work until it, are the same for a stranger.
 *
 * @throws InvalidInput INVALID_EMAIL, TooManyAttempts
 */
export async function requestPasswordReset(deps: PeopleDeps, actor: Actor, email: string): Promise<void> {
  const { emailKey } = parseEmail(email, 'email');
  await countLetter(deps, actor, emailKey);
  const payload: PasswordResetJob = { emailKey };
  await deps.run(actor, async (tx) => tx.enqueue({ kind: PASSWORD_RESET_JOB, payload }));
}

/** The job behind it: sends the letter if somebody has the address. A second run sends a second letter, no worse. */
export async function sendPasswordReset(tx: Tx, { emailKey }: PasswordResetJob): Promise<void> {
  const person = await tx.db.one(Person, { emailKey });
  if (person) await sendSecret(tx, person, 'PASSWORD_RESET');
}

/**
 * Sets a new password by the secret of a letter. Whoever had a hold on the person loses it: every session ends,
 * every access token is revoked and the other secrets under way are void. One-time codes stay.
 *
 * @throws SecretInvalid, InvalidInput for the new password, Overloaded
 */
export async function resetPassword(
  deps: PeopleDeps,
  actor: Actor,
  command: { secret: string; newPassword: string },
): Promise<void> {
  const newPassword = requirePassword(command.newPassword, 'newPassword');
  // Hashing is dear: a secret that is no good does not get that far.
  await findSecret(deps.db, command.secret, ['PASSWORD_RESET'], deps.clock.now());
  const passwordHash = await deps.passwords.hash(newPassword);
  const { emailKey } = await deps.run(actor, async (tx) => {
    const { person } = await redeemSecret(tx, command.secret, ['PASSWORD_RESET']);
    const { id } = person;
    // The letter reached its receiver, which proves the address as well.
    const emailVerifiedAt = person.emailVerifiedAt ?? tx.now;
    await tx.db.update(Person, { id }, { passwordHash, emailVerifiedAt });
    await voidSecrets(tx, id);
    await tx.db.update(AccessToken, { personId: id, revokedAt: null }, { revokedAt: tx.now });
    await endSessionsOf(tx, id, null);
    return person;
  });
  // Whoever needs a letter has often tried too many passwords before.
  await deps.throttle.forget('signInByAccount', emailKey);
}
