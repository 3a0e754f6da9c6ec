import { Account } from '../../../entities/account.ts';
import type { Booking } from '../../../entities/booking.ts';
import { assert, type DomainError, InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { formatAmount } from '../../../kernel/money.ts';
import { boundedText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorizePaying, requireOutflow, tieTo } from '../../ledger/account-access.ts';
import { CeilingExceeded, InsufficientCredit } from '../../ledger/errors.ts';
import { lockForPosting } from '../../ledger/lock-accounts.ts';
import { postReversal } from '../../ledger/reversals.ts';
import { unitOfTrade } from '../../ledger/trade.ts';
import { DESCRIPTION_BOUNDS } from '../../ledger/transfers.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { authorizeOnBooking } from './booking-access.ts';
import { requireStep } from './booking-steps.ts';
import { incomeOf, lockPurse, payFromAccount, purseOf, transfersOf, type Charge } from './charges.ts';
import { NothingToPay, NothingToReverse } from './errors.ts';
import { lateFeesMinor } from './fees.ts';
import { discreetly } from './holds.ts';
import { changeBooking, takeBooking, type BookingInHand, type NamedBooking } from './in-hand.ts';
import { namesOf } from './take.ts';
import { requireNoGain } from './who-pays.ts';

export interface PayBooking extends NamedBooking {
  /** That of the booking if absent. */
  payerAccountId?: string | null;
}

/**
 * Pays what is still owed for a booking; for who may pay from the account. It goes to the account for which it was booked, or to
 * the present one of the pool if that was closed meanwhile.
 *
 * @throws Forbidden, DecisionRequired, NotFound, NothingToPay, UnitMismatch, AccountNotOpen, InsufficientCredit, CeilingExceeded,
 *   InvalidInput
 * @emits BookingPaid, TransferPosted
 */
export async function payBooking(tx: Tx, command: PayBooking): Promise<Booking> {
  const taken = await takeBooking(tx, command, { frees: false, settles: true });
  authorizeOnBooking(taken, 'pay');
  const hand = { ...taken, booking: await towardsOpenAccount(tx, taken) };
  const { booking, items, resources, standing } = hand;
  const { networkId, unpaidMinor } = booking;
  if (unpaidMinor === 0n) throw new NothingToPay();
  const payerAccountId = await payerOf(tx, hand, command.payerAccountId ?? null);
  const paying = { ...booking, payerAccountId };
  const purse = await purseOf(tx.db, { booking: paying, items, description: namesOf(items, resources) });
  assert(purse, 'what is owed has a unit, a payer and a payee');
  await lockPurse(tx, purse);
  const charge = chargeOf(hand);
  await discreetly(tx, standing, paying, () =>
    payFromAccount(tx, purse, charge, {
      beforeMinor: charge.amountMinor - unpaidMinor,
      amountMinor: unpaidMinor,
    }),
  );
  tx.emit({ networkId, kind: 'BookingPaid', subjectId: booking.id });
  return changeBooking(tx, booking, { payeeAccountId: booking.payeeAccountId, unpaidMinor: 0n });
}

/** The booking as it is to be paid: what is closed receives nothing any more. */
async function towardsOpenAccount(tx: Tx, { booking, pool }: BookingInHand): Promise<Booking> {
  const { networkId, unitId, payeeAccountId: id } = booking;
  if (!id || !pool.accountId || pool.unitId !== unitId) return booking;
  const payee = await tx.db.one(Account, { networkId, id });
  return payee?.state === 'CLOSED' ? { ...booking, payeeAccountId: pool.accountId } : booking;
}

/** What was to be paid in all when a part of it was owed: after the return, or for what nobody fetched. */
function chargeOf({ booking, items }: BookingInHand): Charge {
  const { state, endedAt, lateFeeMinor, damageMinor, unpaidMinor } = booking;
  if (state !== 'RETURNED' || !endedAt) return incomeOf(unpaidMinor, items);
  const late = lateFeesMinor(booking, items, endedAt).map((feeMinor) => ({ feeMinor }));
  const { incomesMinor } = incomeOf(lateFeeMinor, late);
  return { amountMinor: lateFeeMinor + damageMinor, incomesMinor };
}

async function payerOf(tx: Tx, { booking, standing }: BookingInHand, given: string | null): Promise<string> {
  const { networkId, unitId, payeeAccountId, unpaidMinor } = booking;
  const id = given ? requireId('account', given, 'payerAccountId') : booking.payerAccountId;
  if (!id) throw new InvalidInput('REQUIRED', 'payerAccountId');
  assert(unitId && payeeAccountId, 'what is owed has a unit and a payee');
  const payer = await tx.db.one(Account, { networkId, id });
  if (!payer) throw new NotFound('Account');
  const payee = await tx.db.one(Account, { networkId, id: payeeAccountId });
  assert(payee, 'an account is never deleted');
  const { scale } = await unitOfTrade(tx.db, { payer, payee, otherPath: 'payerAccountId' });
  const tie = await tieTo(tx.db, standing, payer);
  authorizePaying(standing, { account: payer, tie }, formatAmount(unpaidMinor, scale));
  return id;
}

export interface ReverseBooking extends NamedBooking {
  /** Why; it becomes the description of the transfers that go back. */
  reason: string;
}

/**
 * Undoes all that was paid for a booking that has ended, what was passed on to co-owners included, and forgives what is still
 * owed: all of it or nothing. For stewards and coordinators, and nobody for their own booking, nor for one that they have paid.
 * What a common account gives back is a payment from it to the bylaws.
 *
 * @throws Forbidden, DecisionRequired, NotFound, BookingStateConflict, NothingToReverse, NotReversible, AccountNotOpen,
 *   InsufficientCredit, CeilingExceeded, InvalidInput
 * @emits BookingReversed, TransferReversed, TransferPosted
 */
export async function reverseBooking(tx: Tx, command: ReverseBooking): Promise<Booking> {
  const hand = await takeBooking(tx, command, { frees: false, settles: true });
  authorizeOnBooking(hand, 'reverse');
  const { booking, standing } = hand;
  const { networkId, id, unitId, payeeAccountId, unpaidMinor } = booking;
  requireStep(booking, 'reverse');
  const reason = boundedText(command.reason, 'reason', DESCRIPTION_BOUNDS);
  const posted = (await transfersOf(tx.db, booking)).filter(
    ({ state, kind }) => state === 'POSTED' && kind !== 'REVERSAL',
  );
  if (posted.length === 0 && unpaidMinor === 0n) throw new NothingToReverse();
  assert(unitId && payeeAccountId, 'what was paid has a unit and a payee');
  const payee = await tx.db.one(Account, { networkId, id: payeeAccountId });
  assert(payee, 'an account is never deleted');
  const { scale } = await unitOf(tx.db, { networkId, unitId });
  const fees = posted.filter(({ kind }) => kind === 'FEE');
  await requireNoGain(tx, standing, [
    booking.payerAccountId,
    ...fees.map(({ payerAccountId }) => payerAccountId),
  ]);
  const sum = fees.reduce((total, { amountMinor }) => total + amountMinor, unpaidMinor);
  requireOutflow(standing, payee, formatAmount(sum, scale));
  await lockForPosting(
    tx,
    networkId,
    posted.flatMap((transfer) => [transfer.payerAccountId, transfer.payeeAccountId]),
  );
  // What was passed on comes back first, so that the pool can give back what it received.
  for (const transfer of posted.toReversed()) {
    await postReversal(tx, transfer, { reason, causeId: id, refusalAs: concealed });
  }
  tx.emit({ networkId, kind: 'BookingReversed', subjectId: id });
  return changeBooking(tx, booking, { unpaidMinor: 0n, reversedAt: tx.now });
}

// What is left on the accounts of others is nothing that who looks after a pool needs to know.
function concealed(refusal: DomainError): DomainError {
  if (refusal instanceof InsufficientCredit)
    return new InsufficientCredit({ availableMinor: null, scale: 0 });
  if (refusal instanceof CeilingExceeded) return new CeilingExceeded({ earnableMinor: null, scale: 0 });
  return refusal;
}
