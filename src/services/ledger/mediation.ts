import { Dispute, type DisputeOutcome } from '../../entities/dispute.ts';
import { Transfer } from '../../entities/transfer.ts';
import { assert, InvalidInput, NotFound, type DomainError } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import { formatAmount } from '../../kernel/money.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { heldStandingIn, type Standing } from '../access/standing.ts';
import { requireOutflow } from './account-access.ts';
import { discreetOnReturn } from './discretion.ts';
import { authorizeOnDispute } from './dispute-access.ts';
import { isParty, lockOpenDispute, REASON_BOUNDS, refundedMinor, resolve } from './disputes.ts';
import { DisputeConflict, NotReversible } from './errors.ts';
import { postTransfer } from './posting.ts';
import { postReversal } from './reversals.ts';
import { tiesToSides } from './transfer-in-hand.ts';
import { DESCRIPTION_BOUNDS, positiveAmount } from './transfers.ts';
import { unitOf } from './unit-of.ts';

export interface ResolveDispute {
  networkId: string;
  disputeId: string;
  outcome: DisputeOutcome;
  /** How much the payee gives back, for a refund: less than the transfer. */
  amount?: string | null;
  /** What both sides are told. */
  resolution: string;
}

/**
 * Settles a dispute: the transfer is reversed, a part of it refunded, or it stays as it is. What a common account gives back
 * is a payment from it to the bylaws.
 *
 * @throws Forbidden unless one is its mediator, DecisionRequired, NotFound, DisputeConflict, NotReversible, AccountNotOpen,
 *   InsufficientCredit, CeilingExceeded, InvalidInput
 * @emits DisputeResolved, TransferPosted
 */
export async function resolveDispute(tx: Tx, command: ResolveDispute): Promise<Dispute> {
  const standing = await heldStandingIn(tx, command.networkId);
  authorize(standing, 'account.list');
  const networkId = standing.network.id;
  const dispute = await lockOpenDispute(tx, networkId, command.disputeId);
  authorizeOnDispute(standing, dispute, 'resolve');
  // Somebody may have been made a signatory or a helper since.
  if (standing.membership && (await isParty(tx, dispute, standing.membership))) {
    throw new DisputeConflict('IS_PARTY');
  }
  const resolution = boundedText(command.resolution, 'resolution', REASON_BOUNDS);
  // A refund, and nothing else, has an amount.
  if ((command.outcome === 'REFUNDED') !== (command.amount != null)) {
    throw new InvalidInput('INVALID_CHOICE', 'amount');
  }
  const transfer = await tx.db.one(Transfer, { networkId, id: dispute.transferId });
  assert(transfer, 'a dispute has a transfer');
  const settledBy = await settle(tx, { standing, dispute, transfer }, { ...command, resolution });
  return resolve(tx, dispute, { outcome: command.outcome, resolution, settledBy });
}

async function settle(
  tx: Tx,
  { standing, dispute, transfer }: { standing: Standing; dispute: Dispute; transfer: Transfer },
  { outcome, amount, resolution }: ResolveDispute,
): Promise<Transfer | null> {
  const description = resolution.slice(0, DESCRIPTION_BOUNDS.max);
  if (outcome === 'DISMISSED') return null;
  const ties = await tiesToSides(tx, standing, transfer);
  const refusalAs = (refusal: DomainError) => discreetOnReturn(standing, ties, refusal);
  const causeId = dispute.id;
  const unit = await unitOf(tx.db, transfer);
  const outflow = (minor: bigint) =>
    requireOutflow(standing, ties.payee.account, formatAmount(minor, unit.scale));
  if (outcome === 'REVERSED') {
    if (transfer.kind !== 'CONVERSION') outflow(transfer.amountMinor);
    return postReversal(tx, transfer, { reason: description, causeId, refusalAs });
  }
  const { payerAccountId, payeeAccountId } = transfer;
  const amountMinor = positiveAmount(amount ?? '', unit, 'amount');
  // All of it back is a reversal, which returns the levies too; and of a conversion one half alone is not given back.
  const left = transfer.amountMinor - (await refundedMinor(tx.db, transfer));
  if (amountMinor >= transfer.amountMinor || amountMinor > left) {
    throw new InvalidInput('INVALID_AMOUNT', 'amount');
  }
  if (transfer.kind === 'CONVERSION') throw new NotReversible();
  outflow(amountMinor);
  const draft = { kind: 'REFUND', amountMinor, description, causeId } as const;
  const accounts = { payerAccountId: payeeAccountId, payeeAccountId: payerAccountId };
  return postTransfer(tx, unit, { ...draft, ...accounts }, refusalAs);
}

/** The dispute that an earlier request with the same key has settled. */
export async function settledDispute(tx: Tx, networkId: string, id: string): Promise<Dispute> {
  const standing = await heldStandingIn(tx, networkId);
  authorize(standing, 'account.list');
  const dispute = await tx.db.one(Dispute, { networkId, id: requireId('dispute', id, 'disputeId') });
  if (!dispute) throw new NotFound('Dispute');
  return dispute;
}
