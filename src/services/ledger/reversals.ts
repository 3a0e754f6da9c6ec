import type { Transfer } from '../../entities/transfer.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { closeDisputeOf } from './disputes.ts';
import { NotReversible } from './errors.ts';
import { postTransfer } from './posting.ts';
import { takeTransfer, unitOfTransfer, type NamedTransfer } from './transfer-in-hand.ts';
import { DESCRIPTION_BOUNDS } from './transfers.ts';

export interface ReverseTransfer extends NamedTransfer {
  /** Why; it becomes the description of the reversing transfer. */
  reason: string;
}

/**
 * Undoes a posted transfer with all its levies, by a new transfer the other way round. The payee gives it back, or a
 * coordinator puts a mistake right, but not one who would get the money.
 *
 * @returns the reversing transfer
 * @throws Forbidden, NotFound, NotReversible, AccountNotOpen, InsufficientCredit, CeilingExceeded, InvalidInput
 * @emits TransferPosted, TransferReversed
 */
export async function reverseTransfer(tx: Tx, command: ReverseTransfer): Promise<Transfer> {
  const { transfer } = await takeTransfer(tx, command, 'reverse');
  const reason = boundedText(command.reason, 'reason', DESCRIPTION_BOUNDS);
  const reversal = await postReversal(tx, transfer, { reason, causeId: null });
  await closeDisputeOf(tx, transfer, reversal);
  return reversal;
}

/**
 * Posts the transfer that undoes another.
 *
 * @throws NotReversible if it is not posted, is a reversal or is reversed already, and what posting refuses
 * @emits TransferPosted, TransferReversed
 */
export async function postReversal(
  tx: Tx,
  transfer: Transfer,
  { reason, causeId }: { reason: string; causeId: string | null },
): Promise<Transfer> {
  const { networkId, id } = transfer;
  if (transfer.state !== 'POSTED' || transfer.kind === 'REVERSAL') throw new NotReversible();
  const reversal = await postTransfer(tx, await unitOfTransfer(tx, transfer), {
    kind: 'REVERSAL',
    payerAccountId: transfer.payeeAccountId,
    payeeAccountId: transfer.payerAccountId,
    amountMinor: transfer.amountMinor,
    description: reason,
    causeId,
    reversesId: id,
  });
  tx.emit({ networkId, kind: 'TransferReversed', subjectId: id, data: { reversalId: reversal.id } });
  return reversal;
}
