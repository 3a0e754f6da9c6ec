import type { Db } from '../../kernel/database.ts';
import { allocate } from '../../kernel/money.ts';

/** A co-owner of a thing, with the account that receives and pays for it in one unit. */
export interface CoOwner {
  resourceId: string;
  membershipId: string;
  shareCount: number;
  /** Whether they are a member no more; their shares stay theirs until they are passed on. */
  hasLeft: boolean;
  /** The oldest account of theirs that is open in the unit; null if there is none, or they have left. */
  accountId: string | null;
}

/** Who owns things together, by thing and member; nobody of one that belongs to a member or the pool. */
export function coOwnersOf(
  db: Db,
  { networkId, unitId, resourceIds }: { networkId: string; unitId: string; resourceIds: readonly string[] },
): Promise<CoOwner[]> {
  return db.rows<CoOwner>(
    `select s.resource_id, s.membership_id, s.share_count, m.state = 'LEFT' as has_left,
            (select a.id from account a
              where a.network_id = $1 and a.membership_id = m.id and a.unit_id = $2 and a.state = 'OPEN'
                and m.state <> 'LEFT'
              order by a.id limit 1) as account_id
       from resource_share s
       join membership m on m.network_id = s.network_id and m.id = s.membership_id
      where s.network_id = $1 and s.resource_id = any($3)
      order by s.resource_id, s.membership_id`,
    [networkId, unitId, resourceIds],
  );
}

/** The accounts of co-owners, for who locks them before posting. */
export function accountIdsOf(owners: readonly CoOwner[]): string[] {
  return owners.flatMap(({ accountId }) => accountId ?? []);
}

/** Who bears or receives which part. */
export interface SharePart {
  owner: CoOwner;
  /** Minor units; zero where the share is too small. */
  partMinor: bigint;
}

/** Splits an amount over the owners of one thing, in their order. */
export function partsOf(owners: readonly CoOwner[], amountMinor: bigint): SharePart[] {
  if (owners.length === 0) return [];
  const weights = owners.map(({ shareCount }) => BigInt(shareCount));
  const parts = allocate(amountMinor, weights);
  return owners.map((owner, index) => ({ owner, partMinor: parts[index] ?? 0n }));
}
