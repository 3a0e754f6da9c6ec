import { InvalidInput } from './errors.ts';

/**
 * The largest amount of minor units that a balance or transfer may reach. So far below the bounds of PostgreSQL's bigint
 * that no sum inside the posting function can pass them.
 */
export const MAX_MINOR = 10n ** 18n;

const DECIMAL = /^(-?)(\d{1,19})(?:\.(\d{1,8}))?$/;

/**
 * Reads a decimal number as minor units of a unit with that many decimals.
 *
 * @throws InvalidInput INVALID_AMOUNT if it is no decimal number or beyond 10¹⁸ minor units,
 *   TOO_MANY_DECIMALS if it is finer than the unit: amounts are never rounded silently
 */
export function parseAmount(text: string, scale: number, path: string): bigint {
  const match = DECIMAL.exec(text);
  if (!match) throw new InvalidInput('INVALID_AMOUNT', path);
  const [, sign, whole = '', fraction = ''] = match;
  if (fraction.length > scale) throw new InvalidInput('TOO_MANY_DECIMALS', path, { decimals: scale });
  const minor = BigInt(whole + fraction.padEnd(scale, '0'));
  if (minor > MAX_MINOR) throw new InvalidInput('INVALID_AMOUNT', path);
  return sign ? -minor : minor;
}

/** Writes minor units as a decimal number with exactly the decimals of the unit: `-5n` at scale 2 is `-0.05`. */
export function formatAmount(minor: bigint, scale: number): string {
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
