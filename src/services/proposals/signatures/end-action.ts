import type { SignedAction } from '../../../entities/signed-action.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';

/** How an action ends, or why it could not be carried out, with what belongs to it. */
export type ActionEnd =
  | { state: 'EXECUTED' | 'EXPIRED' }
  | ({ state: 'FAILED' } & Pick<SignedAction, 'failure'>)
  | ({ state: 'DECLINED' } & Pick<SignedAction, 'declinedByMembershipId' | 'declineReason'>);

/**
 * Takes an action that waits for signatures to its end, and returns it so; what could not be carried out waits on. A function of
 * the database does: the serving role itself can change nothing of an action.
 *
 * @param action locked by the caller
 */
export async function endAction(tx: Tx, action: SignedAction, end: ActionEnd): Promise<SignedAction> {
  const set = {
    failure: null,
    declinedByMembershipId: null,
    declineReason: null,
    ...end,
    endedAt: end.state === 'FAILED' ? null : tx.now,
  };
  await tx.db.execute('select signed_action_move($1, $2, $3, $4, $5::jsonb, $6, $7)', [
    action.networkId,
    action.id,
    set.state,
    tx.now,
    set.failure && JSON.stringify(set.failure),
    set.declinedByMembershipId,
    set.declineReason,
  ]);
  return { ...action, ...set };
}
