import type { Tx } from '../../kernel/unit-of-work.ts';
import { LastCoordinator } from './errors.ts';

/**
 * A network must not be left without anybody who can admit members and give roles. Call with the network held
 * exclusively: two coordinators who go at the same instant take turns, so that the second is seen to be the last.
 *
 * @param going the member who goes, or the one assignment that ends
 * @throws LastCoordinator if a coordinator goes and none stays for at least as long a term
 */
export async function requireOtherCoordinator(
  tx: Tx,
  networkId: string,
  going: { membershipId?: string; assignmentId?: string },
): Promise<void> {
  const coordinators = await tx.db.rows<{ id: string; membershipId: string; endsAt: Date | null }>(
    `select r.id, r.membership_id, r.ends_at
       from role_assignment r
       join membership m on m.network_id = r.network_id and m.id = r.membership_id
      where r.network_id = $1 and r.role = 'COORDINATOR' and r.revoked_at is null and m.state = 'ACTIVE'
        and r.starts_at <= $2 and (r.ends_at is null or r.ends_at > $2)`,
    [networkId, tx.now],
  );
  const isGoing = (row: { id: string; membershipId: string }) =>
    row.id === going.assignmentId || row.membershipId === going.membershipId;
  const endOf = ({ endsAt }: { endsAt: Date | null }) => endsAt?.getTime() ?? Infinity;
  const lastEnd = Math.max(...coordinators.filter(isGoing).map(endOf));
  // Somebody must stay for as long: a term that is about to end does not replace one without end.
  const isReplaced = coordinators.some((row) => !isGoing(row) && endOf(row) >= lastEnd);
  if (lastEnd > -Infinity && !isReplaced) throw new LastCoordinator();
}
