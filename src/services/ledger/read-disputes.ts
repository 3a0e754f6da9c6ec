import { Dispute, type DisputeState } from '../../entities/dispute.ts';
import { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';
import { CURSOR_TEXT, afterKey, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize, may } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { isTiedTo } from './account-access.ts';
import { seesDispute } from './dispute-access.ts';
import { tiesToSides } from './transfer-in-hand.ts';

/**
 * Disputes of a network, newest first: all of them for who looks after them, for others those that they opened or mediate, and
 * those about accounts of theirs; treasurers stand for common property.
 *
 * @throws Forbidden
 */
export async function listDisputes(
  db: Db,
  standing: Standing,
  state: DisputeState | null,
  request: PageRequest,
): Promise<Page<Dispute>> {
  authorize(standing, 'dispute.read', { isOwn: true });
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Dispute,
    `where network_id = $1 and ($2::text is null or state = $2) and ($3::text is null or id < $3)
       and ($4 or $5 in (opened_by_membership_id, mediator_membership_id) or exists (
         select 1 from transfer t
           join account a on a.network_id = t.network_id and a.id in (t.payer_account_id, t.payee_account_id)
          where t.network_id = $1 and t.id = transfer_id
            and (${isTiedTo('array[$5::text]')} or $6 and a.holder_kind = 'NETWORK')))
      order by id desc limit $7`,
    [
      standing.network.id,
      state,
      before,
      may(standing, 'dispute.read').allowed,
      standing.membership?.id ?? null,
      may(standing, 'dispute.read', { isOpenToTreasurers: true }).allowed,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** A dispute that the viewer may know of, or null. */
export async function readableDispute(db: Db, standing: Standing, dispute: Dispute): Promise<Dispute | null> {
  const { networkId, transferId } = dispute;
  const transfer = await db.one(Transfer, { networkId, id: transferId });
  assert(transfer, 'a dispute has a transfer');
  return seesDispute(standing, dispute, await tiesToSides({ db }, standing, transfer)) ? dispute : null;
}
