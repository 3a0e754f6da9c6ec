import type { Account } from '../../entities/account.ts';
import type { Membership } from '../../entities/membership.ts';
import type { RoleAssignment } from '../../entities/role-assignment.ts';
import type { Db } from '../../kernel/database.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { accountsOfMembers } from '../../services/ledger/read-accounts.ts';
import { groupIdsOf, rolesOf, sponsorsOf } from '../../services/networks/read-members.ts';
import { pages, together } from './together.ts';

/** What lists of members ask for in each row, read for all rows at once. */
export interface MemberLoaders {
  /** Roles held now or in future, by their beginning. */
  roles: (member: Membership) => Promise<RoleAssignment[]>;
  /** Who vouched for the member, in order. */
  sponsorIds: (member: Membership) => Promise<string[]>;
  /** Groups that the member belongs to, by name. */
  groupIds: (member: Membership) => Promise<string[]>;
  /** The member's accounts, oldest first. */
  accountsOf: (member: Membership, asked: PageRequest) => Promise<Page<Account>>;
}

export function makeMemberLoaders(db: Db, now: Date): MemberLoaders {
  return {
    roles: together((members) => rolesOf(db, members, now)),
    sponsorIds: together((members) => sponsorsOf(db, members)),
    groupIds: together((members) => groupIdsOf(db, members)),
    accountsOf: pages((members, asked) => accountsOfMembers(db, members, asked)),
  };
}
