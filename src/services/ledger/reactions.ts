import { Account } from '../../entities/account.ts';
import { Network } from '../../entities/network.ts';
import { Unit } from '../../entities/unit.ts';
import { assert } from '../../kernel/errors.ts';
import type { NewEvent } from '../../kernel/events.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { templateFor } from '../networks/templates.ts';
import { isTiedTo } from './account-access.ts';
import { closeAccount, closeIfEmpty, wasWrittenOff } from './closing.ts';
import { lockAccounts } from './lock-accounts.ts';
import { accountFor, insertAccounts } from './new-account.ts';
import { endRequestsOf } from './requests.ts';
import { policyOf } from './unit-policies.ts';
import { insertUnit, parseLimits } from './units.ts';

/** A new network gets the units and the common accounts of its template. */
export async function openTheBooks(tx: Tx, { networkId }: NewEvent): Promise<void> {
  const network = await tx.db.one(Network, { id: networkId });
  assert(network, 'a network that was made is there');
  const template = templateFor(network.template);
  const paths = { floor: 'defaultFloor', ceiling: 'defaultCeiling' };
  const units = new Map<string, Unit>();
  for (const { defaultFloor, defaultCeiling, ...given } of template.units) {
    const limits = parseLimits({ floor: defaultFloor, ceiling: defaultCeiling }, given.scale, paths);
    const unit: Unit = {
      ...given,
      networkId,
      id: newId('unit'),
      policyVersion: 1,
      createdAt: tx.now,
      archivedAt: null,
    };
    await insertUnit(tx, unit, limits);
    units.set(unit.code, unit);
  }
  const accounts = template.networkAccounts.map(({ unit: code, name }) => {
    const unit = units.get(code);
    assert(unit, `the template's account ${name} has a unit`);
    return accountFor(tx, unit, { kind: 'NETWORK' }, name);
  });
  await insertAccounts(tx, accounts);
}

/** A new member gets an account in each unit that opens them; one who comes back gets the old ones again. */
export async function openMemberAccounts(tx: Tx, { networkId, subjectId }: NewEvent): Promise<void> {
  const units = await tx.db.all(
    Unit,
    { networkId, opensMemberAccounts: true, archivedAt: null },
    'order by code',
  );
  const existing = await tx.db.all(
    Account,
    { networkId, membershipId: subjectId },
    'order by id for no key update',
  );
  const missing: Account[] = [];
  for (const unit of units) {
    const former = existing.find((account) => account.unitId === unit.id);
    if (!former) missing.push(accountFor(tx, unit, { kind: 'MEMBERSHIP', membershipId: subjectId }));
    else if (former.state === 'CLOSED') await reopen(tx, unit, former);
  }
  await insertAccounts(tx, missing);
}

async function reopen(tx: Tx, unit: Unit, account: Account): Promise<void> {
  const { networkId, id } = account;
  const set: Partial<Account> = { state: 'OPEN', closedAt: null };
  // The community has paid this debt once: coming back does not give the credit anew.
  if (await wasWrittenOff(tx.db, account)) {
    const { ceilingMinor } = await policyOf(tx.db, unit);
    Object.assign(set, { followsPolicy: false, floorMinor: 0n, ceilingMinor });
  }
  await tx.db.update(Account, { networkId, id }, set);
  tx.emit({ networkId, kind: 'AccountOpened', subjectId: id });
}

/**
 * The accounts of who is expelled close as the policy of their unit has it: a surplus goes to the community, what is owed is
 * written off, or it must be brought to zero first.
 *
 * @throws AccountNotEmpty, AccountNotOpen for a frozen one
 * @emits AccountClosed, TransferPosted, TransferRejected, TransferCancelled
 */
export async function settleMemberAccounts(tx: Tx, event: NewEvent): Promise<void> {
  const { networkId, subjectId: membershipId } = event;
  for (const { id, state } of await tx.db.all(Account, { networkId, membershipId }, 'order by id')) {
    if (state !== 'CLOSED') await closeAccount(tx, { networkId, accountId: id, settlesBalance: true });
  }
  await closeMemberAccounts(tx, event);
}

/**
 * Who leaves leaves empty accounts behind, and requests that nobody answers any more.
 *
 * @throws AccountNotEmpty, AccountNotOpen for a frozen one
 * @emits AccountClosed, TransferRejected, TransferCancelled
 */
export async function closeMemberAccounts(tx: Tx, { networkId, subjectId }: NewEvent): Promise<void> {
  const match = { networkId, membershipId: subjectId };
  // Transfers are locked before accounts everywhere.
  for (const account of await tx.db.all(Account, match, 'order by id')) await endRequestsOf(tx, account);
  const accounts = await tx.db.all(Account, match, 'order by id for no key update');
  for (const account of accounts) {
    if (account.state !== 'CLOSED') await closeIfEmpty(tx, account);
  }
  await tx.db.execute('delete from account_signatory where network_id = $1 and membership_id = $2', [
    networkId,
    subjectId,
  ]);
}

/**
 * A suspension is answered once the payments that wait are posted, such as behind a long import: those from accounts of the
 * member, from accounts for which they sign, and from common ones.
 */
export async function awaitPaymentsOf(tx: Tx, { networkId, subjectId }: NewEvent): Promise<void> {
  const rows = await tx.db.rows<{ id: string }>(
    `select a.id from account a
      where a.network_id = $1 and (a.holder_kind = 'NETWORK' or ${isTiedTo('array[$2::text]')})`,
    [networkId, subjectId],
  );
  // Who waits for an account gets it in turn.
  await lockAccounts(
    tx,
    networkId,
    rows.map(({ id }) => id),
  );
}

/** The same for a network that is archived. */
export async function awaitAllPayments(tx: Tx, { networkId }: NewEvent): Promise<void> {
  const rows = await tx.db.rows<{ id: string }>('select id from account where network_id = $1', [networkId]);
  await lockAccounts(
    tx,
    networkId,
    rows.map(({ id }) => id),
  );
}
