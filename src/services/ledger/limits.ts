import type { Account } from '../../entities/account.ts';
import type { Db } from '../../kernel/database.ts';

/** The limits in force of an account; null where there is none. */
export interface Limits {
  /** Zero or less. */
  floorMinor: bigint | null;
  /** Zero or more. */
  ceilingMinor: bigint | null;
}

type Balance = Pick<Account, 'balanceMinor' | 'reservedMinor'>;

/**
 * The limits of accounts of one network at an instant: their own, or those of the policy of their unit. The same rule in
 * the same place, the function `ledger_floor`, decides when a transfer is posted.
 */
export async function limitsOf(
  db: Db,
  networkId: string,
  { ids, now }: { ids: readonly string[]; now: Date },
): Promise<Map<string, Limits>> {
  const rows = await db.rows<Limits & { accountId: string }>('select * from ledger_limits($1, $2, $3)', [
    networkId,
    ids,
    now,
  ]);
  return new Map(rows.map(({ accountId, ...limits }) => [accountId, limits]));
}

/** What the account can still spend; null without a floor. Never below zero. */
export function availableMinor(
  { balanceMinor, reservedMinor }: Balance,
  { floorMinor }: Limits,
): bigint | null {
  if (floorMinor === null) return null;
  const available = balanceMinor - floorMinor - reservedMinor;
  return available > 0n ? available : 0n;
}

/** What the account can still receive; null without a ceiling. Never below zero. */
export function earnableMinor(
  { balanceMinor }: Pick<Account, 'balanceMinor'>,
  { ceilingMinor }: Limits,
): bigint | null {
  if (ceilingMinor === null) return null;
  const earnable = ceilingMinor - balanceMinor;
  return earnable > 0n ? earnable : 0n;
}
