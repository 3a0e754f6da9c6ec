import type { Account } from '../../entities/account.ts';
import type { Db } from '../../kernel/database.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { authorize } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import {
  balanceSubject,
  readingSubject,
  seesBalance,
  seesEntries,
  tieTo,
  type Tie,
} from './account-access.ts';
import type { Followed } from './changes.ts';
import { readableAccount } from './read-accounts.ts';

/**
 * What somebody will follow: one account that they may read, or all of their own.
 *
 * @throws Forbidden, NotFound, InvalidInput INVALID_ID
 */
export async function followable(
  db: Db,
  standing: Standing,
  what: Followed['what'],
  accountId: string | null,
): Promise<Followed> {
  authorize(standing, 'account.list', { isOwn: true });
  const followed = {
    what,
    networkId: standing.network.id,
    membershipId: standing.membership?.id ?? null,
    accountId,
  };
  if (accountId === null) return followed;
  const account = await readableAccount(db, standing, requireId('account', accountId, 'accountId'));
  if (!account) throw new NotFound('Account');
  const tie = await tieTo(db, standing, account);
  if (what === 'accounts') authorize(standing, 'account.readBalance', balanceSubject(account, tie, standing));
  else authorize(standing, 'account.readEntries', readingSubject(account, tie));
  return followed;
}

/** An account that has changed, for whom may see its balance or its statement at this instant; null for others. */
export function seenAccount(
  standing: Standing,
  account: Account,
  { tie, isOwn }: { tie: Tie; isOwn: boolean },
): Account | null {
  if (isOwn && tie === null) return null;
  return seesBalance(standing, account, tie) || seesEntries(standing, account, tie) ? account : null;
}
