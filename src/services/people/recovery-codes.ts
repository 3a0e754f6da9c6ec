import { randomBytes } from 'node:crypto';
import { hashSecret } from './secrets.ts';

// Crockford's base 32: no letter that looks like a digit.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const COUNT = 10;
// 80 bits each, so that a plain hash of them withstands guessing.
const CHARACTERS = 16;

export interface NewRecoveryCode {
  /** In groups of four, for paper. */
  code: string;
  codeHash: Buffer;
}

export function newRecoveryCodes(): NewRecoveryCode[] {
  return Array.from({ length: COUNT }, () => {
    const characters = [...randomBytes(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
    const code = characters.replaceAll(/(.{4})(?=.)/g, '$1-');
    return { code, codeHash: hashRecoveryCode(code) };
  });
}

/** People type recovery codes from paper: case, spaces, hyphens and look-alikes do not matter. */
export function hashRecoveryCode(code: string): Buffer {
  const typed = code.replaceAll(/[\s-]/g, '').toUpperCase();
  return hashSecret(typed.replaceAll('O', '0').replaceAll(/[IL]/g, '1'));
}
