import { Account } from '../../../entities/account.ts';
import { ResourceShare } from '../../../entities/resource-share.ts';
import type { Resource } from '../../../entities/resource.ts';
import { ShareMove } from '../../../entities/share-move.ts';
import { ShareOffer } from '../../../entities/share-offer.ts';
import type { Unit } from '../../../entities/unit.ts';
import type { Db } from '../../../kernel/database.ts';
import { NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import { positiveAmount } from '../../ledger/transfers.ts';
import { unitOf } from '../../ledger/unit-of.ts';
import { coOwnersOf, partsOf } from '../co-owners.ts';
import { bearsPart } from './split-cost.ts';

/** Who owns a thing together, by membership. */
export async function listShares(
  db: Db,
  { networkId, id }: Pick<Resource, 'networkId' | 'id'>,
  request: PageRequest,
): Promise<Page<ResourceShare>> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    ResourceShare,
    `where network_id = $1 and resource_id = $2 and ($3::text is null or membership_id > $3)
      order by membership_id limit $4`,
    [networkId, id, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.membershipId]);
}

/** What a member owns together with others, by thing. */
export async function listSharesOf(
  db: Db,
  { networkId, id }: { networkId: string; id: string },
  request: PageRequest,
): Promise<Page<ResourceShare>> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    ResourceShare,
    `where network_id = $1 and membership_id = $2 and ($3::text is null or resource_id > $3)
      order by resource_id limit $4`,
    [networkId, id, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.resourceId]);
}

/** How the shares of a thing came to those who have them, newest first. */
export async function listShareMoves(
  db: Db,
  { networkId, id }: Pick<Resource, 'networkId' | 'id'>,
  request: PageRequest,
): Promise<Page<ShareMove>> {
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    ShareMove,
    `where network_id = $1 and resource_id = $2 and ($3::text is null or id < $3) order by id desc limit $4`,
    [networkId, id, before, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** Offers of shares that wait, by a member or to them, newest first. */
export async function listOpenOffers(
  db: Db,
  { networkId, id }: { networkId: string; id: string },
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
