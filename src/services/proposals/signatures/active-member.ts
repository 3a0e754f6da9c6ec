import { Membership } from '../../../entities/membership.ts';
import { NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { MembershipStateConflict } from '../../networks/errors.ts';

/**
 * An active member whom somebody names, held as they are until the transaction ends.
 *
 * @throws NotFound, MembershipStateConflict, InvalidInput INVALID_ID
 */
export async function holdActiveMember(
  tx: Tx,
  networkId: string,
  membershipId: string,
  path = 'membershipId',
): Promise<Membership> {
  const id = requireId('membership', membershipId, path);
  const [member] = await tx.db.all(Membership, { networkId, id }, 'for share');
  if (!member) throw new NotFound('Membership');
  if (member.state !== 'ACTIVE') throw new MembershipStateConflict(member.state);
  return member;
}
