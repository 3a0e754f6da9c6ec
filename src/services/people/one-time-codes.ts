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
  const secret = secretBox.open(person.oneTimeCodeSecret, person.id);
  const step = stepOfCode(secret, code, tx.now);
  if (step !== null) {
    // RFC 6238 section 5.2: a code is accepted once.
    if (person.oneTimeCodeLastStep !== null && step <= person.oneTimeCodeLastStep)
      throw new OneTimeCodeWrong(path);
    await tx.db.update(Person, { id: person.id }, { oneTimeCodeLastStep: step });
  } else {
    await useRecoveryCode(tx, person.id, code, path);
  }
  return tx.now;
}

async function useRecoveryCode(tx: Tx, personId: string, code: string, path: string): Promise<void> {
  const codeHash = hashRecoveryCode(code);
  const used = await tx.db.update(RecoveryCode, { personId, codeHash, usedAt: null }, { usedAt: tx.now });
  if (used === 0) throw new OneTimeCodeWrong(path);
}
