import type { Pool } from '../../entities/pool.ts';
import { ResourceRate } from '../../entities/resource-rate.ts';
import { Resource, type ResourceKind } from '../../entities/resource.ts';
import type { Unit } from '../../entities/unit.ts';
import type { Db } from '../../kernel/database.ts';
import { Forbidden, InvalidInput } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { boundedText, optionalText } from '../../kernel/text.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorize, may } from '../access/may.ts';
import { unitOf } from '../ledger/unit-of.ts';
import { LentOnlyUntil, PoolConflict, ResourceConflict, ResourceKindMismatch } from './errors.ts';
import {
  anyResourceFor,
  poolFor,
  poolSubject,
  type PoolStanding,
  type ResourceStanding,
} from './pool-access.ts';
import { recordOf } from './records.ts';
import { parseRates, parseResource, QUANTITY_BOUNDS, type ResourceGiven } from './resource-input.ts';

/** What a new thing is, in whatever way it comes into a pool. */
export interface NewResource extends ResourceGiven {
  kind: ResourceKind;
  name: string;
  /** How many pieces there are; one if absent. None of it for a stock. */
  quantity?: number | null;
  /** What a stock is counted in. */
  stock?: { unit: string; decimals: number } | null;
}

export interface AddResource extends NewResource {
  networkId: string;
  poolId: string;
  /** If it is the own thing of who adds it: lent until then, or without an end. */
  loan?: { until?: Date | null } | null;
}

/**
 * Adds a thing of the community’s to a pool, or lends one of one’s own. What is lent by who does not look after the pool is
 * offered only: a steward accepts it.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, PoolConflict, ResourceKindMismatch, InvalidInput
 * @emits ResourceAdded, or ResourceOffered
 */
export async function addResource(tx: Tx, command: AddResource): Promise<Resource> {
  const found = await poolFor(tx, command);
  const { standing, pool } = found;
  if (!command.loan) {
    authorize(standing, 'resource.manage', poolSubject(found));
    return createResource(tx, found, { given: command });
  }
  authorize(standing, 'resource.offer');
  const { membership } = standing;
  // The server has nothing to lend.
  if (!membership) throw new Forbidden('NOT_A_MEMBER');
  const isOffer = !may(standing, 'resource.manage', poolSubject(found)).allowed;
  if (isOffer && !pool.takesOffers) throw new PoolConflict('TAKES_NO_OFFERS');
  const lentUntil = command.loan.until ?? null;
  if (lentUntil && lentUntil <= tx.now) throw new InvalidInput('INVALID_RANGE', 'loan.until');
  return createResource(tx, found, {
    given: command,
    facts: {
      state: isOffer ? 'OFFERED' : 'ACTIVE',
      ownerKind: 'MEMBER',
      ownerMembershipId: membership.id,
      custodianMembershipId: membership.id,
      lentUntil,
    },
  });
}

/** Writes a new thing down, whoever may have decided on it. */
export async function createResource(
  tx: Tx,
  { standing, pool }: PoolStanding,
  { given, facts = {} }: { given: NewResource; facts?: Partial<Resource> },
): Promise<Resource> {
  const { networkId } = pool;
  const pieces = piecesOf(given);
  const units = {
    network: standing.network,
    unit: await poolUnit(tx.db, pool),
    stockScale: pieces.stockScale,
  };
  const resource: Resource = {
    networkId,
    id: newId('resource'),
    poolId: pool.id,
    kind: given.kind,
    ...NOTHING_SAID,
    ...pieces,
    ...(parseResource(given, units) as Pick<Resource, 'name'>),
    addedByMembershipId: standing.membership?.id ?? null,
    addedAt: tx.now,
    ...facts,
  };
  const rates = parseRates(given.rates ?? [], units);
  await tx.db.insert(Resource, resource);
  await insertRates(tx, resource, rates);
  if (resource.state === 'ACTIVE') {
    await recordOf(tx, resource, { kind: 'ADDED', note: '', byMembershipId: resource.addedByMembershipId });
  }
  const kind = resource.state === 'ACTIVE' ? 'ResourceAdded' : 'ResourceOffered';
  tx.emit({ networkId, kind, subjectId: resource.id, data: { poolId: pool.id } });
  return resource;
}

const NOTHING_SAID = {
  description: '',
  instructions: '',
  state: 'ACTIVE',
  condition: 'GOOD',
  placeName: null,
  latitude: null,
  longitude: null,
  valueMinor: null,
  ownerKind: 'POOL',
  ownerMembershipId: null,
  lentUntil: null,
  shareCount: null,
  custodianMembershipId: null,
  needsApproval: null,
  leadMinutes: null,
  longestMinutes: null,
  bufferBeforeMinutes: null,
  bufferAfterMinutes: null,
  opening: null,
  openingScope: 'HANDOVER',
  feePer: null,
  feeMinor: 0n,
  depositMinor: 0n,
  lateFeePer: null,
  lateFeeMinor: 0n,
  useCount: 0,
  quotaMinor: null,
  quotaPer: null,
  quotaPeriod: null,
  retiredAt: null,
} as const;

