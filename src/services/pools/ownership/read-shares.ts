import { Account } from '../../../entities/account.ts';
import { ResourceShare } from '../../../entities/resource-share.ts';
import type { Resource } from '../../../entities/resource.ts';
import { ShareMove } from '../../../entities/share-move.ts';
import { ShareOffer } from '../../../entities/share-offer.ts';
import type { Unit } from '../../../entities/unit.ts';
import type { Db } from '../../../kernel/database.ts';
import { NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { pagesOf, type Lists } from '../../../kernel/lists.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import { positiveAmount } from '../../ledger/transfers.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { coOwnersOf, partsOf } from '../co-owners.ts';
import { bearsPart } from './split-cost.ts';

interface Key {
  networkId: string;
  id: string;
}

const OF_THINGS: Lists<ResourceShare> = {
  entity: ResourceShare,
  table: 'resource_share',
  of: 'resource_id',
  by: 'membership_id',
};
const OF_MEMBERS: Lists<ResourceShare> = { ...OF_THINGS, of: 'membership_id', by: 'resource_id' };
const MOVES: Lists<ShareMove> = {
  entity: ShareMove,
  table: 'share_move',
  of: 'resource_id',
  by: 'id',
  isLatestFirst: true,
};

/** Who owns each of many things together, by membership. */
export function sharesOfThings(
  db: Db,
  things: readonly Key[],
  request: PageRequest,
): Promise<Page<ResourceShare>[]> {
  return pagesOf(db, OF_THINGS, { owners: things, request });
}

/** What each of many members owns together with others, by thing. */
export function sharesOfMembers(
  db: Db,
  members: readonly Key[],
  request: PageRequest,
): Promise<Page<ResourceShare>[]> {
  return pagesOf(db, OF_MEMBERS, { owners: members, request });
}

/** How the shares of each of many things came to those who have them, newest first. */
export function shareMovesOf(
  db: Db,
  things: readonly Key[],
  request: PageRequest,
): Promise<Page<ShareMove>[]> {
  return pagesOf(db, MOVES, { owners: things, request });
}

/** Offers of shares that wait, by a member or to them, newest first. */
export async function listOpenOffers(
  db: Db,
  { networkId, id }: Key,
  request: PageRequest,
): Promise<Page<ShareOffer>> {
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    ShareOffer,
    `where network_id = $1 and $2 in (from_membership_id, to_membership_id) and state = 'OPEN'
        and ($3::text is null or id < $3)
      order by id desc limit $4`,
    [networkId, id, before, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** What a co-owner would pay of a cost. */
export interface CostPart {
  networkId: string;
  membershipId: string;
  shareCount: number;
  unit: Unit;
  partMinor: bigint;
  /** False for the part of who has paid the cost, or has left the network: nobody pays it. */
  isPaid: boolean;
}

/**
 * How a cost would be split over the co-owners of a thing.
 *
 * @throws NotFound, InvalidInput
 */
export async function previewSplit(
  db: Db,
  { networkId, id }: Resource,
  { amount, payeeAccountId }: { amount: string; payeeAccountId: string },
  request: PageRequest,
): Promise<Page<CostPart>> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const match = { networkId, id: requireId('account', payeeAccountId, 'payeeAccountId') };
  const payee = await db.one(Account, match);
  if (!payee) throw new NotFound('Account');
  const unit = await unitOf(db, payee);
  const owners = await coOwnersOf(db, { networkId, unitId: unit.id, resourceIds: [id] });
  const parts = partsOf(owners, positiveAmount(amount, unit, 'amount')).map((part): CostPart => {
    const { membershipId, shareCount } = part.owner;
    const isPaid = bearsPart(part, payee);
    return { networkId, membershipId, shareCount, unit, partMinor: part.partMinor, isPaid };
  });
  const behind = parts.filter(({ membershipId }) => after === null || membershipId > (after ?? ''));
  return pageOf(behind, request, (part) => [part.membershipId]);
}
