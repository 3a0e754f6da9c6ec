import type { Db } from '../../../kernel/database.ts';

/**
 * How many votes each elector has, in the order of ids.
 *
 * It is read by itself and put beside what was cast by the caller: a database that has not counted its rows yet takes both for a
 * handful, and would go through all electors for each ballot.
 */
export async function weightsOf(
  db: Db,
  { networkId, id }: { networkId: string; id: string },
): Promise<Map<string, bigint>> {
  const electors = await db.rows<{ membershipId: string; weight: bigint }>(
    'select membership_id, weight from elector where network_id = $1 and proposal_id = $2 order by membership_id',
    [networkId, id],
  );
  return new Map(electors.map(({ membershipId, weight }) => [membershipId, weight]));
}
