import { Resource } from '../../entities/resource.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import { optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, may, type Verdict } from '../access/may.ts';
import { ResourceNotActive } from './errors.ts';
import { anyResourceFor, poolSubject, type ResourceStanding } from './pool-access.ts';
import { recordOf } from './records.ts';
import { parseRates, parseResource, type ResourceGiven } from './resource-input.ts';
import { poolUnit, replaceRates, requireQuantity } from './resources.ts';
import { definedOf } from './rules-input.ts';
import { setQuantity } from './set-quantity.ts';

export interface UpdateResource extends ResourceGiven {
  networkId: string;
  resourceId: string;
  quantity?: number;
  /** What was seen of its condition. */
  conditionNote?: string | null;
}

// Who lends a thing says what it is; how it is shared is for those who look after the pool.
const OF_OWNER = ['name', 'description', 'instructions', 'place', 'condition', 'conditionNote'];

/**
 * Changes a thing that is in use or offered. What has been asked for and booked keeps its price and its times.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, PoolConflict NO_UNIT, ResourceNotActive, ResourceConflict IS_TAKEN,
 *   ResourceKindMismatch, InvalidInput
 * @emits ResourceUpdated
 */
export async function updateResource(tx: Tx, command: UpdateResource): Promise<Resource> {
  const { networkId, resourceId, ...given } = command;
  const found = await anyResourceFor(tx, { networkId, resourceId });
  const { resource, pool, standing } = found;
  const change = definedOf(given);
  const fields = Object.keys(change);
  const isWording = fields.every((field) => OF_OWNER.includes(field));
  if (isWording && ownsIt(found)) authorize(standing, 'resource.own', { isOwn: true });
  else authorize(standing, 'resource.manage', poolSubject(found));
  if (resource.state === 'RETIRED') throw new ResourceNotActive(resource.state);
  if (fields.length === 0) return resource;
  const unit = await poolUnit(tx.db, pool);
  const changed = await write(tx, found, change, parseResource(change, { ...standing, unit, ...resource }));
  if (change.rates) {
    await replaceRates(tx, changed, parseRates(change.rates, { ...standing, unit, ...resource }));
  }
  await recordCondition(tx, changed, { change, standing });
  const data = { poolId: pool.id, fields: fields.join(',') };
  tx.emit({ networkId: resource.networkId, kind: 'ResourceUpdated', subjectId: resource.id, data });
  return changed;
}

type Change = Partial<Omit<UpdateResource, 'networkId' | 'resourceId'>>;

async function write(
  tx: Tx,
  { resource }: ResourceStanding,
  { quantity }: Change,
  set: Partial<Resource>,
): Promise<Resource> {
  const { networkId, id } = resource;
  if (Object.keys(set).length > 0) await tx.db.update(Resource, { networkId, id }, set);
  if (quantity === undefined) return { ...resource, ...set };
  await setQuantity(tx, resource, requireQuantity(quantity));
  return { ...resource, ...set, quantity };
}

/** Writes down what was seen of the condition, if it was said. */
async function recordCondition(
  tx: Tx,
  resource: Resource,
  { change, standing }: Pick<ResourceStanding, 'standing'> & { change: Change },
): Promise<void> {
  const note = optionalText(change.conditionNote, 'conditionNote', { max: 1_000 });
  if (change.condition === undefined) {
    if (note !== null) throw new InvalidInput('REQUIRED', 'condition');
    return;
  }
  const byMembershipId = standing.membership?.id ?? null;
  await recordOf(tx, resource, { kind: 'CONDITION', note: note ?? '', byMembershipId });
}

/** Whether a thing is the own one of who acts, or of the member for whom they act. */
export function ownsIt({ standing, resource }: Pick<ResourceStanding, 'standing' | 'resource'>): boolean {
  const { ownerMembershipId } = resource;
  return ownerMembershipId !== null && ownerMembershipId === standing.membership?.id;
}

/** Whether somebody may say what a thing is, and in which condition. */
export function mayDescribe(found: Omit<ResourceStanding, 'pool'>): Verdict {
  const { standing } = found;
  if (ownsIt(found)) return may(standing, 'resource.own', { isOwn: true });
  return may(standing, 'resource.manage', poolSubject(found));
}
