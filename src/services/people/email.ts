import { InvalidInput } from '../../kernel/errors.ts';
import { isStorable } from '../../kernel/text.ts';

// RFC 5321 limits a path to 254 characters. Whether an address exists only a letter to it can tell.
const MAX_LENGTH = 254;
const ADDRESS = /^[^\s@<>()[\]\\,;:"]{1,64}@[^\s@<>()[\]\\,;:"]+\.[^\s@<>()[\]\\,;:".]{2,}$/u;

/**
 * An e-mail address as the person writes it, and the key under which it is unique: case does not make another one.
 *
 * @throws InvalidInput INVALID_EMAIL
 */
export function parseEmail(text: string, path: string): { email: string; emailKey: string } {
  const email = text.trim().normalize('NFC');
  const isAddress = email.length <= MAX_LENGTH && isStorable(email) && ADDRESS.test(email);
  if (!isAddress) throw new InvalidInput('INVALID_EMAIL', path);
  return { email, emailKey: email.toLowerCase() };
}
