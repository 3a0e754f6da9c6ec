import type { Unit } from '../../entities/unit.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorOf, post, type Posting } from '../ledger/posting.ts';
import { coOwnersOf, partsOf } from './co-owners.ts';

/** What came in for a thing, such as the fee of a booking. */
export interface Income {
  resourceId: string;
  /** The account that has received it. */
  accountId: string;
  /** Minor units of the unit of that account. */
  amountMinor: bigint;
  /** What it was received for: the booking, by which it is undone together with the fee. */
  causeId: string;
  description: string;
}

/**
 * Passes on what came in for a thing to those who own it together, by their shares; what cannot be split evenly goes to the
 * largest remainders, and among equal ones to whose membership is oldest. The part of who has left the network, has no open
 * account in the unit or has no room for it stays where it came in, so that nobody else has to wait for them. Nothing is
 * passed on for a thing that a member or the pool owns.
 *
 * The caller holds the rows of the thing and, by `lockForPosting`, of all accounts that post in its unit of work: those of
 * the co-owners are named by `coOwnersOf`.
 *
 * @returns what was passed on, in minor units
 * @emits TransferPosted for each part
 */
export async function distributeIncome(tx: Tx, unit: Unit, income: Income): Promise<bigint> {
  const { networkId } = unit;
  const { resourceId, accountId, amountMinor, causeId, description } = income;
  const owners = await coOwnersOf(tx.db, { networkId, unitId: unit.id, resourceIds: [resourceId] });
  const postings = partsOf(owners, amountMinor).flatMap(({ owner, partMinor }): Posting[] => {
    if (partMinor === 0n || owner.accountId === null || owner.accountId === accountId) return [];
    const way = { payerAccountId: accountId, payeeAccountId: owner.accountId };
    const from = { causeId, author: authorOf(tx.actor), key: null };
    return [{ id: newId('transfer'), kind: 'SHARES', ...way, amountMinor: partMinor, description, ...from }];
  });
  if (postings.length === 0) return 0n;
  const outcomes = await post(tx.db, networkId, { postings, now: tx.now, isAtomic: false });
  return postings.reduce(
    (sum, posting, index) => (outcomes[index]?.verdict === 'POSTED' ? sum + posting.amountMinor : sum),
    0n,
  );
}
