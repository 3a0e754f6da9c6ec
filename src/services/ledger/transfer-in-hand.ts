import { Account } from '../../entities/account.ts';
import { Transfer } from '../../entities/transfer.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, may } from '../access/may.ts';
import { heldStandingIn, standingIn, type Standing } from '../access/standing.ts';
import { tiesTo } from './account-access.ts';
import { readableTransfer } from './read-accounts.ts';
import { authorizeOnTransfer, type TransferAction, type TransferTies } from './transfer-access.ts';

/** A transfer with which the actor may do something, and what that needs. */
export interface TransferInHand {
  standing: Standing;
  transfer: Transfer;
  ties: TransferTies;
}

export interface NamedTransfer {
  networkId: string;
  transferId: string;
}

/**
 * Finds a transfer for an action of its parties, or of coordinators. Its state is for the caller to look at.
 *
 * @throws NotFound, also for who may not know of it, and Forbidden with the reason
 */
export async function takeTransfer(
  tx: Tx,
  { networkId, transferId }: NamedTransfer,
  action: TransferAction,
): Promise<TransferInHand> {
  const standing = await heldStandingIn(tx, networkId);
  authorize(standing, 'account.list');
  const id = requireId('transfer', transferId, 'transferId');
  const transfer = await tx.db.one(Transfer, { networkId: standing.network.id, id });
  // Coordinators put mistakes right that they are told of, also in accounts which they cannot read.
  const isOfficer = may(standing, 'transfer.reverse').allowed;
  if (!transfer || !(isOfficer || (await readableTransfer(tx.db, standing, transfer)))) {
    throw new NotFound('Transfer');
  }
  const ties = await tiesToSides(tx, standing, transfer);
  authorizeOnTransfer({ standing, transfer, ties }, action);
  return { standing, transfer, ties };
}

/** What the standing's membership is to both accounts of a transfer. */
export async function tiesToSides(
  { db }: Pick<Tx, 'db'>,
  standing: Standing,
  transfer: Transfer,
): Promise<TransferTies> {
  const { networkId, payerAccountId, payeeAccountId } = transfer;
  const accounts = await db.all(Account, { networkId, id: [payerAccountId, payeeAccountId] });
  const ties = await tiesTo(db, standing, accounts);
  const sideOf = (accountId: string) => {
    const index = accounts.findIndex(({ id }) => id === accountId);
    const account = accounts[index];
    assert(account, 'a transfer has two accounts');
    return { account, tie: ties[index] ?? null };
  };
  return { payer: sideOf(payerAccountId), payee: sideOf(payeeAccountId) };
}

/**
 * The transfer that an earlier request with the same key has made or changed, for who is a member still.
 *
 * @throws Forbidden, NotFound
 */
export async function repeatedTransfer(tx: Tx, networkId: string, id: string): Promise<Transfer> {
  authorize(await standingIn(tx, networkId), 'account.pay', { isOwn: true });
  const transfer = await tx.db.one(Transfer, { networkId, id });
  if (!transfer) throw new NotFound('Transfer');
  return transfer;
}
