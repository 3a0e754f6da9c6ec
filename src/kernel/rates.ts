import { InvalidInput } from './errors.ts';
import { formatAmount, parseAmount } from './money.ts';

const DECIMALS = 6;
const ONE = 1_000_000n;

/**
 * Reads a rate between 0 and 1 as millionths: `0.25` is 250,000 of them.
 *
 * @throws InvalidInput INVALID_AMOUNT, TOO_MANY_DECIMALS beyond six, INVALID_RANGE
 */
export function parseRate(text: string, path: string): number {
  const ppm = parseAmount(text, DECIMALS, path);
  if (ppm < 0n || ppm > ONE) throw new InvalidInput('INVALID_RANGE', path, { min: 0, max: 1 });
  return Number(ppm);
}

/** Writes millionths as a decimal number without zeros at its end. */
export function formatRate(ppm: number): string {
  return formatAmount(BigInt(ppm), DECIMALS).replace(/\.?0+$/, '');
}

/** So many millionths of an amount, rounded down; amounts below zero count as zero. */
export function shareOf(amount: bigint, ppm: number): bigint {
  return amount > 0n ? (amount * BigInt(ppm)) / ONE : 0n;
}
