import { Person } from '../../entities/person.ts';
import { RecoveryCode } from '../../entities/recovery-code.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import type { SecretBox } from './secret-box.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { stepOfCode } from './totp.ts';

/** The password was right, and the person has one-time codes set up: the client asks for one. */
export class OneTimeCodeNeeded extends DomainError {
  constructor() {
    super('ONE_TIME_CODE_NEEDED', 'Give the code that your device shows.', {}, 'oneTimeCode');
  }
}

/** Neither the code of this moment nor an unused recovery code, or a code that was used already. */
export class OneTimeCodeWrong extends DomainError {
  constructor(path: string) {
    super('ONE_TIME_CODE_WRONG', 'This code is not right, or has been used.', {}, path);
  }
}

// Six digits, which people may write in two groups.
const FROM_DEVICE = /^\s*\d{3}\s?\d{3}\s*$/;

/**
 * Checks the second factor of a person whose row is locked, and uses the code up.
 *
 * The caller throttles before it opens the transaction.
 *
 * @param given.path the input field with the code
 * @returns when it was given; null if the person has none set up
 * @throws OneTimeCodeNeeded, OneTimeCodeWrong
 */
export async function requireOneTimeCode(
  tx: Tx,
  secretBox: SecretBox,
  person: Person,
  given: { code: string | null; path: string },
): Promise<Date | null> {
  if (!person.oneTimeCodeConfirmedAt || !person.oneTimeCodeSecret) return null;
  const { code, path } = given;
  if (!code) throw new OneTimeCodeNeeded();
  // A recovery code works without the secret: it must still open the door when the server has lost its key.
  if (!FROM_DEVICE.test(code)) {
    await useRecoveryCode(tx, person.id, code, path);
    return tx.now;
  }
  const step = stepOfCode(secretBox.open(person.oneTimeCodeSecret, person.id), code, tx.now);
  // RFC 6238 section 5.2: a code is accepted once.
  const isUsed = step !== null && person.oneTimeCodeLastStep !== null && step <= person.oneTimeCodeLastStep;
  if (step === null || isUsed) throw new OneTimeCodeWrong(path);
  await tx.db.update(Person, { id: person.id }, { oneTimeCodeLastStep: step });
  return tx.now;
}

async function useRecoveryCode(tx: Tx, personId: string, code: string, path: string): Promise<void> {
  const codeHash = hashRecoveryCode(code);
  const used = await tx.db.update(RecoveryCode, { personId, codeHash, usedAt: null }, { usedAt: tx.now });
  if (used === 0) throw new OneTimeCodeWrong(path);
}
