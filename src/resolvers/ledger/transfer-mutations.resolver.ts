import { Ctx, Mutation, Resolver } from 'type-graphql';
import {
  TransferAcceptInput,
  TransferAcceptPayload,
  TransferCancelInput,
  TransferCancelPayload,
  TransferRejectInput,
  TransferRejectPayload,
  TransferRequestInput,
  TransferRequestPayload,
  TransferReverseInput,
  TransferReversePayload,
} from '../../schema/ledger/transfer-mutations.ts';
import { TransferType } from '../../schema/ledger/transfer.ts';
import {
  acceptTransfer,
  cancelTransfer,
  rejectTransfer,
  requestTransfer,
} from '../../services/ledger/requests.ts';
import { reverseTransfer } from '../../services/ledger/reversals.ts';
import { repeatedTransfer } from '../../services/ledger/transfer-in-hand.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutate, mutateOnce } from '../mutate.ts';

@Resolver(() => TransferType)
export class TransferMutationsResolver {
  @Mutation(() => TransferRequestPayload, {
    description:
      'Asks for a payment, once for its key. Codes: SAME_ACCOUNT, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, NOT_TRANSFERABLE, TOO_MANY_REQUESTS, INVALID_AMOUNT, TOO_MANY_DECIMALS, INVALID_RANGE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  transferRequest(
    @Input(() => TransferRequestInput) input: TransferRequestInput,
    @Ctx() ctx: Context,
  ): Promise<TransferRequestPayload> {
    return transferOnce(ctx, {
      operation: 'transferRequest',
      input,
      work: (tx) => requestTransfer(tx, input),
    });
  }

  @Mutation(() => TransferAcceptPayload, {
    description:
      'Pays what was asked for, once for its key. Codes: DECISION_REQUIRED, TRANSFER_NOT_PENDING, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, PAYMENT_LIMIT_EXCEEDED, ACCOUNT_NOT_OPEN, LEVY_ACCOUNT_NOT_OPEN, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  transferAccept(
    @Input(() => TransferAcceptInput) input: TransferAcceptInput,
    @Ctx() ctx: Context,
  ): Promise<TransferAcceptPayload> {
    return transferOnce(ctx, { operation: 'transferAccept', input, work: (tx) => acceptTransfer(tx, input) });
  }

  @Mutation(() => TransferRejectPayload, {
    description: 'Says no to a request; for the payer. Codes: TRANSFER_NOT_PENDING, NETWORK_ARCHIVED.',
  })
  transferReject(
    @Input(() => TransferRejectInput) input: TransferRejectInput,
    @Ctx() ctx: Context,
  ): Promise<TransferRejectPayload> {
    return mutate(ctx, async (tx) => ({ transfer: await rejectTransfer(tx, input) }));
  }

  @Mutation(() => TransferCancelPayload, {
    description:
      'Takes a request back; for the payee and coordinators. Codes: TRANSFER_NOT_PENDING, NETWORK_ARCHIVED.',
  })
  transferCancel(
    @Input(() => TransferCancelInput) input: TransferCancelInput,
    @Ctx() ctx: Context,
  ): Promise<TransferCancelPayload> {
    return mutate(ctx, async (tx) => ({ transfer: await cancelTransfer(tx, input) }));
  }

  @Mutation(() => TransferReversePayload, {
    description:
      'Undoes a posted transfer with all its levies, once; for the payee and coordinators. Codes: NOT_REVERSIBLE, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, ACCOUNT_NOT_OPEN, LEVY_ACCOUNT_NOT_OPEN, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  transferReverse(
    @Input(() => TransferReverseInput) input: TransferReverseInput,
    @Ctx() ctx: Context,
  ): Promise<TransferReversePayload> {
    return transferOnce(ctx, {
      operation: 'transferReverse',
      input,
      work: (tx) => reverseTransfer(tx, input),
    });
  }
}

async function transferOnce(
  ctx: Context,
  once: {
    operation: string;
    input: { networkId: string; idempotencyKey: string };
    work: (tx: Tx) => Promise<Transfer>;
  },
): Promise<TransferRequestPayload> {
  const again = (tx: Tx, id: string) => repeatedTransfer(tx, once.input.networkId, id);
  const { made: transfer, errors } = await mutateOnce(ctx, { ...once, again });
  return { transfer, errors };
}
