import { Booking } from '../../../entities/booking.ts';
import { KitItem } from '../../../entities/kit-item.ts';
import { Kit } from '../../../entities/kit.ts';
import type { Membership } from '../../../entities/membership.ts';
import { ResourceRate } from '../../../entities/resource-rate.ts';
import type { Resource } from '../../../entities/resource.ts';
import { InvalidInput, NotFound } from '../../../kernel/errors.ts';
import { requireId } from '../../../kernel/ids.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { standingIn } from '../../access/standing.ts';
import { MembershipStateConflict } from '../../networks/errors.ts';
import { lockMembership } from '../../networks/memberships.ts';
import { ResourceKindMismatch, ResourceNotActive } from '../errors.ts';
import { poolFor, poolSubject, type PoolStanding } from '../pool-access.ts';
import { overdueForMaintenance } from './capacity.ts';
import { KitEnded, UnpaidBookings } from './errors.ts';
import { lockResources } from './in-hand.ts';

export const PURPOSE_BOUNDS = { max: 500 };
const MAX_ITEMS = 50;
const MAX_QUANTITY = 100_000;

/** Pieces of a thing that are booked together with others. */
export interface WishedItem {
  resourceId: string;
  quantity: number;
}

/** All that asking for a booking says beside its time. */
export interface AskForThings {
  networkId: string;
  poolId: string;
  /** Who has the things; the actor, or the member for whom they act, if absent. */
  membershipId?: string | null;
  items?: readonly WishedItem[] | null;
  kitId?: string | null;
  purpose?: string | null;
  /** Needed if the things cost something. */
  payerAccountId?: string | null;
  /** Whether it waits while something is taken, in place of being refused. */
  waits?: boolean | null;
}

/** Where bookings are asked for: who asks for whom, and the things, all locked. */
export interface Desk extends PoolStanding {
  booker: Membership;
  kitId: string | null;
  /** In the order of the ids of their things. */
  wishes: readonly WishedItem[];
  things: ReadonlyMap<string, Resource>;
  /** What members of the booker's class pay for a thing, by its id, where that is not the fee for all. */
  classFees: ReadonlyMap<string, bigint>;
  /** The things that must be looked after first. */
  overdue: ReadonlySet<string>;
  purpose: string;
  payerAccountId: string | null;
  waits: boolean;
}

/**
 * Comes to ask for things: for oneself, or as a steward for another member. The booker's bookings take turns.
 *
 * @throws Forbidden, NotFound, PoolArchived, MembershipStateConflict, UnpaidBookings, KitEnded, ResourceNotActive,
 *   ResourceKindMismatch, InvalidInput
 */
export async function deskFor(tx: Tx, command: AskForThings): Promise<Desk> {
  const booker = await bookerFor(tx, command);
  const poolStanding = await poolFor(tx, command);
  const { standing, pool } = poolStanding;
  authorize(standing, 'booking.request');
  if (booker.id !== standing.membership?.id) authorize(standing, 'booking.decide', poolSubject(poolStanding));
  if (booker.state !== 'ACTIVE') throw new MembershipStateConflict(booker.state);
  await requireNoDebts(tx, { networkId: pool.networkId, poolId: pool.id, membershipId: booker.id });
  const { wishes, pathOf } = await wishesOf(tx, pool, command);
  const ids = wishes.map(({ resourceId }) => resourceId);
  const things = await lockResources(tx, pool.networkId, ids);
  for (const { resourceId } of wishes) requireBookable(things.get(resourceId), pool.id, pathOf(resourceId));
  return {
    ...poolStanding,
    booker,
    kitId: command.kitId ?? null,
    wishes,
    things,
    classFees: await classFeesOf(tx, booker, ids),
    overdue: await overdueForMaintenance(tx.db, [...things.values()], tx.now),
    purpose: optionalText(command.purpose, 'purpose', PURPOSE_BOUNDS) ?? '',
    payerAccountId: command.payerAccountId
      ? requireId('account', command.payerAccountId, 'payerAccountId')
      : null,
    waits: command.waits ?? false,
  };
}

