import { Dispute } from '../../entities/dispute.ts';
import type { Transfer } from '../../entities/transfer.ts';
import { assert, type DomainError } from '../../kernel/errors.ts';
import { formatAmount } from '../../kernel/money.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { requireOutflow } from './account-access.ts';
import { conversionPartner } from './conversions.ts';
import { discreetOnReturn } from './discretion.ts';
import { closeDisputeOf, refundedMinor } from './disputes.ts';
import { AccountNotOpen, LevyAccountNotOpen, NotReversible } from './errors.ts';
import { postTransfers, type TransferDraft } from './posting.ts';
import { authorizeOnTransfer } from './transfer-access.ts';
import { takeTransfer, tiesToSides, type NamedTransfer } from './transfer-in-hand.ts';
import { DESCRIPTION_BOUNDS } from './transfers.ts';
import { unitOf } from './unit-of.ts';

export interface ReverseTransfer extends NamedTransfer {
  /** Why; it becomes the description of the reversing transfer. */
  reason: string;
}

/**
 * Undoes a posted transfer with all its levies, by a new transfer the other way round. The payee gives it back, or a
 * coordinator puts a mistake right, but not one who would get the money. What a common account gives back is a payment from
 * it to the bylaws. Conversions are for coordinators alone, and undone whole: they leave a common account as it was.
 *
 * @returns the reversing transfer
 * @throws Forbidden, DecisionRequired, NotFound, NotReversible, AccountNotOpen, LevyAccountNotOpen, InsufficientCredit,
 *   CeilingExceeded, InvalidInput
 * @emits TransferPosted, TransferReversed
 */
export async function reverseTransfer(tx: Tx, command: ReverseTransfer): Promise<Transfer> {
  const { standing, transfer, ties } = await takeTransfer(tx, command, 'reverse');
  const partner = await conversionPartner(tx.db, transfer);
  // Both halves are undone: one must be allowed to undo both, whichever was named.
  if (partner) {
    const tiesOfPartner = await tiesToSides(tx, standing, partner);
    authorizeOnTransfer({ standing, transfer: partner, ties: tiesOfPartner }, 'reverse');
  } else {
    const { scale } = await unitOf(tx.db, transfer);
    requireOutflow(standing, ties.payee.account, formatAmount(transfer.amountMinor, scale));
  }
  const reason = boundedText(command.reason, 'reason', DESCRIPTION_BOUNDS);
  // Whoever settles the dispute locks it before the transfer as well.
  await tx.db.lock(Dispute, { networkId: transfer.networkId, transferId: transfer.id, state: 'OPEN' });
  const refusalAs = (refusal: DomainError) => discreetOnReturn(standing, ties, refusal);
  const reversal = await postReversal(tx, transfer, { reason, causeId: null, refusalAs });
  await closeDisputeOf(tx, transfer, reversal);
  return reversal;
}

interface Undoing {
  reason: string;
  causeId: string | null;
  /** Makes of a refusal what is thrown. */
  refusalAs: (refusal: DomainError) => DomainError;
}

/**
 * Posts the transfer that undoes another. Of a conversion both halves are undone together.
 *
 * @returns the one that undoes the transfer
 * @throws NotReversible if it is not posted, is a reversal or is reversed already, and what posting refuses
 * @emits TransferPosted, TransferReversed
 */
export async function postReversal(
  tx: Tx,
  transfer: Transfer,
  { reason, causeId, refusalAs }: Undoing,
): Promise<Transfer> {
  const { networkId } = transfer;
  if (transfer.state !== 'POSTED' || transfer.kind === 'REVERSAL') throw new NotReversible();
  // A part of it has gone back already.
  if ((await refundedMinor(tx.db, transfer)) > 0n) throw new NotReversible();
  const partner = await conversionPartner(tx.db, transfer);
  const undone = partner ? [transfer, partner] : [transfer];
  const drafts: TransferDraft[] = [];
  for (const one of undone) {
    drafts.push({
      kind: 'REVERSAL',
      payerAccountId: one.payeeAccountId,
      payeeAccountId: one.payerAccountId,
      amountMinor: one.amountMinor,
      description: reason,
      causeId,
      reversesId: one.id,
      unit: await unitOf(tx.db, one),
    });
  }
  const unit = await unitOf(tx.db, transfer);
  const [reversal, ...others] = await postTransfers(tx, unit, drafts, (refusal, index) =>
    refusalAs(ofLevies(refusal, undone[index]!)),
  );
  assert(reversal, 'what is undone has its reversal');
  for (const { id, reversesId } of [reversal, ...others]) {
    assert(reversesId, 'a reversal names what it undoes');
    tx.emit({ networkId, kind: 'TransferReversed', subjectId: reversesId, data: { reversalId: id } });
  }
  return reversal;
}

/** The levies go back from where they went, which may be another account than levies go to now. */
function ofLevies(
  refusal: DomainError,
  { payerAccountId, payeeAccountId, levyAccountId }: Transfer,
): DomainError {
  if (!(refusal instanceof AccountNotOpen) || refusal.accountId !== levyAccountId) return refusal;
  const isSide = [payerAccountId, payeeAccountId].includes(levyAccountId ?? '');
  return isSide ? refusal : new LevyAccountNotOpen(refusal.state);
}
