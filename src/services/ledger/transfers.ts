import { Account } from '../../entities/account.ts';
import { Transfer } from '../../entities/transfer.ts';
import { Unit } from '../../entities/unit.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { parseAmount } from '../../kernel/money.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { standingIn } from '../access/standing.ts';
import { ownsAccount, signingSubject } from './account-access.ts';
import { SameAccount } from './errors.ts';
import { postTransfer } from './posting.ts';

export interface CreateTransfer {
  networkId: string;
  payerAccountId: string;
  payeeAccountId: string;
  /** A decimal number above zero, in the unit of the payer's account. */
  amount: string;
  description: string;
}

export const DESCRIPTION_BOUNDS = { max: 500 };

/**
 * Pays from one account to another in the same network.
 *
 * Accounts are locked in id order, so opposite transfers cannot deadlock.
 *
 * @throws Forbidden unless one may sign for the payer, NotFound, SameAccount, UnitMismatch, AccountNotOpen,
 *   InsufficientCredit, CeilingExceeded, InvalidInput
 * @emits TransferPosted
 */
export async function createTransfer(tx: Tx, command: CreateTransfer): Promise<Transfer> {
  const standing = await standingIn(tx, command.networkId);
  authorize(standing, 'account.list');
  const payerAccountId = requireId('account', command.payerAccountId, 'payerAccountId');
  const payeeAccountId = requireId('account', command.payeeAccountId, 'payeeAccountId');
  const payer = await findAccount(tx, standing.network.id, payerAccountId);
  authorize(standing, 'account.pay', signingSubject(payer, await ownsAccount(tx.db, standing, payer)));
  if (payerAccountId === payeeAccountId) throw new SameAccount();
  const unit = await tx.db.one(Unit, { networkId: payer.networkId, id: payer.unitId });
  assert(unit, 'an account has a unit');
  return postTransfer(tx, {
    networkId: payer.networkId,
    kind: 'PAYMENT',
    payerAccountId,
    payeeAccountId,
    amountMinor: requirePositive(parseAmount(command.amount, unit.scale, 'amount')),
    description: boundedText(command.description, 'description', DESCRIPTION_BOUNDS),
  });
}

function requirePositive(amountMinor: bigint): bigint {
  if (amountMinor <= 0n) throw new InvalidInput('INVALID_AMOUNT', 'amount');
  return amountMinor;
}

/** @throws NotFound */
export async function findAccount(tx: Pick<Tx, 'db'>, networkId: string, id: string): Promise<Account> {
  const account = await tx.db.one(Account, { networkId, id });
  if (!account) throw new NotFound('Account');
  return account;
}

/** @throws NotFound */
export async function findTransfer(tx: Pick<Tx, 'db'>, networkId: string, id: string): Promise<Transfer> {
  const transfer = await tx.db.one(Transfer, { networkId, id });
  if (!transfer) throw new NotFound('Transfer');
  return transfer;
}
