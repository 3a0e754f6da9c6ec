import { AccountSignatory } from '../../entities/account-signatory.ts';
import { Account } from '../../entities/account.ts';
import { GroupMembership } from '../../entities/group-membership.ts';
import { Group } from '../../entities/group.ts';
import { Membership } from '../../entities/membership.ts';
import { Network } from '../../entities/network.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { textIn } from '../networks/translations.ts';
import type { NamedAccount } from './common-accounts.ts';

/**
 * An account of the network that an action names.
 *
 * @throws NotFound, InvalidInput INVALID_ID
 */
export async function accountNamed(
  db: Db,
  networkId: string,
  { id, path }: NamedAccount & { id: string },
): Promise<Account> {
  const account = await db.one(Account, { networkId, id: requireId('account', id, path) });
  if (!account) throw new NotFound('Account');
  return account;
}

/** Whose an account is, as people say it within a sentence: `the account of Ben (savings)`. */
export async function accountInWords(db: Db, account: Account): Promise<string> {
  if (account.holderKind === 'NETWORK') return `the common account ${account.name}`;
  const ofWhom = `the account of ${await holderName(db, account)}`;
  return account.name ? `${ofWhom} (${account.name})` : ofWhom;
}

async function holderName(db: Db, { networkId, membershipId, groupId }: Account): Promise<string> {
  if (membershipId) return (await db.one(Membership, { networkId, id: membershipId }))?.displayName ?? '';
  const network = await db.one(Network, { id: networkId });
  const [group] = groupId ? await db.all(Group, { networkId, id: groupId }) : [];
  assert(network && group, 'an account of neither a member nor the network is one of a group');
  return textIn(group.name, network.defaultLocale, network.defaultLocale) ?? '';
}

/** The members who hold an account or sign for it; nobody for what all own. */
export async function beneficiariesOf(
  db: Db,
  { networkId, id, holderKind, membershipId, groupId }: Account,
): Promise<string[]> {
  if (holderKind === 'NETWORK') return [];
  // Outside of a transaction these go together with what is asked about other accounts.
  const signatories = await db.all(AccountSignatory, { networkId, accountId: id });
  const members = groupId === null ? [] : await db.all(GroupMembership, { networkId, groupId });
  const all = [...signatories, ...members].map((row) => row.membershipId);
  return [...new Set(membershipId === null ? all : [membershipId, ...all])].toSorted();
}
