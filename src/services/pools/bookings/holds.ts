import { Account } from '../../../entities/account.ts';
import type { Booking } from '../../../entities/booking.ts';
import type { Network } from '../../../entities/network.ts';
import { after, DAY_MS } from '../../../kernel/clock.ts';
import { assert, DomainError } from '../../../kernel/errors.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { Standing } from '../../access/standing.ts';
import { tieTo } from '../../ledger/account-access.ts';
import { discreet } from '../../ledger/discretion.ts';
import { HoldNotOpen } from '../../ledger/errors.ts';
import { MAX_HOLD_DAYS, placeHold, releaseHold } from '../../ledger/holds.ts';
import { lockForPosting } from '../../ledger/lock-accounts.ts';
import { signerVerdict } from '../../ledger/signer.ts';
import { BookingBeyondHolds, BookingNotBacked } from './errors.ts';

// What is not back at the end of a booking is still held for so long.
const AFTERWARDS_MS = 60 * DAY_MS;

export type BookingHolds = Pick<Booking, 'feeHoldId' | 'depositHoldId'>;

/** Whether a booking moves value, or may. */
export function costsSomething({ payerAccountId }: Pick<Booking, 'payerAccountId'>): boolean {
  return payerAccountId !== null;
}

/** @throws BookingBeyondHolds if its end lies so far ahead that nothing can be held up to then */
export function requireHoldable(untilAt: Date, now: Date): void {
  const latest = after(now, MAX_HOLD_DAYS * DAY_MS);
  if (untilAt > latest) throw new BookingBeyondHolds(latest);
}

function expiryFor(untilAt: Date, now: Date): Date {
  const [wished, latest] = [after(untilAt, AFTERWARDS_MS), after(now, MAX_HOLD_DAYS * DAY_MS)];
  return wished < latest ? wished : latest;
}

/**
 * Reserves fee and deposit of a booking on the account that pays it, in favour of the pool's.
 *
 * @throws BookingNotBacked, BookingBeyondHolds, InsufficientCredit, AccountNotOpen
 * @emits HoldPlaced
 */
export async function placeHolds(
  tx: Tx,
  network: Network,
  booking: Booking,
  description: string,
): Promise<BookingHolds> {
  const { networkId, payerAccountId, payeeAccountId, feeMinor, depositMinor, untilAt } = booking;
  if (!payerAccountId || !payeeAccountId || feeMinor + depositMinor === 0n) {
    return { feeHoldId: null, depositHoldId: null };
  }
  requireHoldable(untilAt, tx.now);
  await requireBacked(tx, network, booking);
  await lockForPosting(tx, networkId, [payerAccountId, payeeAccountId]);
  const hold = async (amountMinor: bigint): Promise<string | null> => {
    if (amountMinor === 0n) return null;
    const { id } = await placeHold(tx, {
      networkId,
      accountId: payerAccountId,
      payeeAccountId,
      amountMinor,
      description,
      expiresAt: expiryFor(untilAt, tx.now),
      causeId: booking.id,
    });
    return id;
  };
  return { feeHoldId: await hold(feeMinor), depositHoldId: await hold(depositMinor) };
}

/** Whoever arranged it must still be allowed to pay, unless the account is the booker's own. */
async function requireBacked(tx: Tx, network: Network, booking: Booking): Promise<void> {
  const { networkId, payerAccountId, membershipId } = booking;
  assert(payerAccountId, 'what costs something is paid from an account');
  const account = await tx.db.one(Account, { networkId, id: payerAccountId });
  assert(account, 'an account is never deleted');
  if (account.membershipId === membershipId) return;
  const verdict = await signerVerdict(tx, { network, account, arranged: booking }, 'for share');
  if (!verdict.allowed) throw new BookingNotBacked();
}

/** Gives back what is still held by a booking. A hold that has expired is given back by itself. */
export async function releaseHolds(
  tx: Tx,
  networkId: string,
  holdIds: readonly (string | null)[],
): Promise<void> {
  for (const holdId of holdIds) {
    if (holdId) await releaseHold(tx, { networkId, holdId }).catch(letExpired);
  }
}

function letExpired(error: unknown): void {
  if (!(error instanceof HoldNotOpen)) throw error;
}

/** Lets only who may see the balance of the payer learn from a refusal how much it has left. */
export async function discreetly<T>(
  tx: Tx,
  standing: Standing,
  { networkId, payerAccountId, payeeAccountId }: Booking,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || !payerAccountId || !payeeAccountId) throw error;
    const sideOf = async (id: string) => {
      const account = await tx.db.one(Account, { networkId, id });
      assert(account, 'an account is never deleted');
      return { account, tie: await tieTo(tx.db, standing, account) };
    };
    const sides = { payer: await sideOf(payerAccountId), payee: await sideOf(payeeAccountId) };
    throw discreet(standing, sides, error);
  }
}
