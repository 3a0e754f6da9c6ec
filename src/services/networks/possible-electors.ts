import type { PossibleElector } from '../../governance/electorate.ts';
import type { Db } from '../../kernel/database.ts';

/**
 * The active members of a network, as far as that says whether they vote.
 *
 * @param groupIds of which groups it is told who belongs to them; to one that is archived nobody does
 */
export function possibleElectors(
  db: Db,
  networkId: string,
  groupIds: readonly string[],
): Promise<PossibleElector[]> {
  return db.rows<PossibleElector>(
    `select m.id as membership_id, m.state, m.member_class, m.admitted_at,
            array(select b.group_id::text from group_membership b
                    join member_group g on g.network_id = b.network_id and g.id = b.group_id
                   where b.network_id = m.network_id and b.membership_id = m.id and b.group_id = any($2)
                     and g.archived_at is null) as group_ids
       from membership m where m.network_id = $1 and m.state = 'ACTIVE'`,
    [networkId, groupIds],
  );
}
