import { MaintenancePlan } from '../../entities/maintenance-plan.ts';
import { MaintenanceRecord } from '../../entities/maintenance-record.ts';
import type { Resource } from '../../entities/resource.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import { pagesOf, type Lists } from '../../kernel/lists.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { boundedText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize } from '../access/may.ts';
import { ResourceConflict, ResourceKindMismatch } from './errors.ts';
import { poolSubject, resourceFor, type ResourceStanding } from './pool-access.ts';
import { recordOf } from './records.ts';

const MAX_PLANS = 20;
const MAX_DAYS = 3_660;
const MAX_USES = 100_000;

export interface SetMaintenancePlan {
  networkId: string;
  resourceId: string;
  /** The plan to change; a new one if absent. */
  planId?: string | null;
  name: string;
  everyDays?: number | null;
  everyUses?: number | null;
  /** When it was done last; for a new plan now if absent, and otherwise as it was. */
  lastDoneAt?: Date | null;
}

/**
 * Plans how often a thing is looked after: by time, by use, or by whichever comes first. Overdue, it is not handed out.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceNotActive, ResourceKindMismatch, ResourceConflict, InvalidInput
 * @emits MaintenancePlanSet
 */
export async function setMaintenancePlan(tx: Tx, command: SetMaintenancePlan): Promise<Resource> {
  const { resource } = await resourceToMaintain(tx, command);
  const { networkId, id: resourceId, useCount } = resource;
  if (resource.kind === 'STOCK') throw new ResourceKindMismatch();
  const rhythm = rhythmOf(command);
  const lastDoneAt = command.lastDoneAt ?? null;
  if (lastDoneAt && lastDoneAt > tx.now) {
    throw new InvalidInput('INVALID_RANGE', 'lastDoneAt', { max: tx.now.toISOString() });
  }
  const former = command.planId ? await planOf(tx, resource, command.planId) : null;
  if (former) {
    const set = { ...rhythm, ...(lastDoneAt && { lastDoneAt }) };
    await tx.db.update(MaintenancePlan, { networkId, id: former.id }, set);
  } else {
    const [plans = []] = await plansOf(tx.db, [resource]);
    if (plans.length >= MAX_PLANS) throw new ResourceConflict('TOO_MANY_PLANS');
  }
  const plan: MaintenancePlan = {
    networkId,
    id: former?.id ?? newId('maintenancePlan'),
    resourceId,
    ...rhythm,
    lastDoneAt: lastDoneAt ?? former?.lastDoneAt ?? tx.now,
    lastDoneUses: former?.lastDoneUses ?? useCount,
    createdAt: former?.createdAt ?? tx.now,
    endedAt: null,
  };
  if (!former) await tx.db.insert(MaintenancePlan, plan);
  tx.emit({ networkId, kind: 'MaintenancePlanSet', subjectId: resourceId, data: { planId: plan.id } });
  return resource;
}

function rhythmOf(command: SetMaintenancePlan): Pick<MaintenancePlan, 'name' | 'everyDays' | 'everyUses'> {
  const { everyDays = null, everyUses = null } = command;
  if (everyDays === null && everyUses === null) throw new InvalidInput('REQUIRED', 'everyDays');
  requireCount(everyDays, 'everyDays', MAX_DAYS);
  requireCount(everyUses, 'everyUses', MAX_USES);
  return { name: boundedText(command.name, 'name', { max: 120 }), everyDays, everyUses };
}

function requireCount(count: number | null, path: string, max: number): void {
  if (count !== null && (count < 1 || count > max))
    throw new InvalidInput('INVALID_RANGE', path, { min: 1, max });
}

export interface PlanCommand {
  networkId: string;
  resourceId: string;
  planId: string;
}

/**
 * Ends a plan: the thing is not overdue by it any more.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceNotActive, ResourceConflict PLAN_ENDED
 * @emits MaintenancePlanEnded
 */
export async function endMaintenancePlan(tx: Tx, command: PlanCommand): Promise<Resource> {
  const { resource } = await resourceToMaintain(tx, command);
  const { networkId, id } = await planOf(tx, resource, command.planId);
  await tx.db.update(MaintenancePlan, { networkId, id }, { endedAt: tx.now });
  tx.emit({ networkId, kind: 'MaintenancePlanEnded', subjectId: resource.id, data: { planId: id } });
  return resource;
}

export interface RecordMaintenance {
  networkId: string;
  resourceId: string;
  /** The plan that it fulfils, if any. */
  planId?: string | null;
  note: string;
}

/**
 * Writes down that a thing was looked after. A plan that it fulfils begins anew.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceNotActive, ResourceConflict PLAN_ENDED, InvalidInput
 * @emits MaintenanceRecorded
 */
export async function recordMaintenance(tx: Tx, command: RecordMaintenance): Promise<Resource> {
  const { resource, standing } = await resourceToMaintain(tx, command);
  const { networkId, id: resourceId, useCount } = resource;
  const plan = command.planId ? await planOf(tx, resource, command.planId) : null;
  const note = boundedText(command.note, 'note', { max: 1_000 });
  const byMembershipId = standing.membership?.id ?? null;
  const record: MaintenanceRecord = {
    networkId,
    id: newId('maintenanceRecord'),
    resourceId,
    planId: plan?.id ?? null,
    note,
    byMembershipId,
    doneAt: tx.now,
  };
  await tx.db.insert(MaintenanceRecord, record);
  if (plan) {
    const set = { lastDoneAt: tx.now, lastDoneUses: useCount };
    await tx.db.update(MaintenancePlan, { networkId, id: plan.id }, set);
  }
  await recordOf(tx, resource, { kind: 'MAINTENANCE', note, byMembershipId });
  const data = { planId: record.planId };
  tx.emit({ networkId, kind: 'MaintenanceRecorded', subjectId: resourceId, data });
  return resource;
}

/** The thing, locked with its plans: who hands it out holds it as well. */
async function resourceToMaintain(
  tx: Tx,
  command: { networkId: string; resourceId: string },
): Promise<ResourceStanding> {
  const found = await resourceFor(tx, command);
  authorize(found.standing, 'resource.manage', poolSubject(found));
  return found;
}

async function planOf(
  tx: Tx,
  { networkId, id: resourceId }: Resource,
  planId: string,
): Promise<MaintenancePlan> {
  const id = requireId('maintenancePlan', planId, 'planId');
  const plan = await tx.db.one(MaintenancePlan, { networkId, resourceId, id });
  if (!plan) throw new NotFound('MaintenancePlan');
  if (plan.endedAt) throw new ResourceConflict('PLAN_ENDED');
  return plan;
}

/** The plans that are in force for each of the things, oldest first. */
export async function plansOf(
  db: Db,
  resources: readonly Pick<Resource, 'networkId' | 'id'>[],
): Promise<MaintenancePlan[][]> {
  const rows = await db.select(
    MaintenancePlan,
    `where (network_id, resource_id) in (select * from unnest($1::text[], $2::text[])) and ended_at is null order by id`,
    [resources.map(({ networkId }) => networkId), resources.map(({ id }) => id)],
  );
  return resources.map(({ id }) => rows.filter(({ resourceId }) => resourceId === id));
}

const RECORDS: Lists<MaintenanceRecord> = {
  entity: MaintenanceRecord,
  table: 'maintenance_record',
  of: 'resource_id',
  by: 'id',
  isLatestFirst: true,
};

/** What was done to each of many things, newest first. */
export function maintenanceOf(
  db: Db,
  things: readonly Resource[],
  request: PageRequest,
): Promise<Page<MaintenanceRecord>[]> {
  return pagesOf(db, RECORDS, { owners: things, request });
}
