import { Account } from '../../../entities/account.ts';
import type { Unit } from '../../../entities/unit.ts';
import { DomainError, Forbidden, NotFound } from '../../../kernel/errors.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { boundedText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn } from '../../access/standing.ts';
import { tieTo } from '../../ledger/account-access.ts';
import { AccountNotOpen, CeilingExceeded } from '../../ledger/errors.ts';
import { lockForPosting } from '../../ledger/lock-accounts.ts';
import { postTransfers, type TransferDraft } from '../../ledger/posting.ts';
import type { TransferBatch } from '../../ledger/transfer-lines.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from '../../ledger/transfers.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { accountIdsOf, coOwnersOf, partsOf, type CoOwner, type SharePart } from '../co-owners.ts';
import { poolSubject, resourceFor, type ResourceStanding } from '../pool-access.ts';
import { CoOwnerCannotPay, NothingToSplit } from './errors.ts';
import { requireCoOwned } from './shares.ts';

export interface SplitCost {
  networkId: string;
  resourceId: string;
  /** A decimal number above zero, in the unit of the account: what was paid in all. */
  amount: string;
  /** The account of who has paid. */
  payeeAccountId: string;
  description: string;
}

/**
 * Has the co-owners of a thing bear a cost that somebody has paid, each by their shares: all of them, or none. A steward does it,
 * but not in favour of an account of their own. The part of who has paid, and of who has left the network, is nobody else's.
 *
 * @throws Forbidden, NotFound, PoolArchived, ResourceNotActive, OwnershipConflict, CoOwnerCannotPay, NothingToSplit, CeilingExceeded,
 *   AccountNotOpen, NotTransferable, InvalidInput
 * @emits CostSplit, TransferPosted for each part
 */
export async function splitCost(tx: Tx, command: SplitCost): Promise<TransferBatch> {
  authorize(await heldStandingIn(tx, command.networkId), 'pool.read');
  const found = await resourceFor(tx, command);
  authorize(found.standing, 'share.issue', poolSubject(found));
  requireCoOwned(found.resource);
  const { payee, unit } = await payeeFor(tx, found, command.payeeAccountId);
  const amountMinor = positiveAmount(command.amount, unit, 'amount');
  const description = boundedText(command.description, 'description', DESCRIPTION_BOUNDS);
  const { networkId, id: resourceId } = found.resource;
  const owners = await coOwnersOf(tx.db, { networkId, unitId: unit.id, resourceIds: [resourceId] });
  const paying = partsOf(owners, amountMinor).filter((part) => bearsPart(part, payee));
  if (paying.length === 0) throw new NothingToSplit();
  await lockForPosting(tx, networkId, [payee.id, ...accountIdsOf(owners)]);
  const id = newId('transferBatch');
  const drafts = paying.map(({ owner, partMinor }): TransferDraft => {
    const way = { payerAccountId: payingAccount(owner), payeeAccountId: payee.id, amountMinor: partMinor };
    return { kind: 'SHARES', ...way, description, causeId: id };
  });
  const transfers = await postTransfers(tx, unit, drafts, (refusal, index) =>
    ofCoOwner(refusal, paying[index]!.owner, payee),
  );
  tx.emit({ networkId, kind: 'CostSplit', subjectId: resourceId, data: { causeId: id } });
  return { id, transfers };
}

/**
 * Whether a co-owner pays their part to an account: not if it is their own, and not once they have left. Nobody else pays that
 * part either: it stays with who has paid.
 */
export function bearsPart({ owner, partMinor }: SharePart, payee: Account): boolean {
  return partMinor > 0n && !owner.hasLeft && owner.membershipId !== payee.membershipId;
}

/** @throws Forbidden if the actor would receive it, NotFound */
async function payeeFor(
  tx: Tx,
  { standing }: ResourceStanding,
  accountId: string,
): Promise<{ payee: Account; unit: Unit }> {
  const match = { networkId: standing.network.id, id: requireId('account', accountId, 'payeeAccountId') };
  const payee = await tx.db.one(Account, match);
  if (!payee) throw new NotFound('Account');
  const tie = await tieTo(tx.db, standing, payee);
  // Nobody has others pay to them by office.
  if (payee.holderKind !== 'NETWORK' && tie !== null) throw new Forbidden('NOT_YOURS');
  return { payee, unit: await unitOf(tx.db, payee) };
}

function payingAccount({ membershipId, accountId }: CoOwner): string {
  if (accountId === null) throw new CoOwnerCannotPay({ membershipId, cause: 'ACCOUNT_NOT_OPEN' });
  return accountId;
}

/** What a co-owner has left to spend is theirs to know; that they cannot pay is for who splits the cost. */
function ofCoOwner(refusal: DomainError, { membershipId }: CoOwner, payee: Account): DomainError {
  if (refusal instanceof CeilingExceeded) return new CeilingExceeded({ earnableMinor: null, scale: 0 });
  if (refusal.code === 'INSUFFICIENT_CREDIT')
    return new CoOwnerCannotPay({ membershipId, cause: refusal.code });
  if (refusal instanceof AccountNotOpen && refusal.accountId !== payee.id) {
    return new CoOwnerCannotPay({ membershipId, cause: refusal.code });
  }
  return refusal;
}
