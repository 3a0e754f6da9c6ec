import type { Resource } from '../../entities/resource.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { holdNetwork } from '../access/standing.ts';
import { createTransfers } from '../ledger/transfer-lines.ts';
import { poolFor, poolSubject } from './pool-access.ts';
import { createResource, type NewResource } from './resources.ts';

export interface AcquireResource {
  networkId: string;
  poolId: string;
  resource: NewResource;
  /** An account of the network. */
  payerAccountId: string;
  /** Of who sells it. */
  payeeAccountId: string;
  amount: string;
  description: string;
  /** The decision that it comes from; the thing itself if absent. */
  causeId?: string;
}

/**
 * Adds a thing to a pool and pays for it from an account of the network: both or neither.
 *
 * @throws Forbidden unless one looks after the pool and may pay from the account; DecisionRequired, NetworkArchived, NotFound,
 *   PoolArchived, PoolConflict NO_UNIT, ResourceKindMismatch, InvalidInput, and what a payment is refused with
 * @emits ResourceAdded, TransferPosted
 */
export async function acquireResource(tx: Tx, command: AcquireResource): Promise<Resource> {
  // The bylaws say who decides: they stay as they are meanwhile.
  await holdNetwork(tx, command.networkId, 'shared');
  const found = await poolFor(tx, command);
  const { payerAccountId, payeeAccountId, amount, description } = command;
  const deciding = { kind: 'resourceAcquire', amount } as const;
  authorizeDecision(found.standing, 'resource.manage', deciding, poolSubject(found));
  requireId('account', payerAccountId, 'payerAccountId');
  requireId('account', payeeAccountId, 'payeeAccountId');
  const resource = await createResource(tx, found, { given: command.resource });
  await createTransfers(tx, {
    networkId: found.pool.networkId,
    lines: [{ payerAccountId, payeeAccountId, amount, description }],
    causeId: command.causeId ?? resource.id,
  });
  return resource;
}
