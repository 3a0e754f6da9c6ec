import type { Account } from '../../entities/account.ts';
import type { Unit } from '../../entities/unit.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';

/** Whose an account is. */
export type Holder =
  { kind: 'MEMBERSHIP'; membershipId: string } | { kind: 'GROUP'; groupId: string } | { kind: 'NETWORK' };

/**
 * An empty account. Members and groups get the limits of the unit; accounts of the network have none: what the
 * community issues or owes in common is not an individual's credit.
 */
export function accountFor(tx: Tx, unit: Unit, holder: Holder, name = ''): Account {
  const isCommon = holder.kind === 'NETWORK';
  return {
    networkId: unit.networkId,
    id: newId('account'),
    unitId: unit.id,
    holderKind: holder.kind,
    membershipId: holder.kind === 'MEMBERSHIP' ? holder.membershipId : null,
    groupId: holder.kind === 'GROUP' ? holder.groupId : null,
    name,
    state: 'OPEN',
    floorMinor: isCommon ? null : unit.defaultFloorMinor,
    ceilingMinor: isCommon ? null : unit.defaultCeilingMinor,
    balanceMinor: 0n,
    reservedMinor: 0n,
    entryCount: 0n,
    openedAt: tx.now,
    closedAt: null,
  };
}
