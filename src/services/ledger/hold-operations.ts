import { Account } from '../../entities/account.ts';
import { Hold } from '../../entities/hold.ts';
import { Transfer } from '../../entities/transfer.ts';
import { assert, DomainError, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, type Standing } from '../access/standing.ts';
import { authorizePaying, tieTo } from './account-access.ts';
import { discreet } from './discretion.ts';
import { HoldBound, HoldNotBacked } from './errors.ts';
import { authorizeOnHold, isBacked, signsForHold, type HoldTies } from './hold-access.ts';
import { captureHold, holdOf, placeHold, releaseHold, type Capture } from './holds.ts';
import { readableHold } from './read-holds.ts';
import type { Side } from './transfer-access.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from './transfers.ts';
import { unitOf } from './unit-of.ts';

export interface PlaceHold {
  networkId: string;
  accountId: string;
  /** A decimal number above zero, in the unit of the account. */
  amount: string;
  payeeAccountId?: string | null;
  description: string;
  expiresAt: Date;
}

/**
 * Reserves an amount of an account for which one may sign.
 *
 * @throws Forbidden, DecisionRequired, and what `placeHold` of the ledger throws
 * @emits HoldPlaced
 */
export async function placeOwnHold(tx: Tx, command: PlaceHold): Promise<Hold> {
  const standing = await memberStanding(tx, command.networkId);
  const accountId = requireId('account', command.accountId, 'accountId');
  const payeeAccountId = command.payeeAccountId
    ? requireId('account', command.payeeAccountId, 'payeeAccountId')
    : null;
  const account = await accountOf(tx, standing, accountId);
  authorizePaying(standing, { account, tie: await tieTo(tx.db, standing, account) }, command.amount);
  return placeHold(tx, {
    networkId: account.networkId,
    accountId,
    payeeAccountId,
    amountMinor: positiveAmount(command.amount, await unitOf(tx.db, account), 'amount'),
    description: boundedText(command.description, 'description', DESCRIPTION_BOUNDS),
    expiresAt: command.expiresAt,
  });
}

export interface CaptureHold {
  networkId: string;
  holdId: string;
  payeeAccountId?: string | null;
  /** A decimal number above zero; all that is left if absent. */
  amount?: string | null;
  /** True if absent. */
  releasesRest?: boolean | null;
  description?: string | null;
}

/**
 * Pays from a hold: who may sign for its account, and also who may sign for the payee that it names, as long as who placed it
 * may sign for the account.
 *
 * @throws Forbidden, HoldBound, HoldNotBacked, and what `captureHold` of the ledger throws
 * @emits HoldCaptured, TransferPosted
 */
export async function captureOwnHold(tx: Tx, command: CaptureHold): Promise<Capture> {
  const { standing, hold, ties } = await permittedHold(tx, command);
  const { account } = ties.account;
  const needsBacking = !signsForHold(standing, ties);
  if (needsBacking && !(await isBacked(tx, { standing, hold, ties }, 'for share'))) throw new HoldNotBacked();
  const payeeAccountId = command.payeeAccountId
    ? requireId('account', command.payeeAccountId, 'payeeAccountId')
    : null;
  const amountMinor =
    command.amount === undefined || command.amount === null
      ? null
      : positiveAmount(command.amount, await unitOf(tx.db, account), 'amount');
  try {
    return await captureHold(tx, {
      networkId: hold.networkId,
      holdId: hold.id,
      payeeAccountId,
      amountMinor,
      releasesRest: command.releasesRest ?? true,
      description: optionalText(command.description, 'description', DESCRIPTION_BOUNDS),
    });
  } catch (error) {
    const payee = hold.payeeAccountId ?? payeeAccountId;
    if (!payee || !(error instanceof DomainError)) throw error;
    const sides = { payer: ties.account, payee: ties.payee ?? (await sideOf(tx, standing, payee)) };
    throw discreet(standing, sides, error);
  }
}

/**
 * Gives back what is left of a hold: who may sign for its account, and also who may sign for the payee that it names.
 *
 * @throws Forbidden, NotFound, HoldBound, HoldNotOpen
 * @emits HoldReleased
 */
export async function releaseOwnHold(tx: Tx, command: { networkId: string; holdId: string }): Promise<Hold> {
  const { hold } = await permittedHold(tx, command);
  return releaseHold(tx, { networkId: hold.networkId, holdId: hold.id });
}

/** What was placed for a key before, for who is still a member. */
export async function placedHold(tx: Tx, networkId: string, id: string): Promise<Hold> {
  await memberStanding(tx, networkId);
  return holdOf(tx.db, networkId, id);
}

/** What was captured for a key before, by its transfer, with the hold as it is now. */
export async function capturedHold(tx: Tx, networkId: string, transferId: string): Promise<Capture> {
  await memberStanding(tx, networkId);
  const transfer = await tx.db.one(Transfer, { networkId, id: transferId });
  assert(transfer?.holdId, 'what a key stands for is there');
  return { transfer, hold: await holdOf(tx.db, networkId, transfer.holdId) };
}

async function memberStanding(tx: Tx, networkId: string): Promise<Standing> {
  const standing = await heldStandingIn(tx, networkId);
  // Before anything is looked up: who is no member does not learn what exists.
  authorize(standing, 'account.list');
  return standing;
}

async function permittedHold(
  tx: Tx,
  command: { networkId: string; holdId: string },
): Promise<{ standing: Standing; hold: Hold; ties: HoldTies }> {
  const standing = await memberStanding(tx, command.networkId);
  const match = { networkId: standing.network.id, id: requireId('hold', command.holdId, 'holdId') };
  const hold = await readableHold(tx.db, standing, await tx.db.one(Hold, match));
  if (!hold) throw new NotFound('Hold');
  const ties: HoldTies = {
    account: await sideOf(tx, standing, hold.accountId),
    payee: hold.payeeAccountId ? await sideOf(tx, standing, hold.payeeAccountId) : null,
  };
  authorizeOnHold(standing, ties);
  if (hold.causeId !== null) throw new HoldBound();
  return { standing, hold, ties };
}

async function accountOf(tx: Tx, standing: Standing, id: string): Promise<Account> {
  const account = await tx.db.one(Account, { networkId: standing.network.id, id });
  if (!account) throw new NotFound('Account');
  return account;
}

async function sideOf(tx: Tx, standing: Standing, id: string): Promise<Side> {
  const account = await accountOf(tx, standing, id);
  return { account, tie: await tieTo(tx.db, standing, account) };
}
