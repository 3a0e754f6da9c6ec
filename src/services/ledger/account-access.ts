import { AccountSignatory } from '../../entities/account-signatory.ts';
import type { Account } from '../../entities/account.ts';
import type { Db } from '../../kernel/database.ts';
import type { Subject } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { coordinatesGroup } from '../networks/groups.ts';

/**
 * What permissions on an account depend on: whether the standing's membership holds it or may sign for it, and
 * whether it is common property, which every member may see and the treasurers sign for.
 */
export async function accountSubject(db: Db, standing: Standing, account: Account): Promise<Subject> {
  const isCommon = account.holderKind === 'NETWORK';
  return {
    isOwn: await isOwn(db, standing, account),
    isOpenToTreasurers: isCommon,
  };
}

/** The same for seeing an account: common property is open to the members. */
export async function accountReadSubject(db: Db, standing: Standing, account: Account): Promise<Subject> {
  const isCommon = account.holderKind !== 'MEMBERSHIP';
  return { isOwn: await isOwn(db, standing, account), isOpenToMembers: isCommon };
}

/** The same for its balance alone, which the network may show to all members. */
export async function balanceSubject(db: Db, standing: Standing, account: Account): Promise<Subject> {
  const subject = await accountReadSubject(db, standing, account);
  return {
    ...subject,
    isOpenToMembers: subject.isOpenToMembers || standing.network.balancesVisibleTo === 'NETWORK',
  };
}

async function isOwn(db: Db, standing: Standing, account: Account): Promise<boolean> {
  const { membership } = standing;
  if (!membership) return false;
  if (account.membershipId === membership.id) return true;
  if (account.groupId && (await coordinatesGroup(db, standing, account.groupId))) return true;
  return db.exists(AccountSignatory, {
    networkId: account.networkId,
    accountId: account.id,
    membershipId: membership.id,
  });
}
