import { Account } from '../../entities/account.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';

/**
 * Locks accounts of one network in id order, so that opposite transfers cannot deadlock. There is no other way to
 * lock an account, except by the functions of the ledger, which keep the same order.
 *
 * @returns those that exist, by id
 */
export async function lockAccounts(
  tx: Tx,
  networkId: string,
  ids: readonly string[],
): Promise<Map<string, Account>> {
  const accounts = await tx.db.select(
    Account,
    'where network_id = $1 and id = any($2) order by id for no key update',
    [networkId, ids],
  );
  return new Map(accounts.map((account) => [account.id, account]));
}
