import { Account } from '../../../entities/account.ts';
import type { Booking } from '../../../entities/booking.ts';
import type { BookingItem } from '../../../entities/booking-item.ts';
import { Transfer } from '../../../entities/transfer.ts';
import type { Unit } from '../../../entities/unit.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, DomainError } from '../../../kernel/errors.ts';
import { allocate } from '../../../kernel/money.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { InsufficientCredit } from '../../ledger/errors.ts';
import { captureHold, holdOf, remainingMinor } from '../../ledger/holds.ts';
import { availableMinor, limitsOf } from '../../ledger/limits.ts';
import { lockForPosting } from '../../ledger/lock-accounts.ts';
import { postTransfer } from '../../ledger/posting.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { accountIdsOf, coOwnersOf } from '../co-owners.ts';
import { distributeIncome } from '../shares-income.ts';
import { sumOf } from './fees.ts';
import { releaseHolds } from './holds.ts';

/** What is to be paid for a booking, and which things it comes in for. */
export interface Charge {
  /** Minor units of the booking's unit. */
  amountMinor: bigint;
  /** How much of it is income of each of the things, in their order; all of it at most. */
  incomesMinor: readonly bigint[];
}

/** A booking that has cost something, with its things. */
export interface Purse {
  booking: Booking;
  items: readonly BookingItem[];
  unit: Unit;
  payerAccountId: string;
  payeeAccountId: string;
  /** Stands in the statements. */
  description: string;
}

/** The purse of a booking that moves value; null of one that is free of charge. */
export async function purseOf(
  db: Db,
  { booking, items, description }: Pick<Purse, 'booking' | 'items' | 'description'>,
): Promise<Purse | null> {
  const { networkId, unitId, payerAccountId, payeeAccountId } = booking;
  if (!unitId || !payerAccountId || !payeeAccountId) return null;
  const unit = await unitOf(db, { networkId, unitId });
  return { booking, items, unit, payerAccountId, payeeAccountId, description };
}

/** Locks all accounts between which a booking moves value, those of co-owners among them, in one go. */
export async function lockPurse(tx: Tx, { booking, items, unit, payerAccountId, payeeAccountId }: Purse) {
  const { networkId } = booking;
  const resourceIds = items.map(({ resourceId }) => resourceId);
  const owners = await coOwnersOf(tx.db, { networkId, unitId: unit.id, resourceIds });
  return lockForPosting(tx, networkId, [payerAccountId, payeeAccountId, ...accountIdsOf(owners)]);
}

/**
 * Pays a charge from a hold, as far as it goes, and gives back the rest of the hold.
 *
 * @returns what was paid; nothing if the hold is over
 * @throws what capturing refuses, such as AccountNotOpen and CeilingExceeded
 * @emits HoldCaptured, HoldReleased, TransferPosted
 */
export async function payFromHold(
  tx: Tx,
  purse: Purse,
  holdId: string | null,
  charge: Charge,
): Promise<bigint> {
  if (!holdId) return 0n;
  const { networkId } = purse.booking;
  const hold = await holdOf(tx.db, networkId, holdId);
  const isOver = hold.state !== 'OPEN' || hold.expiresAt <= tx.now;
  const amountMinor = isOver ? 0n : smaller(charge.amountMinor, remainingMinor(hold));
  if (amountMinor === 0n) {
    await releaseHolds(tx, networkId, [holdId]);
    return 0n;
  }
  await captureHold(tx, {
    networkId,
    holdId,
    kind: 'FEE',
    amountMinor,
    releasesRest: true,
    description: purse.description,
  });
  await passOn(tx, purse, charge, { beforeMinor: 0n, amountMinor });
  return amountMinor;
}

/**
 * Pays what is left of a charge from the account itself.
 *
 * @param beforeMinor what of the charge was paid before
 * @throws what posting refuses, such as InsufficientCredit
 * @emits TransferPosted
 */
