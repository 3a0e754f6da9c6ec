import type { Account } from '../../entities/account.ts';
import type { Db } from '../../kernel/database.ts';
import type { Subject } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';

/**
 * Whether the standing's membership may act for each of these accounts of its network: as holder, as signatory, or
 * as coordinator of the group that holds it.
 */
export async function ownsEach(db: Db, standing: Standing, accounts: readonly Account[]): Promise<boolean[]> {
  const { membership, network } = standing;
  if (!membership) return accounts.map(() => false);
  const others = accounts.filter((account) => account.membershipId !== membership.id);
  const signed =
    others.length > 0 ? await accountsSignedBy(db, network.id, membership.id, others) : new Set();
  return accounts.map((account) => account.membershipId === membership.id || signed.has(account.id));
}

async function accountsSignedBy(
  db: Db,
  networkId: string,
  membershipId: string,
  accounts: readonly Account[],
): Promise<Set<string>> {
  const rows = await db.rows<{ id: string }>(
    `select account_id as id from account_signatory
      where network_id = $1 and membership_id = $2 and account_id = any($3)
     union all
     select a.id from account a
       join group_membership g on g.network_id = a.network_id and g.group_id = a.group_id
      where a.network_id = $1 and g.network_id = $1 and g.membership_id = $2 and g.is_coordinator and a.id = any($3)`,
    [networkId, membershipId, accounts.map((account) => account.id)],
  );
  return new Set(rows.map((row) => row.id));
}

export async function ownsAccount(db: Db, standing: Standing, account: Account): Promise<boolean> {
  const [owns] = await ownsEach(db, standing, [account]);
  return owns ?? false;
}

/** What permissions to act for an account depend on. Common property is signed for by the treasurers. */
export function signingSubject(account: Account, isOwn: boolean): Subject {
  return { isOwn, isOpenToTreasurers: account.holderKind === 'NETWORK' };
}

/** What reading a statement depends on. Common property is open to the members. */
export function readingSubject(account: Account, isOwn: boolean): Subject {
  return { isOwn, isOpenToMembers: account.holderKind !== 'MEMBERSHIP' };
}

/** What seeing a balance depends on: the network may show all of them to its members. */
export function balanceSubject(account: Account, isOwn: boolean, { network }: Standing): Subject {
  const { isOpenToMembers } = readingSubject(account, isOwn);
  return { isOwn, isOpenToMembers: isOpenToMembers || network.balancesVisibleTo === 'NETWORK' };
}
