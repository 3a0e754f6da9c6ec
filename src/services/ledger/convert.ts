import type { ConversionRate } from '../../entities/conversion-rate.ts';

export interface Scales {
  /** Decimals of the unit that is given. */
  from: number;
  /** Decimals of the unit that is received. */
  to: number;
}

/**
 * What an amount becomes at a rate: numerator whole units of the one for denominator whole units of the other, whatever
 * their decimals, rounded down to the minor unit.
 *
 * @param amountMinor minor units of the unit that is given
 * @returns minor units of the unit that is received; zero if it is too little for one
 */
export function converted(
  amountMinor: bigint,
  { numerator, denominator }: Pick<ConversionRate, 'numerator' | 'denominator'>,
  scales: Scales,
): bigint {
  const received = amountMinor * BigInt(numerator) * 10n ** BigInt(scales.to);
  return received / (BigInt(denominator) * 10n ** BigInt(scales.from));
}
