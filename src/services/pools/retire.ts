import { Resource } from '../../entities/resource.ts';
import { optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { authorize } from '../access/may.ts';
import { holdNetwork } from '../access/standing.ts';
import { ResourceConflict, ResourceNotActive } from './errors.ts';
import { anyResourceFor, poolSubject } from './pool-access.ts';
import { recordOf } from './records.ts';
import { ownsIt } from './update-resource.ts';

export interface RetireResource {
  networkId: string;
  resourceId: string;
  reason?: string | null;
}

/**
 * Takes a thing out of its pool for good. What is booked of it is cancelled free of charge by those who hear of the fact, in
 * the same transaction. Who offers a thing may take the offer back.
 *
 * @throws Forbidden, DecisionRequired, NetworkArchived, NotFound, PoolArchived, ResourceNotActive, ResourceConflict IS_OUT, InvalidInput
 * @emits ResourceRetired
 */
export async function retireResource(tx: Tx, command: RetireResource): Promise<Resource> {
  // The bylaws say who decides: they stay as they are meanwhile.
  await holdNetwork(tx, command.networkId, 'shared');
  const found = await anyResourceFor(tx, command);
  const { resource, standing } = found;
  if (resource.state === 'OFFERED' && ownsIt(found)) {
    authorize(standing, 'resource.own', { isOwn: true });
  } else {
    const deciding = { kind: 'resourceRetire', amount: null } as const;
    authorizeDecision(standing, 'resource.manage', deciding, poolSubject(found));
  }
  if (resource.state === 'RETIRED') throw new ResourceNotActive(resource.state);
  if (await isOut(tx, resource)) throw new ResourceConflict('IS_OUT');
  const note = optionalText(command.reason, 'reason', { max: 1_000 }) ?? '';
  const set = { state: 'RETIRED', retiredAt: tx.now } as const;
  const { networkId, id, poolId } = resource;
  await tx.db.update(Resource, { networkId, id }, set);
  const retired: Resource = { ...resource, ...set };
  await recordOf(tx, retired, { kind: 'RETIRED', note, byMembershipId: standing.membership?.id ?? null });
  tx.emit({ networkId, kind: 'ResourceRetired', subjectId: id, data: { poolId } });
  return retired;
}

/** Whether somebody has a piece of it now. */
async function isOut(tx: Tx, { networkId, id }: Resource): Promise<boolean> {
  const out = await tx.db.rows(
    `select 1 from booking_item item
       join booking on booking.network_id = item.network_id and booking.id = item.booking_id
      where item.network_id = $1 and item.resource_id = $2 and item.is_taken and booking.state = 'CHECKED_OUT'
      limit 1`,
    [networkId, id],
  );
  return out.length > 0;
}
