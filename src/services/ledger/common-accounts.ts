import type { Unit } from '../../entities/unit.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { AccountNotOpen, UnitMismatch } from './errors.ts';
import { lockAccounts } from './lock-accounts.ts';

/** An account that an input names for something, and the field that names it. */
export interface NamedAccount {
  id: string | null | undefined;
  path: string;
}

/**
 * Goes on only if accounts belong to the network itself, count the unit and are open; none of them closes before the
 * unit of work ends.
 *
 * @throws NotFound, UnitMismatch, AccountNotOpen, InvalidInput INVALID_CHOICE for an account of a member or a group
 */
export async function requireCommonAccounts(
  tx: Tx,
  unit: Unit,
  accounts: readonly NamedAccount[],
): Promise<void> {
  const named = accounts.flatMap(({ id, path }) =>
    id === null || id === undefined ? [] : [{ id: requireId('account', id, path), path }],
  );
  const ids = [...new Set(named.map(({ id }) => id))];
  const locked = await lockAccounts(tx, unit.networkId, ids);
  for (const { id, path } of named) {
    const account = locked.get(id);
    if (!account) throw new NotFound('Account');
    if (account.holderKind !== 'NETWORK') throw new InvalidInput('INVALID_CHOICE', path);
    if (account.unitId !== unit.id) throw new UnitMismatch(path);
    if (account.state !== 'OPEN') throw new AccountNotOpen(account.state, path);
  }
}