export async function payFromAccount(
  tx: Tx,
  purse: Purse,
  charge: Charge,
  { beforeMinor, amountMinor }: Part,
): Promise<void> {
  await postTransfer(tx, purse.unit, {
    kind: 'FEE',
    payerAccountId: purse.payerAccountId,
    payeeAccountId: purse.payeeAccountId,
    amountMinor,
    description: purse.description,
    causeId: purse.booking.id,
  });
  await passOn(tx, purse, charge, { beforeMinor, amountMinor });
}

/**
 * Takes a charge from a hold first and then from the account, as far as there is room. Never refuses: things come back also
 * from who cannot pay.
 *
 * @returns what is unpaid
 */
export async function payOrOwe(tx: Tx, purse: Purse, holdId: string | null, charge: Charge): Promise<bigint> {
  const paid = await payFromHold(tx, purse, holdId, charge).catch(nothing);
  if (paid === 0n && holdId) await releaseHolds(tx, purse.booking.networkId, [holdId]);
  const owed = charge.amountMinor - paid;
  if (owed === 0n) return 0n;
  const payable = async (amountMinor: bigint) => {
    await payFromAccount(tx, purse, charge, { beforeMinor: paid, amountMinor });
    return amountMinor;
  };
  const more = await payable(owed).catch(async (error: unknown) => {
    if (!(error instanceof InsufficientCredit)) return nothing(error);
    const room = await roomOf(tx, purse);
    return room > 0n ? payable(smaller(room, owed)).catch(nothing) : 0n;
  });
  return owed - more;
}

// An account may be frozen, or have no room: a refusal of the ledger leaves everything as it was.
function nothing(error: unknown): bigint {
  if (!(error instanceof DomainError)) throw error;
  return 0n;
}

async function roomOf(tx: Tx, { booking: { networkId }, payerAccountId }: Purse): Promise<bigint> {
  const account = await tx.db.one(Account, { networkId, id: payerAccountId });
  const limits = (await limitsOf(tx.db, networkId, { ids: [payerAccountId], now: tx.now })).get(
    payerAccountId,
  );
  assert(account && limits, 'an account is never deleted, and has limits');
  return availableMinor(account, limits) ?? 0n;
}

/** A part of a charge, which is paid in their order: income of the things first, then what stays with the pool. */
interface Part {
  beforeMinor: bigint;
  amountMinor: bigint;
}

/** Passes on what came in for things that members own together. What makes up for damage stays with the pool, which mends it. */
async function passOn(
  tx: Tx,
  { booking, items, unit, payeeAccountId, description }: Purse,
  { incomesMinor }: Charge,
  { beforeMinor, amountMinor }: Part,
): Promise<void> {
  const income = sumOf(incomesMinor);
  const upTo = (minor: bigint) => smaller(minor, income);
  const shared = upTo(beforeMinor + amountMinor) - upTo(beforeMinor);
  if (shared === 0n) return;
  const parts = allocate(shared, incomesMinor);
  for (const [index, { resourceId }] of items.entries()) {
    const partMinor = parts[index] ?? 0n;
    if (partMinor === 0n) continue;
    const from = { accountId: payeeAccountId, causeId: booking.id, description };
    await distributeIncome(tx, unit, { resourceId, amountMinor: partMinor, ...from });
  }
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** A charge that is income of the things in proportion to what each of them costs. */
export function incomeOf(amountMinor: bigint, items: readonly Pick<BookingItem, 'feeMinor'>[]): Charge {
  const weights = items.map(({ feeMinor }) => feeMinor);
  const incomesMinor = sumOf(weights) > 0n ? allocate(amountMinor, weights) : items.map(() => 0n);
  return { amountMinor, incomesMinor };
}

/** All that moved for a booking, oldest first. */
export function transfersOf(db: Db, { networkId, id }: Booking): Promise<Transfer[]> {
  return db.all(Transfer, { networkId, causeId: id }, 'order by id');
}
