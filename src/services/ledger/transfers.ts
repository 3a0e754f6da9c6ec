import type { Account } from '../../entities/account.ts';
import { Transfer } from '../../entities/transfer.ts';
import { Unit } from '../../entities/unit.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { parseAmount } from '../../kernel/money.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, may } from '../access/may.ts';
import { heldStandingIn, standingIn, type Standing } from '../access/standing.ts';
import { balanceSubject, payingSubject, tieTo } from './account-access.ts';
import { CeilingExceeded, SameAccount } from './errors.ts';
import { lockAccounts, postTransfer, type TransferDraft } from './posting.ts';

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
  const payerAccountId = requireId('account', command.payerAccountId, 'payerAccountId');
  const payeeAccountId = requireId('account', command.payeeAccountId, 'payeeAccountId');
  const standing = await heldStandingIn(tx, command.networkId);
  authorize(standing, 'account.list');
  const networkId = standing.network.id;
  const accounts = await lockAccounts(tx, networkId, [payerAccountId, payeeAccountId]);
  const [payer, payee] = [accounts.get(payerAccountId), accounts.get(payeeAccountId)];
  if (!payer || !payee) throw new NotFound('Account');
  // Asked when the accounts are ours, and not before a wait for them: a signatory may have been removed meanwhile.
  authorize(standing, 'account.pay', payingSubject(payer, await tieTo(tx.db, standing, payer)));
  if (payer === payee) throw new SameAccount();
  const unit = await tx.db.one(Unit, { networkId, id: payer.unitId });
  assert(unit, 'an account has a unit');
  const draft: TransferDraft = {
    networkId,
    kind: 'PAYMENT',
    payerAccountId,
    payeeAccountId,
    amountMinor: requirePositive(parseAmount(command.amount, unit.scale, 'amount')),
    description: boundedText(command.description, 'description', DESCRIPTION_BOUNDS),
  };
  try {
    return await postTransfer(tx, draft);
  } catch (error) {
    throw error instanceof CeilingExceeded ? await discreet(tx, standing, payee, error) : error;
  }
}

/** How much a payee can still earn tells its balance: only who may see that learns it. */
async function discreet(
  tx: Tx,
  standing: Standing,
  payee: Account,
  error: CeilingExceeded,
): Promise<CeilingExceeded> {
  const subject = balanceSubject(payee, await tieTo(tx.db, standing, payee), standing);
  if (may(standing, 'account.readBalance', subject).allowed) return error;
  return new CeilingExceeded({ earnableMinor: null, scale: 0 });
}

function requirePositive(amountMinor: bigint): bigint {
  if (amountMinor <= 0n) throw new InvalidInput('INVALID_AMOUNT', 'amount');
  return amountMinor;
}

/**
 * The transfer that an earlier request with the same key has made, for who is a member still.
 *
 * @throws Forbidden
 */
export async function repeatedTransfer(tx: Tx, networkId: string, id: string): Promise<Transfer> {
  authorize(await standingIn(tx, networkId), 'account.pay', { isOwn: true });
  const transfer = await tx.db.one(Transfer, { networkId, id });
  if (!transfer) throw new NotFound('Transfer');
  return transfer;
}
