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

/**
 * The same before several calls of the functions of the ledger in one unit of work: together with the levy accounts of
 * the policies in force, which every posting locks too. So the order stays one of ids over all calls.
 *
 * @returns those that exist, by id; among them the levy accounts
 */
export async function lockForPosting(
  tx: Tx,
  networkId: string,
  ids: readonly string[],
): Promise<Map<string, Account>> {
  const levies = await tx.db.rows<{ id: string }>(
    `select distinct p.levy_account_id as id
       from unit u
       join unit_policy p on p.network_id = u.network_id and p.unit_id = u.id and p.version = u.policy_version
      where u.network_id = $1 and p.levy_account_id is not null`,
    [networkId],
  );
  return lockAccounts(tx, networkId, [...ids, ...levies.map(({ id }) => id)]);
}
