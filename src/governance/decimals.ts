// Sums of amounts are longer than any of them.
const DECIMAL = /^(\d{1,24})(?:\.(\d{1,8}))?$/;

/** Whether a text is a decimal number of zero or more, as amounts are written. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Compares two decimal numbers of zero or more, whatever the decimals in which they are written: `5` is `5.00`. */
export function compareDecimals(a: string, b: string): number {
  const [left, right] = [inFinest(a), inFinest(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function inFinest(text: string): bigint {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`no decimal number: ${text}`);
  return BigInt(whole + fraction.padEnd(8, '0'));
}

/** In how many decimals a number is written. */
export function decimalsOf(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}

/**
 * A decimal number as a whole number of its smallest part.
 *
 * @param scale as many decimals as it is written in, or more
 */
export function minorOf(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/** The sum of decimal numbers of zero or more. */
export function sumOfDecimals(texts: readonly string[]): string {
  const digits = texts
    .reduce((sum, text) => sum + inFinest(text), 0n)
    .toString()
    .padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
