import { Resource, type Condition } from '../../entities/resource.ts';
import { optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { useFile } from '../content/use-file.ts';
import { poolSubject, resourceFor, type ResourceStanding } from './pool-access.ts';
import { recordOf } from './records.ts';
import { ownsIt } from './update-resource.ts';

export interface ReportCondition {
  networkId: string;
  resourceId: string;
  condition: Condition;
  note?: string | null;
  /** A picture that shows it, which the member has uploaded and not used. */
  fileId?: string | null;
}

/**
 * Writes down in which condition somebody has seen a thing, for good: who has it, its owner, or who looks after the pool.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceNotActive, FileInUse, FileTypeNotAccepted, InvalidInput
 * @emits ResourceConditionReported
 */
export async function reportCondition(tx: Tx, command: ReportCondition): Promise<Resource> {
  const found = await resourceFor(tx, command);
  const { resource, standing } = found;
  if (ownsIt(found) || (await hasIt(tx, found))) authorize(standing, 'resource.own', { isOwn: true });
  else authorize(standing, 'resource.manage', poolSubject(found));
  const note = optionalText(command.note, 'note', { max: 1_000 }) ?? '';
  const { condition } = command;
  const { networkId, id } = resource;
  const picture = command.fileId
    ? await useFile(tx, standing, { fileId: command.fileId, isPicture: true })
    : null;
  await tx.db.update(Resource, { networkId, id }, { condition });
  const reported: Resource = { ...resource, condition };
  await recordOf(tx, reported, {
    kind: 'CONDITION',
    note,
    byMembershipId: standing.membership?.id ?? null,
    ...(picture && { fileId: picture.id }),
  });
  tx.emit({ networkId, kind: 'ResourceConditionReported', subjectId: id, data: { condition } });
  return reported;
}

/** Whether the standing's member keeps a thing, or has taken a piece of it out. */
async function hasIt(tx: Tx, { standing, resource }: ResourceStanding): Promise<boolean> {
  const membershipId = standing.membership?.id;
  if (!membershipId) return false;
  if (resource.custodianMembershipId === membershipId) return true;
  const out = await tx.db.rows(
    `select 1 from booking_item item
       join booking on booking.network_id = item.network_id and booking.id = item.booking_id
      where item.network_id = $1 and item.resource_id = $2 and item.is_taken
        and booking.state = 'CHECKED_OUT' and booking.membership_id = $3
      limit 1`,
    [resource.networkId, resource.id, membershipId],
  );
  return out.length > 0;
}
