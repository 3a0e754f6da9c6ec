import { createHash, randomBytes } from 'node:crypto';

// They say of a leaked token what it is, to people and to programs that look for leaks.
export const SESSION_TOKEN_PREFIX = 'mus_';
export const ACCESS_TOKEN_PREFIX = 'mut_';

/** 256 bits, so a plain hash of it is as good as a slow one: there is nothing to guess. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
