import { InvalidInput } from './errors.ts';

// A NUL cannot be stored in PostgreSQL and a lone surrogate would come back as another character.
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export interface TextBounds {
  min?: number;
  max: number;
}

/**
 * A trimmed text within bounds, counted in characters as people count them (code points).
 *
 * @throws InvalidInput INVALID_TEXT, TEXT_TOO_SHORT or TEXT_TOO_LONG
 */
export function boundedText(text: string, path: string, { min = 1, max }: TextBounds): string {
  if (!isStorable(text)) throw new InvalidInput('INVALID_TEXT', path);
  const trimmed = text.trim();
  // Code units are an upper bound for code points, so most texts need no counting.
  const length = trimmed.length <= max && trimmed.length >= 2 * min ? trimmed.length : [...trimmed].length;
  if (length < min) throw new InvalidInput('TEXT_TOO_SHORT', path, { min });
  if (length > max) throw new InvalidInput('TEXT_TOO_LONG', path, { max });
  return trimmed;
}

/** The same, where an absent or blank text counts as none. */
export function optionalText(
  text: string | null | undefined,
  path: string,
  bounds: TextBounds,
): string | null {
  if (text === null || text === undefined || text.trim() === '') return null;
  return boundedText(text, path, bounds);
}

// PostgreSQL and JavaScript both know the IANA names; this asks the one that is at hand.
export function requireTimeZone(name: string, path: string): string {
  try {
    // Newer JavaScript takes offsets such as +01:00 too, which know nothing of summer time.
    if (!/^[+-]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format()) return name;
  } catch {
    // falls through to the refusal below: there is no such zone
  }
  throw new InvalidInput('INVALID_TIME_ZONE', path);
}

/** A language tag in its canonical form: `pt-br` becomes `pt-BR`. */
export function requireLocale(tag: string, path: string): string {
  try {
    const [canonical] = Intl.getCanonicalLocales(tag);
    if (canonical && canonical.length <= 35) return canonical;
  } catch {
    // falls through to the refusal below: the tag is malformed
  }
  throw new InvalidInput('INVALID_LOCALE', path);
}

/** The text with a capital letter at its beginning, for a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
