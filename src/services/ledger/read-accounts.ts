import { AccountSignatory } from '../../entities/account-signatory.ts';
import { Account } from '../../entities/account.ts';
import type { Membership } from '../../entities/membership.ts';
import { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import { kindOfId } from '../../kernel/ids.ts';
import { pagesOf, type Lists } from '../../kernel/lists.ts';
import { CURSOR_TEXT, afterKey, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize, may } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { seesDemurrage, seesEntries, tieTo } from './account-access.ts';
import { giverOfDemurrage } from './transfer-access.ts';

export interface AccountFilter {
  unitId?: string | null;
  /** Only accounts of this member. */
  membershipId?: string | null;
  /** Only accounts of this group. */
  groupId?: string | null;
  /** Only common accounts. */
  isCommon?: boolean | null;
}

const OF_MEMBERS: Lists<Account> = { entity: Account, table: 'account', of: 'membership_id', by: 'id' };

/** The accounts of each member, oldest first, closed ones too. The caller has found that they may be known. */
export function accountsOfMembers(
  db: Db,
  members: readonly Membership[],
  request: PageRequest,
): Promise<Page<Account>[]> {
  return pagesOf(db, OF_MEMBERS, { owners: members, request });
}

/**
 * Accounts of a network in the order in which they were opened, closed ones too.
 *
 * @throws Forbidden
 */
export async function listAccounts(
  db: Db,
  standing: Standing,
  filter: AccountFilter,
  request: PageRequest,
): Promise<Page<Account>> {
  const isOwn = Boolean(filter.membershipId) && filter.membershipId === standing.membership?.id;
  authorize(standing, 'account.list', { isOwn });
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Account,
    `where network_id = $1
        and ($2::text is null or unit_id = $2) and ($3::text is null or membership_id = $3)
        and ($4::text is null or group_id = $4) and (not $5 or holder_kind = 'NETWORK')
        and ($6::text is null or id > $6)
      order by id limit $7`,
    [
      standing.network.id,
      filter.unitId ?? null,
      filter.membershipId ?? null,
      filter.groupId ?? null,
      filter.isCommon ?? false,
      after,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

export function signatoriesOf(db: Db, account: Account): Promise<AccountSignatory[]> {
  return db.select(
    AccountSignatory,
    'where network_id = $1 and account_id = $2 order by added_at, membership_id',
    [account.networkId, account.id],
  );
}

/** An account that the viewer may know of, or null. */
export async function readableAccount(db: Db, standing: Standing, id: string): Promise<Account | null> {
  if (kindOfId(id) !== 'account') return null;
  const account = await db.one(Account, { networkId: standing.network.id, id });
  const isOwn = Boolean(account?.membershipId) && account?.membershipId === standing.membership?.id;
  return account && may(standing, 'account.list', { isOwn }).allowed ? account : null;
}

/**
 * A transfer of an account whose statement the viewer may read, or null. Demurrage, which tells the balance of who gave it,
 * is for those alone who may know that.
 */
export async function readableTransfer(
  db: Db,
  standing: Standing,
  transfer: Transfer | undefined,
): Promise<Transfer | null> {
  if (!transfer) return null;
  const { networkId, payerAccountId, payeeAccountId } = transfer;
  const giverId = giverOfDemurrage(transfer, await undoneBy(db, transfer));
  for (const account of await db.all(Account, { networkId, id: [payerAccountId, payeeAccountId] })) {
    const tie = await tieTo(db, standing, account);
    const isSeen =
      giverId === null
        ? seesEntries(standing, account, tie)
        : account.id === giverId && seesDemurrage(standing, account, tie);
    if (isSeen) return transfer;
  }
  return null;
}

async function undoneBy(db: Db, { networkId, reversesId }: Transfer): Promise<Transfer | null> {
  if (reversesId === null) return null;
  return (await db.one(Transfer, { networkId, id: reversesId })) ?? null;
}
