import { Account } from '../../entities/account.ts';
import { Hold } from '../../entities/hold.ts';
import type { Transfer, TransferKind } from '../../entities/transfer.ts';
import type { Unit } from '../../entities/unit.ts';
import { after, DAY_MS } from '../../kernel/clock.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { AccountNotOpen, HoldNotOpen, NotTransferable, SameAccount, UnitMismatch } from './errors.ts';
import { lockForPosting } from './lock-accounts.ts';
import { authorOf, postTransfer } from './posting.ts';
import { refusalOf, type RefusedVerdict } from './refusals.ts';
import { unitOf } from './unit-of.ts';

// What other areas call inside their own unit of work, once they have found that it is permitted: bookings, pledges.
// The operations that ask for permission first stand in hold-operations.ts.

export const MAX_HOLD_DAYS = 366;

export interface HoldDraft {
  networkId: string;
  accountId: string;
  /** Who alone can be paid from it; anybody if absent. */
  payeeAccountId?: string | null;
  /** Minor units of the account's unit, above zero. */
  amountMinor: bigint;
  description: string;
  /** In the future, and at most 366 days ahead. */
  expiresAt: Date;
  /** What it is for: a booking, a pledge. */
  causeId?: string | null;
}

/**
 * Reserves an amount of an account, which cannot be spent otherwise until it is captured, released or expires.
 *
 * The account is locked. Who places several holds in one unit of work, or posts transfers beside, locks all their
 * accounts first with `lockForPosting`.
 *
 * @throws NotFound, AccountNotOpen, InsufficientCredit, SameAccount, UnitMismatch, NotTransferable, InvalidInput
 * @emits HoldPlaced
 */
export async function placeHold(tx: Tx, draft: HoldDraft): Promise<Hold> {
  const { networkId, accountId, payeeAccountId = null, amountMinor, expiresAt } = draft;
  requireExpiry(tx.now, expiresAt);
  const unit = await unitFor(tx.db, { networkId, accountId, payeeAccountId });
  const id = newId('hold');
  const { personId, actingForMembershipId, system } = authorOf(tx.actor);
  const outcome = await tx.db.row<RefusedVerdict>(
    'select * from ledger_hold_place($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
    [
      networkId,
      id,
      accountId,
      payeeAccountId,
      amountMinor,
      draft.description,
      personId,
      actingForMembershipId,
      system,
      draft.causeId ?? null,
      tx.now,
      expiresAt,
    ],
  );
  assert(outcome, 'the ledger says what came of a hold');
  if (outcome.verdict !== 'PLACED') {
    throw refusalOf(outcome, { payeeAccountId, payerPath: 'accountId', scale: unit.scale });
  }
  tx.emit({ networkId, kind: 'HoldPlaced', subjectId: id });
  return holdOf(tx.db, networkId, id);
}

function requireExpiry(now: Date, expiresAt: Date): void {
  if (expiresAt <= now || expiresAt > after(now, MAX_HOLD_DAYS * DAY_MS)) {
    throw new InvalidInput('INVALID_RANGE', 'expiresAt', { maxDays: MAX_HOLD_DAYS });
  }
}

/** The unit in which an amount is held; a payee must be able to receive it. */
async function unitFor(
  db: Db,
  {
    networkId,
    accountId,
    payeeAccountId,
  }: { networkId: string; accountId: string; payeeAccountId: string | null },
): Promise<Unit> {
  const account = await db.one(Account, { networkId, id: accountId });
  if (!account) throw new NotFound('Account');
  const unit = await unitOf(db, account);
  if (unit.kind === 'POINTS') throw new NotTransferable('accountId');
  if (payeeAccountId === null) return unit;
  const payee = await db.one(Account, { networkId, id: payeeAccountId });
  if (!payee) throw new NotFound('Account');
  if (payee.id === account.id) throw new SameAccount();
  if (payee.unitId !== account.unitId) throw new UnitMismatch('payeeAccountId');
  if (payee.state !== 'OPEN') throw new AccountNotOpen(payee.state, 'payeeAccountId');
  return unit;
}

export interface CaptureDraft {
  networkId: string;
  holdId: string;
  /** Needed unless the hold names its payee. */
  payeeAccountId?: string | null;
  /** Minor units, at most what is left; all of that if absent. */
  amountMinor?: bigint | null;
  /** Whether what is left then is released. */
  releasesRest: boolean;
  /** That of the hold if absent. */
  description?: string | null;
  /** A payment if absent. */
  kind?: TransferKind;
}

export interface Capture {
  transfer: Transfer;
  hold: Hold;
}

