import { Membership } from '../../entities/membership.ts';
import { NotFound } from '../../kernel/errors.ts';
import { requireId } from '../../kernel/ids.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { MembershipStateConflict } from '../networks/errors.ts';

/**
 * A member who stays one until the transaction ends.
 *
 * @throws NotFound, MembershipStateConflict unless they are active, InvalidInput INVALID_ID
 */
export async function holdActiveMember(
  tx: Tx,
  networkId: string,
  membershipId: string,
  path: string,
): Promise<Membership> {
  const member = await holdMember(tx, networkId, membershipId, path);
  if (member.state !== 'ACTIVE') throw new MembershipStateConflict(member.state);
  return member;
}

/** The same in whatever state they are. */
export async function holdMember(
  tx: Tx,
  networkId: string,
  membershipId: string,
  path: string,
): Promise<Membership> {
  const id = requireId('membership', membershipId, path);
  const [member] = await tx.db.all(Membership, { networkId, id }, 'for share');
  if (!member) throw new NotFound('Membership');
  return member;
}