type Pieces = Pick<Resource, 'quantity' | 'stockUnit' | 'stockScale' | 'stockMinor' | 'stockCount'>;

const MAX_STOCK_DECIMALS = 6;

/** How many pieces there are, or what a stock is counted in, of which nothing is there yet. */
function piecesOf({ kind, quantity, stock }: NewResource): Pieces {
  if (kind !== 'STOCK') {
    if (stock) throw new ResourceKindMismatch('stock');
    const none = { stockUnit: null, stockScale: null, stockMinor: null, stockCount: null };
    return { quantity: requireQuantity(quantity ?? 1), ...none };
  }
  if (quantity !== null && quantity !== undefined) throw new ResourceKindMismatch('quantity');
  if (!stock) throw new InvalidInput('REQUIRED', 'stock');
  const { unit, decimals } = stock;
  if (decimals < 0 || decimals > MAX_STOCK_DECIMALS) {
    throw new InvalidInput('INVALID_RANGE', 'stock.decimals', { min: 0, max: MAX_STOCK_DECIMALS });
  }
  const stockUnit = boundedText(unit, 'stock.unit', { max: 20 });
  return { quantity: null, stockUnit, stockScale: decimals, stockMinor: 0n, stockCount: 0n };
}

/** @throws InvalidInput INVALID_RANGE */
export function requireQuantity(quantity: number): number {
  const { min, max } = QUANTITY_BOUNDS;
  if (quantity < min || quantity > max) throw new InvalidInput('INVALID_RANGE', 'quantity', { min, max });
  return quantity;
}

/** The unit in which a pool counts fees and deposits; null if it takes none. */
export async function poolUnit(db: Db, { networkId, unitId }: Pool): Promise<Unit | null> {
  return unitId === null ? null : unitOf(db, { networkId, unitId });
}

/** Writes down what members of some classes pay, in place of what was. */
export async function replaceRates(
  tx: Tx,
  resource: Resource,
  rates: ReadonlyMap<string, bigint>,
): Promise<void> {
  await tx.db.delete(ResourceRate, { networkId: resource.networkId, resourceId: resource.id });
  await insertRates(tx, resource, rates);
}

async function insertRates(
  tx: Tx,
  { networkId, id: resourceId }: Resource,
  rates: ReadonlyMap<string, bigint>,
): Promise<void> {
  if (rates.size === 0) return;
  const rows = [...rates].map(([memberClass, feeMinor]) => ({
    networkId,
    resourceId,
    memberClass,
    feeMinor,
  }));
  await tx.db.insert(ResourceRate, rows);
}

export interface ResourceAnswer {
  networkId: string;
  resourceId: string;
  reason?: string | null;
}

/**
 * Takes a thing that a member offers into the pool.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceConflict NOT_OFFERED, LentOnlyUntil
 * @emits ResourceAccepted
 */
export async function acceptResource(tx: Tx, command: ResourceAnswer): Promise<Resource> {
  const { standing, resource } = await offeredResource(tx, command);
  const { networkId, id, lentUntil } = resource;
  if (lentUntil && lentUntil <= tx.now) throw new LentOnlyUntil(lentUntil);
  await tx.db.update(Resource, { networkId, id }, { state: 'ACTIVE' });
  const accepted: Resource = { ...resource, state: 'ACTIVE' };
  const byMembershipId = standing.membership?.id ?? null;
  await recordOf(tx, accepted, { kind: 'ADDED', note: '', byMembershipId });
  tx.emit({ networkId, kind: 'ResourceAccepted', subjectId: id, data: { poolId: resource.poolId } });
  return accepted;
}

/**
 * Declines a thing that a member offers. It stays with its owner.
 *
 * @throws Forbidden, NetworkArchived, NotFound, PoolArchived, ResourceConflict NOT_OFFERED, InvalidInput
 * @emits ResourceDeclined
 */
export async function declineResource(tx: Tx, command: ResourceAnswer): Promise<Resource> {
  const { standing, resource } = await offeredResource(tx, command);
  const { networkId, id, poolId } = resource;
  const note = optionalText(command.reason, 'reason', { max: 1_000 }) ?? '';
  const set = { state: 'RETIRED', retiredAt: tx.now } as const;
  await tx.db.update(Resource, { networkId, id }, set);
  const declined: Resource = { ...resource, ...set };
  const byMembershipId = standing.membership?.id ?? null;
  await recordOf(tx, declined, { kind: 'RETIRED', note, byMembershipId });
  tx.emit({ networkId, kind: 'ResourceDeclined', subjectId: id, data: { poolId } });
  return declined;
}

async function offeredResource(tx: Tx, command: ResourceAnswer): Promise<ResourceStanding> {
  const found = await anyResourceFor(tx, command);
  authorize(found.standing, 'resource.manage', poolSubject(found));
  if (found.resource.state !== 'OFFERED') throw new ResourceConflict('NOT_OFFERED');
  return found;
}
