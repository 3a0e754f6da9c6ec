import { Account } from '../../entities/account.ts';
import { Entry } from '../../entities/entry.ts';
import { Transfer, type TransferKind } from '../../entities/transfer.ts';
import { Unit } from '../../entities/unit.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import {
  AccountNotOpen,
  CeilingExceeded,
  InsufficientCredit,
  NotTransferable,
  UnitMismatch,
} from './errors.ts';
import { availableMinor, earnableMinor, limitVerdict } from './limits.ts';

/** A transfer between two accounts that the caller has found to be permitted. */
export interface TransferDraft {
  networkId: string;
  kind: TransferKind;
  payerAccountId: string;
  payeeAccountId: string;
  /** Minor units of the accounts' unit, above zero. */
  amountMinor: bigint;
  description: string;
}

/**
 * Locks accounts of one network in id order, so that opposite transfers cannot deadlock. There is no other way to
 * lock an account.
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
 * Posts a transfer: the only place that writes entries. Limits are checked against balances that are locked.
 *
 * @throws NotFound, UnitMismatch, AccountNotOpen, InsufficientCredit, CeilingExceeded, InvalidInput INVALID_AMOUNT
 * @emits TransferPosted
 */
export async function postTransfer(tx: Tx, draft: TransferDraft): Promise<Transfer> {
  const accounts = await lockAccounts(tx, draft.networkId, [draft.payerAccountId, draft.payeeAccountId]);
  const payer = accounts.get(draft.payerAccountId);
  const payee = accounts.get(draft.payeeAccountId);
  if (!payer || !payee) throw new NotFound('Account');
  assert(payer !== payee, 'a transfer has two accounts');
  if (payer.unitId !== payee.unitId) throw new UnitMismatch('payeeAccountId');
  const unit = await tx.db.one(Unit, { networkId: draft.networkId, id: payer.unitId });
  assert(unit, 'an account has a unit');
  if (unit.kind === 'POINTS') throw new NotTransferable();
  requireRoom(payer, -draft.amountMinor, unit, 'payerAccountId');
  requireRoom(payee, draft.amountMinor, unit, 'payeeAccountId');

  const transfer = transferOf(tx, draft, unit);
  await tx.db.insert(Transfer, transfer);
  await writeEntry(tx, transfer, payer, -draft.amountMinor);
  await writeEntry(tx, transfer, payee, draft.amountMinor);
  tx.emit({ networkId: transfer.networkId, kind: 'TransferPosted', subjectId: transfer.id });
  return transfer;
}

function requireRoom(account: Account, effectMinor: bigint, { scale }: Unit, path: string): void {
  if (account.state !== 'OPEN') throw new AccountNotOpen(account.state, path);
  switch (limitVerdict(account, effectMinor)) {
    case 'WITHIN':
      return;
    case 'BELOW_FLOOR':
      throw new InsufficientCredit({ availableMinor: availableMinor(account) ?? 0n, scale });
    case 'ABOVE_CEILING':
      throw new CeilingExceeded({ earnableMinor: earnableMinor(account) ?? 0n, scale });
    case 'OUT_OF_RANGE':
      throw new InvalidInput('INVALID_AMOUNT', 'amount');
  }
}

function transferOf(tx: Tx, draft: TransferDraft, unit: Unit): Transfer {
  const person = tx.actor.kind === 'person' ? tx.actor : null;
  return {
    ...draft,
    id: newId('transfer'),
    unitId: unit.id,
    state: 'POSTED',
    createdByPersonId: person?.personId ?? null,
    actingForMembershipId: person?.actingForMembershipId ?? null,
    createdAt: tx.now,
    postedAt: tx.now,
  };
}

async function writeEntry(tx: Tx, transfer: Transfer, account: Account, amountMinor: bigint): Promise<void> {
  const balanceAfterMinor = account.balanceMinor + amountMinor;
  const seq = account.entryCount + 1n;
  await tx.db.insert(Entry, {
    networkId: account.networkId,
    accountId: account.id,
    seq,
    transferId: transfer.id,
    amountMinor,
    balanceAfterMinor,
    postedAt: tx.now,
  });
  const updated = await tx.db.execute(
    `update account set balance_minor = balance_minor + $3, entry_count = entry_count + 1
      where network_id = $1 and id = $2 and entry_count = $4`,
    [account.networkId, account.id, amountMinor, account.entryCount],
  );
  assert(updated === 1, 'a locked account changes in nobody else’s hands');
}
