import { KitItem } from '../../../entities/kit-item.ts';
import { Kit } from '../../../entities/kit.ts';
import type { Db } from '../../../kernel/database.ts';
import { NotFound } from '../../../kernel/errors.ts';
import { newId, requireId } from '../../../kernel/ids.ts';
import { groupedBy, keysOf, pagesOf, type Lists } from '../../../kernel/lists.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import { boundedText, optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import { standingIn } from '../../access/standing.ts';
import { TooFewPieces } from '../errors.ts';
import { poolFor, poolSubject, type PoolStanding } from '../pool-access.ts';
import { requireBookable, wishesFrom, type WishedItem } from './desk.ts';
import { KitEnded } from './errors.ts';
import { lockResources } from './in-hand.ts';

export interface SetKit {
  networkId: string;
  poolId: string;
  /** The kit that changes; a new one if absent. */
  kitId?: string | null;
  name: string;
  description?: string | null;
  items: readonly WishedItem[];
}

/**
 * Makes a kit, or changes one: things of a pool that are booked together or not at all. Bookings of before stay as they are.
 *
 * @throws Forbidden, NotFound, PoolArchived, KitEnded, ResourceNotActive, ResourceKindMismatch, TooFewPieces, InvalidInput
 * @emits KitSet
 */
export async function setKit(tx: Tx, command: SetKit): Promise<Kit> {
  authorize(await standingIn(tx, command.networkId), 'pool.read');
  const poolStanding = await poolFor(tx, command);
  const { pool, standing } = poolStanding;
  authorize(standing, 'resource.manage', poolSubject(poolStanding));
  const { networkId, id: poolId } = pool;
  const wishes = wishesFrom(command.items);
  const ids = wishes.map(({ resourceId }) => resourceId);
  const things = await lockResources(tx, networkId, ids);
  for (const { resourceId, quantity } of wishes) {
    const place = command.items.findIndex((item) => item.resourceId === resourceId);
    const thing = things.get(resourceId);
    requireBookable(thing, poolId, `items.${place}.resourceId`);
    if (quantity > (thing.quantity ?? 0)) throw new TooFewPieces(thing.quantity ?? 0);
  }
  const worded = {
    name: boundedText(command.name, 'name', { max: 100 }),
    description: optionalText(command.description, 'description', { max: 2_000 }) ?? '',
  };
  const kit = command.kitId
    ? await rewordKit(tx, poolStanding, command.kitId, worded)
    : await insertKit(tx, { ...worded, networkId, poolId });
  await tx.db.delete(KitItem, { networkId, kitId: kit.id });
  await tx.db.insert(
    KitItem,
    wishes.map((wish) => ({ networkId, kitId: kit.id, ...wish })),
  );
  tx.emit({ networkId, kind: 'KitSet', subjectId: kit.id });
  return kit;
}

async function insertKit(
  tx: Tx,
  of: Pick<Kit, 'networkId' | 'poolId' | 'name' | 'description'>,
): Promise<Kit> {
  const kit: Kit = { ...of, id: newId('kit'), createdAt: tx.now, endedAt: null };
  await tx.db.insert(Kit, kit);
  return kit;
}

async function rewordKit(
  tx: Tx,
  { pool }: PoolStanding,
  kitId: string,
  worded: Pick<Kit, 'name' | 'description'>,
): Promise<Kit> {
  const { networkId, id: poolId } = pool;
  const match = { networkId, poolId, id: requireId('kit', kitId, 'kitId') };
  const kit = await tx.db.lock(Kit, match);
  if (!kit) throw new NotFound('Kit');
  if (kit.endedAt) throw new KitEnded();
  await tx.db.update(Kit, match, worded);
  return { ...kit, ...worded };
}

/**
 * Ends a kit: it is not booked any more. Its bookings stay as they are.
 *
 * @throws Forbidden, NotFound, PoolArchived, KitEnded, InvalidInput INVALID_ID
 * @emits KitEnded
 */
export async function endKit(tx: Tx, command: { networkId: string; kitId: string }): Promise<Kit> {
  const member = await standingIn(tx, command.networkId);
  authorize(member, 'pool.read');
  const networkId = member.network.id;
  const match = { networkId, id: requireId('kit', command.kitId, 'kitId') };
  const known = await tx.db.one(Kit, match);
  if (!known) throw new NotFound('Kit');
  const poolStanding = await poolFor(tx, { networkId, poolId: known.poolId });
  authorize(poolStanding.standing, 'resource.manage', poolSubject(poolStanding));
  const kit = await tx.db.lock(Kit, match);
  if (!kit || kit.endedAt) throw new KitEnded();
  await tx.db.update(Kit, match, { endedAt: tx.now });
  tx.emit({ networkId, kind: 'KitEnded', subjectId: kit.id });
  return { ...kit, endedAt: tx.now };
}

const KITS: Lists<Kit> = { entity: Kit, table: 'kit', of: 'pool_id', by: 'id', where: 'ended_at is null' };

/** The kits of each pool that can be booked, oldest first. The caller has found that they may be read. */
export function kitsOf(
  db: Db,
  pools: readonly { networkId: string; id: string }[],
  request: PageRequest,
): Promise<Page<Kit>[]> {
  return pagesOf(db, KITS, { owners: pools, request });
}

/** What belongs to each kit, in the order of the ids of the things. */
export async function itemsOfKits(db: Db, kits: readonly Kit[]): Promise<KitItem[][]> {
  const rows = await db.select(
    KitItem,
    'where (network_id, kit_id) in (select * from unnest($1::text[], $2::text[])) order by resource_id',
    keysOf(kits),
  );
  const itemsOf = groupedBy(rows, ({ kitId }) => kitId);
  return kits.map(({ id }) => itemsOf(id));
}
