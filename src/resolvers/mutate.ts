import { DomainError } from '../kernel/errors.ts';
import { requireId } from '../kernel/ids.ts';
import { once } from '../kernel/idempotency.ts';
import type { Tx } from '../kernel/unit-of-work.ts';
import { toMutationError, type MutationError } from '../schema/common/errors.ts';
import type { Context } from './context.ts';

type Answer<T> = Partial<T> & { errors: MutationError[] };

// The caller may not do this, or may not know of it: that concerns the whole request, not one of its fields.
const TOP_LEVEL_CODES = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'OUTCOME_UNKNOWN']);

/** Runs the work of a mutation in one transaction and shapes its result or refusal as the payload. */
export function mutate<T extends object>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<Answer<T>> {
  return answering(() => ctx.run(work));
}

/** The same for work that opens its own transactions, such as signing in. */
export async function answering<T extends object>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ...(await work()), errors: [] };
  } catch (error) {
    if (!(error instanceof DomainError) || TOP_LEVEL_CODES.has(error.code)) throw error;
    return { errors: [toMutationError(error)] } as unknown as Answer<T>;
  }
}

export interface OnceOptions<T> {
  operation: string;
  input: { networkId: string; idempotencyKey: string };
  work: (tx: Tx) => Promise<T>;
  again: (tx: Tx, id: string) => Promise<T>;
}

/** Does the work of a mutation once for its idempotency key, and answers a repetition with what was made then. */
export function mutateOnce<T extends { id: string }>(
  ctx: Context,
  options: OnceOptions<T>,
): Promise<Answer<{ made: T }>> {
  const { operation, input, work, again } = options;
  return mutate(ctx, async (tx) => {
    const made = await once<T>(tx, {
      networkId: requireId('network', input.networkId, 'networkId'),
      key: input.idempotencyKey,
      operation,
      content: input,
      work: async () => {
        const result = await work(tx);
        return { id: result.id, result };
      },
      again: (id) => again(tx, id),
    });
    return { made };
  });
}
