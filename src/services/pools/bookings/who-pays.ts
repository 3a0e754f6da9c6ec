import { Account } from '../../../entities/account.ts';
import type { Unit } from '../../../entities/unit.ts';
import { assert, Forbidden, NotFound } from '../../../kernel/errors.ts';
import { formatAmount } from '../../../kernel/money.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import type { Standing } from '../../access/standing.ts';
import { authorizePayment, tiesTo, tieTo } from '../../ledger/account-access.ts';
import { unitOfTrade } from '../../ledger/trade.ts';
import { singleAmount } from '../../ledger/transfers.ts';

/** From which account to which something of a booking is paid, and whose booking it is. */
export interface Paying {
  networkId: string;
  payerAccountId: string;
  payeeAccountId: string;
  /** Who has the things. */
  bookerId: string;
  /** Minor units; all that is added to what the payer has agreed to. */
  costMinor: bigint;
  /** The input field that is at fault if that is more than can be paid. */
  path: string;
}

/**
 * Goes on only if the actor may let the payer pay that: who signs for the account, or has the office that records what others
 * pay, and that for the booker alone.
 *
 * @throws NotFound, UnitMismatch, DecisionRequired, Forbidden, InvalidInput
 */
export async function authorizeCost(tx: Tx, standing: Standing, paying: Paying): Promise<Unit> {
  const { networkId, bookerId, costMinor } = paying;
  const payer = await tx.db.one(Account, { networkId, id: paying.payerAccountId });
  if (!payer) throw new NotFound('Account');
  const payee = await tx.db.one(Account, { networkId, id: paying.payeeAccountId });
  assert(payee, 'the account of a pool is there');
  const unit = await unitOfTrade(tx.db, { payer, payee, otherPath: 'payerAccountId' });
  const sides = {
    payer: { account: payer, tie: await tieTo(tx.db, standing, payer) },
    // What goes to the pool is no gain of who may sign for its account.
    payee: { account: payee, tie: null },
  };
  const isRecorded = sides.payer.tie === null && payer.membershipId === bookerId;
  singleAmount(costMinor, unit.scale, paying.path);
  authorizePayment(standing, sides, { isRecorded, amount: formatAmount(costMinor, unit.scale) });
  return unit;
}

/**
 * Goes on only if none of the accounts is the actor's, nor one for which they sign: nobody gives back to themselves what was
 * paid, or spares themselves what is due.
 *
 * @throws Forbidden NOT_YOURS
 */
export async function requireNoGain(
  tx: Tx,
  standing: Standing,
  accountIds: readonly (string | null)[],
): Promise<void> {
  const id = accountIds.flatMap((accountId) => accountId ?? []);
  const accounts = await tx.db.all(Account, { networkId: standing.network.id, id });
  const ties = await tiesTo(tx.db, standing, accounts);
  if (ties.some((tie) => tie !== null)) throw new Forbidden('NOT_YOURS');
}
