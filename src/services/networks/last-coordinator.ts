import type { Tx } from '../../kernel/unit-of-work.ts';
import { LastCoordinator } from './errors.ts';

/**
 * A network must not be left without anybody who can admit members and give roles. Call with the network held
 * exclusively: two coordinators who go at the same instant take turns, so that the second is seen to be the last.
 *
 * @param going the member who goes, or the one assignment that ends
 * @throws LastCoordinator if there is a coordinator now and would be none
 */
export async function requireOtherCoordinator(
  tx: Tx,
  networkId: string,
  going: { membershipId?: string; assignmentId?: string },
): Promise<void> {
  const coordinators = await tx.db.rows<{ id: string; membershipId: string }>(
    `select r.id, r.membership_id
       from role_assignment r
       join membership m on m.network_id = r.network_id and m.id = r.membership_id
      where r.network_id = $1 and r.role = 'COORDINATOR' and r.revoked_at is null and m.state = 'ACTIVE'
        and r.starts_at <= $2 and (r.ends_at is null or r.ends_at > $2)`,
    [networkId, tx.now],
  );
  const staying = coordinators.filter(
    ({ id, membershipId }) => id !== going.assignmentId && membershipId !== going.membershipId,
  );
  if (coordinators.length > 0 && staying.length === 0) throw new LastCoordinator();
}