/**
 * Pays from a hold: a payment like others, which passes the limits of the payer by what was reserved for it. Levies are
 * added and are not reserved.
 *
 * Both accounts are locked in id order before anything is looked at, so that of a capture and a release at the same time
 * one comes first.
 *
 * @throws NotFound, HoldNotOpen, BeyondHold, AccountNotOpen, SameAccount, UnitMismatch, InsufficientCredit for a levy,
 *   CeilingExceeded, PaymentLimitExceeded, InvalidInput
 * @emits HoldCaptured, TransferPosted
 */
export async function captureHold(tx: Tx, draft: CaptureDraft): Promise<Capture> {
  const { networkId, holdId } = draft;
  const payeeAccountId = payeeOf(await holdOf(tx.db, networkId, holdId), draft);
  const { hold, payer } = await lockedHold(tx, { networkId, holdId, payeeAccountId });
  if (hold.state !== 'OPEN' || hold.expiresAt <= tx.now) throw new HoldNotOpen();
  const transfer = await postTransfer(tx, await unitOf(tx.db, payer), {
    kind: draft.kind ?? 'PAYMENT',
    payerAccountId: hold.accountId,
    payeeAccountId,
    amountMinor: draft.amountMinor ?? remainingMinor(hold),
    description: draft.description ?? hold.description,
    causeId: hold.causeId,
    hold: { id: hold.id, releasesRest: draft.releasesRest },
  });
  tx.emit({ networkId, kind: 'HoldCaptured', subjectId: hold.id, data: { transferId: transfer.id } });
  return { transfer, hold: await holdOf(tx.db, networkId, hold.id) };
}

function payeeOf(hold: Hold, { payeeAccountId }: CaptureDraft): string {
  const named = hold.payeeAccountId ?? payeeAccountId;
  if (!named) throw new InvalidInput('REQUIRED', 'payeeAccountId');
  if (payeeAccountId && payeeAccountId !== named) throw new InvalidInput('INVALID_CHOICE', 'payeeAccountId');
  return named;
}

/** The hold as it is once its account and the payee's are locked and found open. */
async function lockedHold(
  tx: Tx,
  { networkId, holdId, payeeAccountId }: { networkId: string; holdId: string; payeeAccountId: string },
): Promise<{ hold: Hold; payer: Account }> {
  const { accountId } = await holdOf(tx.db, networkId, holdId);
  const accounts = await lockForPosting(tx, networkId, [accountId, payeeAccountId]);
  const payer = accounts.get(accountId);
  const payee = accounts.get(payeeAccountId);
  assert(payer, 'a hold has an account');
  if (!payee) throw new NotFound('Account');
  if (payer.state !== 'OPEN') throw new AccountNotOpen(payer.state, 'holdId');
  if (payee.state !== 'OPEN') throw new AccountNotOpen(payee.state, 'payeeAccountId');
  return { hold: await holdOf(tx.db, networkId, holdId), payer };
}

/**
 * Gives back what is left of a hold.
 *
 * @throws NotFound, HoldNotOpen, also from the instant on at which it expires
 * @emits HoldReleased
 */
export async function releaseHold(
  tx: Tx,
  { networkId, holdId }: { networkId: string; holdId: string },
): Promise<Hold> {
  const { expiresAt } = await holdOf(tx.db, networkId, holdId);
  // What is over is given back as such, within minutes.
  if (expiresAt <= tx.now) throw new HoldNotOpen();
  if (!(await closeHold(tx, { networkId, holdId, state: 'RELEASED' }))) throw new HoldNotOpen();
  return holdOf(tx.db, networkId, holdId);
}

/**
 * Ends a hold and gives back what is left of it.
 *
 * @returns false if it had ended before
 * @emits HoldReleased, HoldExpired
 */
export async function closeHold(
  tx: Tx,
  { networkId, holdId, state }: { networkId: string; holdId: string; state: 'RELEASED' | 'EXPIRED' },
): Promise<boolean> {
  const outcome = await tx.db.row<{ isClosed: boolean }>(
    'select ledger_hold_close($1, $2, $3, $4) as is_closed',
    [networkId, holdId, state, tx.now],
  );
  if (!outcome?.isClosed) return false;
  const kind = state === 'EXPIRED' ? 'HoldExpired' : 'HoldReleased';
  tx.emit({ networkId, kind, subjectId: holdId });
  return true;
}

/** @throws NotFound */
export async function holdOf(db: Db, networkId: string, id: string): Promise<Hold> {
  const hold = await db.one(Hold, { networkId, id });
  if (!hold) throw new NotFound('Hold');
  return hold;
}

/** What an account still holds ready by it. */
export function remainingMinor({ state, amountMinor, capturedMinor }: Hold): bigint {
  return state === 'OPEN' ? amountMinor - capturedMinor : 0n;
}
