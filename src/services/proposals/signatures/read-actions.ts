import { ActionSignature } from '../../../entities/action-signature.ts';
import { SignedAction, type SignedActionState } from '../../../entities/signed-action.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert } from '../../../kernel/errors.ts';
import { kindOfId } from '../../../kernel/ids.ts';
import { groupedBy, keysOf } from '../../../kernel/lists.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { standingIn, type Standing } from '../../access/standing.ts';

export interface SignedActionFilter {
  states?: readonly SignedActionState[] | null;
}

/**
 * Actions that are or were to be signed in a network, newest first.
 *
 * @throws Forbidden
 */
export async function listSignedActions(
  db: Db,
  standing: Standing,
  filter: SignedActionFilter,
  request: PageRequest,
): Promise<Page<SignedAction>> {
  authorize(standing, 'proposal.read');
  const [id] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    SignedAction,
    `where network_id = $1 and ($2::text[] is null or state = any($2)) and ($3::text is null or id < $3)
      order by id desc limit $4`,
    [standing.network.id, filter.states ?? null, id, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** One action of the network; null if there is none. */
export async function signedActionIn(db: Db, networkId: string, id: string): Promise<SignedAction | null> {
  if (kindOfId(id) !== 'signedAction') return null;
  return (await db.one(SignedAction, { networkId, id })) ?? null;
}

/** The signatures of each action, the first first. */
export async function signaturesOf(db: Db, actions: readonly SignedAction[]): Promise<ActionSignature[][]> {
  const rows = await db.select(
    ActionSignature,
    `where (network_id, action_id) in (select * from unnest($1::text[], $2::text[]))
      order by signed_at, membership_id`,
    keysOf(actions),
  );
  return actions.map(({ id }) => groupedBy(rows, ({ actionId }) => actionId)(id));
}

/**
 * What a repeated request has made or signed, as it is now.
 *
 * @throws Forbidden for who is no member any more
 */
export async function signedActionMade(tx: Tx, networkId: string, id: string): Promise<SignedAction> {
  authorize(await standingIn(tx, networkId), 'proposal.read');
  const action = await tx.db.one(SignedAction, { networkId, id });
  assert(action, 'an action that was submitted is there');
  return action;
}
