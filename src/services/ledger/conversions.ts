import type { Account } from '../../entities/account.ts';
import { Conversion } from '../../entities/conversion.ts';
import type { ConversionRate } from '../../entities/conversion-rate.ts';
import { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, type Standing } from '../access/standing.ts';
import { authorizePaying, payingSubject, tiesTo } from './account-access.ts';
import { rateOf, requireInForce } from './conversion-rates.ts';
import { converted } from './convert.ts';
import { AccountNotOpen, ConversionTooSmall, UnitMismatch } from './errors.ts';
import { lockForPosting } from './lock-accounts.ts';
import { postTransfers, type TransferDraft } from './posting.ts';
import { readableTransfer } from './read-accounts.ts';
import { positiveAmount, singleAmount } from './transfers.ts';
import { unitOf } from './unit-of.ts';

export interface CreateConversion {
  networkId: string;
  fromAccountId: string;
  toAccountId: string;
  /** A decimal number above zero, in the unit that is given. */
  amount: string;
  /** The rate that the client saw. */
  rateId: string;
}

/** What an exchange goes through: two accounts of one holder, and the network's between them. */
interface Path {
  rate: ConversionRate;
  from: Account;
  to: Account;
}

/**
 * Exchanges an amount of one unit for another at the rate in force, by two transfers through accounts of the network: all
 * of it or nothing. What is received is rounded down to its minor unit. Neither levies nor limits on payments apply.
 *
 * All four accounts are locked in id order, so that opposite conversions cannot deadlock.
 *
 * @throws Forbidden unless one may sign for both accounts, NotFound, ConversionRateChanged, ConversionTooSmall,
 *   UnitMismatch, AccountNotOpen, InsufficientCredit, CeilingExceeded, InvalidInput
 * @emits ConversionMade, TransferPosted for both
 */
export async function createConversion(tx: Tx, command: CreateConversion): Promise<Conversion> {
  const standing = await heldStandingIn(tx, command.networkId);
  authorize(standing, 'account.list');
  const { rate, from, to } = await lockedPath(tx, standing, command);
  const { networkId } = rate;
  const fromUnit = await unitOf(tx.db, { networkId, unitId: rate.fromUnitId });
  const toUnit = await unitOf(tx.db, { networkId, unitId: rate.toUnitId });
  const givenMinor = positiveAmount(command.amount, fromUnit, 'amount');
  const receivedMinor = converted(givenMinor, rate, { from: fromUnit.scale, to: toUnit.scale });
  if (receivedMinor === 0n) throw new ConversionTooSmall();
  singleAmount(receivedMinor, toUnit.scale, 'amount');

  const id = newId('conversion');
  const draft = (payerAccountId: string, payeeAccountId: string, amountMinor: bigint): TransferDraft => ({
    kind: 'CONVERSION',
    payerAccountId,
    payeeAccountId,
    amountMinor,
    description: '',
    causeId: id,
  });
  const [given, received] = await postTransfers(tx, fromUnit, [
    draft(from.id, rate.fromAccountId, givenMinor),
    { ...draft(rate.toAccountId, to.id, receivedMinor), unit: toUnit },
  ]);
  assert(given && received, 'two drafts give two transfers');
  const transfers = { fromTransferId: given.id, toTransferId: received.id };
  const conversion: Conversion = { networkId, id, rateId: rate.id, ...transfers, createdAt: tx.now };
  await tx.db.insert(Conversion, conversion);
  tx.emit({ networkId, kind: 'ConversionMade', subjectId: id, data: transfers });
  return conversion;
}

async function lockedPath(tx: Tx, standing: Standing, command: CreateConversion): Promise<Path> {
  const networkId = standing.network.id;
  const fromId = requireId('account', command.fromAccountId, 'fromAccountId');
  const toId = requireId('account', command.toAccountId, 'toAccountId');
  const rate = await rateOf(tx.db, networkId, requireId('conversionRate', command.rateId, 'rateId'));
  const { fromAccountId, toAccountId } = rate;
  const accounts = await lockForPosting(tx, networkId, [fromId, toId, fromAccountId, toAccountId]);
  const [from, to] = [accounts.get(fromId), accounts.get(toId)];
  const [common, otherCommon] = [accounts.get(fromAccountId), accounts.get(toAccountId)];
  assert(common && otherCommon, 'the accounts of a rate are there');
  if (!from || !to) throw new NotFound('Account');
  const ties = await tiesTo(tx.db, standing, [from, to]);
  authorizePaying(standing, { account: from, tie: ties[0] ?? null }, command.amount);
  authorize(standing, 'account.pay', payingSubject(to, ties[1] ?? null));
  requireFit(from, common, { unitId: rate.fromUnitId, path: 'fromAccountId' });
  requireFit(to, otherCommon, { unitId: rate.toUnitId, path: 'toAccountId' });
  if (holderOf(from) !== holderOf(to)) throw new InvalidInput('INVALID_CHOICE', 'toAccountId');
  await requireInForce(tx.db, rate);
  return { rate, from, to };
}

function requireFit(
  account: Account,
  common: Account,
  { unitId, path }: { unitId: string; path: string },
): void {
  if (account.unitId !== unitId) throw new UnitMismatch(path);
  if (account.id === common.id) throw new InvalidInput('INVALID_CHOICE', path);
  if (account.state !== 'OPEN') throw new AccountNotOpen(account.state, path);
  if (common.state !== 'OPEN') throw new AccountNotOpen(common.state, 'rateId');
}

function holderOf({ networkId, membershipId, groupId }: Account): string {
  return membershipId ?? groupId ?? networkId;
}

/** What was exchanged for a key before, for who is still a member. */
export async function createdConversion(tx: Tx, networkId: string, id: string): Promise<Conversion> {
  authorize(await heldStandingIn(tx, networkId), 'account.list');
  const conversion = await tx.db.one(Conversion, { networkId, id });
  assert(conversion, 'what a key stands for is there');
  return conversion;
}

/**
 * The other transfer of the conversion that a transfer belongs to, or null if it belongs to none. A transfer is one half
 * of a conversion if its kind is CONVERSION; its cause is then the conversion. Neither half is reversed alone:
 * `postReversal` reverses both by one posting.
 */
export async function conversionPartner(db: Db, transfer: Transfer): Promise<Transfer | null> {
  const { networkId, id, kind, causeId } = transfer;
  if (kind !== 'CONVERSION' || !causeId) return null;
  const conversion = await db.one(Conversion, { networkId, id: causeId });
  assert(conversion, 'half of a conversion names the whole');
  const { fromTransferId, toTransferId } = conversion;
  const partner = await db.one(Transfer, {
    networkId,
    id: id === fromTransferId ? toTransferId : fromTransferId,
  });
  assert(partner, 'a conversion has two transfers');
  return partner;
}

/** A conversion of an account whose statement the viewer may read, or null. */
export async function readableConversion(
  db: Db,
  standing: Standing,
  conversion: Conversion | undefined,
): Promise<Conversion | null> {
  if (!conversion) return null;
  const { networkId, fromTransferId } = conversion;
  const transfer = await db.one(Transfer, { networkId, id: fromTransferId });
  return (await readableTransfer(db, standing, transfer)) && conversion;
}
