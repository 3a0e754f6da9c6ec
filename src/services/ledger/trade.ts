import type { Account } from '../../entities/account.ts';
import { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import { AccountNotOpen, NotTransferable, SameAccount, UnitMismatch } from './errors.ts';

/**
 * The unit in which one account can pay another later on, as they stand now.
 *
 * @param otherPath the field that names the account which the actor does not sign for: it is the one in another unit
 * @throws SameAccount, UnitMismatch, AccountNotOpen, NotTransferable
 */
export async function unitOfTrade(
  db: Db,
  { payer, payee, otherPath }: { payer: Account; payee: Account; otherPath: string },
): Promise<Unit> {
  if (payer.id === payee.id) throw new SameAccount();
  if (payer.unitId !== payee.unitId) throw new UnitMismatch(otherPath);
  if (payer.state !== 'OPEN') throw new AccountNotOpen(payer.state, 'payerAccountId');
  if (payee.state !== 'OPEN') throw new AccountNotOpen(payee.state, 'payeeAccountId');
  const unit = await db.one(Unit, { networkId: payer.networkId, id: payer.unitId });
  assert(unit, 'an account has a unit');
  if (unit.kind === 'POINTS') throw new NotTransferable();
  return unit;
}
