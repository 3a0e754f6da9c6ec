import { MAX_MINOR } from '../../kernel/money.ts';

/** An account as far as limits go; amounts in minor units. */
export interface LimitedAccount {
  balanceMinor: bigint;
  /** Sum of open holds. */
  reservedMinor: bigint;
  /** Zero or less; null for no lower limit. */
  floorMinor: bigint | null;
  /** Zero or more; null for no upper limit. */
  ceilingMinor: bigint | null;
}

export type LimitVerdict = 'WITHIN' | 'BELOW_FLOOR' | 'ABOVE_CEILING' | 'OUT_OF_RANGE';

/**
 * Whether an account may take the net effect of a whole transfer.
 *
 * Each limit refuses only what leads away from zero and ends beyond it, so that a transfer that brings an account
 * back towards zero always passes, even from beyond a limit. (Rule of the Drupal mutual credit limits module.)
 */
export function limitVerdict(account: LimitedAccount, effectMinor: bigint): LimitVerdict {
  const { balanceMinor, reservedMinor, floorMinor, ceilingMinor } = account;
  const balance = balanceMinor + effectMinor;
  if (balance > MAX_MINOR || balance < -MAX_MINOR) return 'OUT_OF_RANGE';
  // What is reserved is promised to others and cannot cover this.
  const spendable = balance - reservedMinor;
  if (floorMinor !== null && effectMinor < 0n && spendable < 0n && spendable < floorMinor)
    return 'BELOW_FLOOR';
  if (ceilingMinor !== null && effectMinor > 0n && balance > 0n && balance > ceilingMinor)
    return 'ABOVE_CEILING';
  return 'WITHIN';
}

/** What the account can still spend; null without a floor. Never below zero. */
export function availableMinor(account: LimitedAccount): bigint | null {
  const { balanceMinor, reservedMinor, floorMinor } = account;
  if (floorMinor === null) return null;
  const available = balanceMinor - floorMinor - reservedMinor;
  return available > 0n ? available : 0n;
}

/** What the account can still receive; null without a ceiling. Never below zero. */
export function earnableMinor({ balanceMinor, ceilingMinor }: LimitedAccount): bigint | null {
  if (ceilingMinor === null) return null;
  const earnable = ceilingMinor - balanceMinor;
  return earnable > 0n ? earnable : 0n;
}