// Before the pool: memberships are locked before pools everywhere.
async function bookerFor(tx: Tx, { networkId, membershipId }: AskForThings): Promise<Membership> {
  const standing = await standingIn(tx, networkId);
  authorize(standing, 'booking.request');
  const id = membershipId ?? standing.membership?.id;
  if (!id) throw new InvalidInput('REQUIRED', 'membershipId');
  return lockMembership(tx, standing.network.id, id);
}

async function requireNoDebts(
  tx: Tx,
  match: { networkId: string; poolId: string; membershipId: string },
): Promise<void> {
  const unpaid = await tx.db.select(
    Booking,
    'where network_id = $1 and pool_id = $2 and membership_id = $3 and unpaid_minor > 0 order by id',
    [match.networkId, match.poolId, match.membershipId],
  );
  if (unpaid.length > 0) throw new UnpaidBookings(unpaid.map(({ id }) => id));
}

interface Wishes {
  wishes: WishedItem[];
  /** The input field that names a thing. */
  pathOf: (resourceId: string) => string;
}

async function wishesOf(
  tx: Tx,
  { networkId, id: poolId }: { networkId: string; id: string },
  { items, kitId }: AskForThings,
): Promise<Wishes> {
  if (kitId && items?.length) throw new InvalidInput('INVALID_CHOICE', 'kitId');
  if (kitId) {
    const id = requireId('kit', kitId, 'kitId');
    const kit = await tx.db.one(Kit, { networkId, id });
    if (!kit) throw new NotFound('Kit');
    if (kit.poolId !== poolId) throw new InvalidInput('INVALID_CHOICE', 'kitId');
    if (kit.endedAt) throw new KitEnded();
    const wishes = await tx.db.all(KitItem, { networkId, kitId: id }, 'order by resource_id');
    return { wishes, pathOf: () => 'kitId' };
  }
  const wishes = wishesFrom(items ?? []);
  const places = new Map((items ?? []).map(({ resourceId }, index) => [resourceId, index]));
  return { wishes, pathOf: (resourceId) => `items.${places.get(resourceId)}.resourceId` };
}

/**
 * Things and how many of each, in the order of the ids of the things.
 *
 * @throws InvalidInput if there are none or too many, one stands there twice, or a quantity is out of range
 */
export function wishesFrom(items: readonly WishedItem[]): WishedItem[] {
  if (items.length === 0) throw new InvalidInput('REQUIRED', 'items');
  if (items.length > MAX_ITEMS) throw new InvalidInput('INVALID_RANGE', 'items', { max: MAX_ITEMS });
  const seen = new Set<string>();
  for (const [index, { resourceId, quantity }] of items.entries()) {
    requireId('resource', resourceId, `items.${index}.resourceId`);
    if (seen.has(resourceId)) throw new InvalidInput('INVALID_CHOICE', `items.${index}.resourceId`);
    seen.add(resourceId);
    if (quantity < 1 || quantity > MAX_QUANTITY) {
      throw new InvalidInput('INVALID_RANGE', `items.${index}.quantity`, { min: 1, max: MAX_QUANTITY });
    }
  }
  return items
    .map(({ resourceId, quantity }) => ({ resourceId, quantity }))
    .toSorted((a, b) => (a.resourceId < b.resourceId ? -1 : 1));
}

/** @throws NotFound, InvalidInput INVALID_CHOICE for a thing of another pool, ResourceNotActive, ResourceKindMismatch */
export function requireBookable(
  resource: Resource | undefined,
  poolId: string,
  path: string,
): asserts resource is Resource {
  if (!resource) throw new NotFound('Resource');
  if (resource.poolId !== poolId) throw new InvalidInput('INVALID_CHOICE', path);
  if (resource.kind === 'STOCK') throw new ResourceKindMismatch(path);
  if (resource.state !== 'ACTIVE') throw new ResourceNotActive(resource.state, path);
}

async function classFeesOf(
  tx: Tx,
  { networkId, memberClass }: Membership,
  resourceIds: string[],
): Promise<Map<string, bigint>> {
  const rates = await tx.db.all(ResourceRate, { networkId, memberClass, resourceId: resourceIds });
  return new Map(rates.map(({ resourceId, feeMinor }) => [resourceId, feeMinor]));
}
