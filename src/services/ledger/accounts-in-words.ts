import { Account } from '../../entities/account.ts';
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
export async function beneficiariesOf(db: Db, { networkId, id, holderKind }: Account): Promise<string[]> {
  if (holderKind === 'NETWORK') return [];
  const rows = await db.rows<{ membershipId: string }>(
    `select membership_id from account where network_id = $1 and id = $2 and membership_id is not null
     union
     select membership_id from account_signatory where network_id = $1 and account_id = $2
     union
     select g.membership_id from account a
       join group_membership g on g.network_id = a.network_id and g.group_id = a.group_id
      where a.network_id = $1 and a.id = $2 and g.network_id = $1
      order by membership_id`,
    [networkId, id],
  );
  return rows.map(({ membershipId }) => membershipId);
}
