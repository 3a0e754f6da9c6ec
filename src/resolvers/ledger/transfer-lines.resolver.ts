import { Ctx, Mutation, Resolver } from 'type-graphql';
import { TransfersCreateInput, TransfersCreatePayload } from '../../schema/ledger/transfers-create.ts';
import { createTransfers, repeatedTransfers } from '../../services/ledger/transfer-lines.ts';
import type { Context } from '../context.ts';
import { Input } from '../input.ts';
import { mutateOnce } from '../mutate.ts';

@Resolver()
export class TransferLinesResolver {
  @Mutation(() => TransfersCreatePayload, {
    description:
      'Makes up to 100 payments in one unit, all of them or none, once for its key. The path of an error names the line, counted from 0: `lines.3.amount`. Codes: DECISION_REQUIRED, INSUFFICIENT_CREDIT, CEILING_EXCEEDED, PAYMENT_LIMIT_EXCEEDED, SAME_ACCOUNT, UNIT_MISMATCH, ACCOUNT_NOT_OPEN, LEVY_ACCOUNT_NOT_OPEN, NOT_TRANSFERABLE, INVALID_AMOUNT, TOO_MANY_DECIMALS, INVALID_RANGE, IDEMPOTENCY_KEY_REUSED, NETWORK_ARCHIVED.',
  })
  async transfersCreate(
    @Input(() => TransfersCreateInput) input: TransfersCreateInput,
    @Ctx() ctx: Context,
  ): Promise<TransfersCreatePayload> {
    const { made, errors } = await mutateOnce(ctx, {
      operation: 'transfersCreate',
      input,
      work: (tx) => createTransfers(tx, input),
      again: (tx, id) => repeatedTransfers(tx, input.networkId, id),
    });
    return { transfers: made?.transfers, errors };
  }
}
