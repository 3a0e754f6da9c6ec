import { Resource } from '../../../entities/resource.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { heldStandingIn } from '../../access/standing.ts';
import { holdActiveMember } from '../held-members.ts';
import { poolSubject, resourceFor } from '../pool-access.ts';
import { recordOf } from '../records.ts';

export interface MoveCustody {
  networkId: string;
  resourceId: string;
  /** Who keeps it from now on; the pool has it back if absent. */
  membershipId?: string | null;
  note?: string | null;
}

/**
 * Writes down who has a thing now, whosever it is: a steward. Nothing changes if that member has it already.
 *
 * @throws Forbidden, NotFound, PoolArchived, ResourceNotActive, MembershipStateConflict, InvalidInput
 * @emits CustodyMoved
 */
export async function moveCustody(tx: Tx, command: MoveCustody): Promise<Resource> {
  const membershipId = command.membershipId ?? null;
  authorize(await heldStandingIn(tx, command.networkId), 'pool.read');
  if (membershipId !== null) await holdActiveMember(tx, command.networkId, membershipId, 'membershipId');
  const found = await resourceFor(tx, command);
  authorize(found.standing, 'resource.manage', poolSubject(found));
  const { resource, standing } = found;
  const note = optionalText(command.note, 'note', { max: 500 }) ?? '';
  if (resource.custodianMembershipId === membershipId) return resource;
  const { networkId, id } = resource;
  await tx.db.update(Resource, { networkId, id }, { custodianMembershipId: membershipId });
  const moved = { ...resource, custodianMembershipId: membershipId };
  await recordOf(tx, moved, { kind: 'CUSTODY', note, byMembershipId: standing.membership?.id ?? null });
  tx.emit({ networkId, kind: 'CustodyMoved', subjectId: id, data: { membershipId } });
  return moved;
}
