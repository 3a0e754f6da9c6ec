import { assert, InvalidInput } from './errors.ts';

/**
 * The largest amount of minor units that a balance or a limit may reach. So far below the bounds of PostgreSQL's bigint
 * that no sum inside the posting function can pass them.
 */
export const MAX_MINOR = 10n ** 18n;

/**
 * The largest amount of minor units that goes in one piece: a transfer, a hold, what is due for a period. An account can
 * receive it thousands of times before what it ever received comes near the bounds of bigint.
 */
export const MAX_AMOUNT_MINOR = 10n ** 15n;

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

/**
 * Splits an amount into parts in proportion to weights, by the largest remainder: the parts sum to the whole, and what
 * cannot be split evenly goes in single minor units to the parts that lose most by rounding, the earliest first.
 *
 * @param minor zero or more
 * @param weights zero or more each, and not all of them zero
 */
export function allocate(minor: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  assert(minor >= 0n && sum > 0n && weights.every((weight) => weight >= 0n), 'an amount is split by weights');
  const parts = weights.map((weight) => (minor * weight) / sum);
  let left = minor - parts.reduce((total, part) => total + part, 0n);
  const remainderOf = (index: number) => (minor * weights[index]!) % sum;
  const byRemainder = weights
    .map((_, index) => index)
    .toSorted((a, b) => Number(remainderOf(b) > remainderOf(a)) - Number(remainderOf(b) < remainderOf(a)));
  for (const index of byRemainder) {
    if (left === 0n) break;
    parts[index]! += 1n;
    left -= 1n;
  }
  return parts;
}

/** Writes minor units as a decimal number with exactly the decimals of the unit: `-5n` at scale 2 is `-0.05`. */
export function formatAmount(minor: bigint, scale: number): string {
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
