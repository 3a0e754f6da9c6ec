import type { Threshold } from './tally/method.ts';

const FRACTION = /^(>?)(\d{1,9})\/(\d{1,9})$/;

/** Reads a part of a whole, such as `2/3`, or `>1/2` for more than a half; null for what is none, or divides by zero. */
export function parseFraction(text: string): Threshold | null {
  const [, more, numerator, denominator] = FRACTION.exec(text) ?? [];
  if (numerator === undefined || denominator === undefined || BigInt(denominator) === 0n) return null;
  return { numerator: BigInt(numerator), denominator: BigInt(denominator), isStrict: more === '>' };
}

/** The same for what was read before it was stored. */
export function fractionOf(text: string): Threshold {
  const fraction = parseFraction(text);
  if (!fraction) throw new RangeError(`no fraction: ${text}`);
  return fraction;
}

/** Whether a part of a whole is enough: compared without a division, so that nothing is rounded. */
export function reaches(
  part: bigint,
  whole: bigint,
  { numerator, denominator, isStrict }: Threshold,
): boolean {
  const [left, right] = [part * denominator, numerator * whole];
  return isStrict ? left > right : left >= right;
}

/** Which of two parts is less: below zero if it is the first. More than a part is more than the part. */
export function compareFractions(a: string, b: string): number {
  const [left, right] = [fractionOf(a), fractionOf(b)];
  const [x, y] = [left.numerator * right.denominator, right.numerator * left.denominator];
  if (x !== y) return x < y ? -1 : 1;
  return Number(left.isStrict) - Number(right.isStrict);
}
