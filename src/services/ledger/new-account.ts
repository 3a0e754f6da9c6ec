import type { Account } from '../../entities/account.ts';
import type { Unit } from '../../entities/unit.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';

/** Whose an account is. */
export type Holder =
  { kind: 'MEMBERSHIP'; membershipId: string } | { kind: 'GROUP'; groupId: string } | { kind: 'NETWORK' };

/**
 * An empty account. Those of members and groups follow the policy of the unit; accounts of the network have no limits:
 * what the community issues or owes in common is not an individual's credit.
 */
export function accountFor(tx: Tx, unit: Unit, holder: Holder, name = ''): Account {
  return {
    networkId: unit.networkId,
    id: newId('account'),
    unitId: unit.id,
    holderKind: holder.kind,
    membershipId: holder.kind === 'MEMBERSHIP' ? holder.membershipId : null,
    groupId: holder.kind === 'GROUP' ? holder.groupId : null,
    name,
    state: 'OPEN',
    followsPolicy: holder.kind !== 'NETWORK',
    floorMinor: null,
    ceilingMinor: null,
    balanceMinor: 0n,
    reservedMinor: 0n,
    entryCount: 0n,
    receivedMinor: 0n,
    lastPostedAt: null,
    openedAt: tx.now,
    closedAt: null,
  };
}

// The columns that the serving role may fill in; balances begin at nothing.
const NEW_ACCOUNTS = `
  insert into account (network_id, id, unit_id, holder_kind, membership_id, group_id, name, state, follows_policy,
                       floor_minor, ceiling_minor, opened_at)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                       $9::boolean[], $10::bigint[], $11::bigint[], $12::timestamptz[])`;

/**
 * Stores new accounts in one statement.
 *
 * @emits AccountOpened for each
 */
export async function insertAccounts(tx: Tx, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return;
  await tx.db.execute(NEW_ACCOUNTS, [
    accounts.map((account) => account.networkId),
    accounts.map((account) => account.id),
    accounts.map((account) => account.unitId),
    accounts.map((account) => account.holderKind),
    accounts.map((account) => account.membershipId),
    accounts.map((account) => account.groupId),
    accounts.map((account) => account.name),
    accounts.map((account) => account.state),
    accounts.map((account) => account.followsPolicy),
    accounts.map((account) => account.floorMinor),
    accounts.map((account) => account.ceilingMinor),
    accounts.map((account) => account.openedAt),
  ]);
  for (const { networkId, id } of accounts) tx.emit({ networkId, kind: 'AccountOpened', subjectId: id });
}
