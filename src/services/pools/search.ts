import type { Opening } from '../../entities/opening.ts';
import type { Pool } from '../../entities/pool.ts';
import { Resource, type OpeningScope, type ResourceKind } from '../../entities/resource.ts';
import type { Interval } from '../../kernel/calendar.ts';
import type { Db } from '../../kernel/database.ts';
import { InvalidInput } from '../../kernel/errors.ts';
import {
  afterKey,
  CURSOR_INTEGER,
  CURSOR_TEXT,
  pageOf,
  type Page,
  type PageRequest,
} from '../../kernel/page.ts';
import { boundedText } from '../../kernel/text.ts';
import { authorize } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';
import { beginningFault, intervalFault, isOpenFor, LONGEST_MINUTES } from './may-book.ts';
import { QUANTITY_BOUNDS } from './resource-input.ts';
import { FOUND_THINGS } from './search-sql.ts';

export interface Near {
  latitude: number;
  longitude: number;
  radiusKm: number;
}

export interface ResourceSearch {
  text?: string | null;
  kind?: ResourceKind | null;
  near?: Near | null;
  freeFrom?: Date | null;
  freeTo?: Date | null;
  /** Of so many pieces; one if absent. */
  quantity?: number | null;
}

const MAX_WORDS = 10;
const MAX_RADIUS_KM = 1_000;
const DEGREE_KM = 111.195;

/**
 * The things of a pool that are in use and fit: nearest first if a place is given, and otherwise by name. With an interval, what
 * anybody could book now for the whole of it.
 *
 * @throws Forbidden, InvalidInput
 */
export async function searchResources(
  db: Db,
  standing: Standing,
  { pool, search, now }: { pool: Pool; search: ResourceSearch; now: Date },
  request: PageRequest,
): Promise<Page<Resource>> {
  authorize(standing, 'pool.read');
  const { timeZone } = standing.network;
  const wish = wishOf(search);
  const near = search.near ? boxAround(search.near) : null;
  const words = wordsOf(search.text ?? '');
  const quantity = quantityOf(search);
  const [distance, name, id] = afterKey(request, [CURSOR_INTEGER, CURSOR_TEXT, CURSOR_TEXT]);
  if (pool.archivedAt || (wish && isBeyondPool(pool, wish, { now, timeZone })))
    return pageOf([], request, () => []);
  const open = wish && (await openingsFor(db, pool, { wish, timeZone }));
  const rows = await db.rows<{ id: string; name: string; distanceM: bigint }>(FOUND_THINGS, [
    pool.networkId,
    pool.id,
    search.kind ?? null,
    words,
    quantity,
    near?.latitude ?? null,
    near?.longitude ?? null,
    near?.radiusKm ?? null,
    near?.latitudes ?? null,
    near?.longitudes ?? null,
    wish?.from ?? null,
    wish?.until ?? null,
    now,
    LONGEST_MINUTES,
    open?.own ?? null,
    open?.isPoolOpen ?? null,
    distance,
    name,
    id,
    request.first + 1,
  ]);
  return withRows(
    db,
    pool,
    pageOf(rows, request, (row) => [row.distanceM, row.name, row.id]),
  );
}

/** The whole rows of the things of a page. */
async function withRows(db: Db, { networkId }: Pool, page: Page<{ id: string }>): Promise<Page<Resource>> {
  const ids = page.nodes.map(({ id }) => id);
  const rows = ids.length === 0 ? [] : await db.all(Resource, { networkId, id: ids });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const edges = page.edges.map(({ cursor, node }) => ({ cursor, node: byId.get(node.id)! }));
  return { ...page, edges, nodes: edges.map(({ node }) => node) };
}

function wishOf({ freeFrom, freeTo }: ResourceSearch): Interval | null {
  if (!freeFrom && !freeTo) return null;
  if (!freeFrom) throw new InvalidInput('REQUIRED', 'freeFrom');
  if (!freeTo) throw new InvalidInput('REQUIRED', 'freeTo');
  if (intervalFault({ from: freeFrom, until: freeTo })) {
    throw new InvalidInput('INVALID_RANGE', 'freeTo', { after: freeFrom.toISOString() });
  }
  return { from: freeFrom, until: freeTo };
}

function quantityOf({ quantity }: ResourceSearch): number | null {
  const { min, max } = QUANTITY_BOUNDS;
  if (quantity === null || quantity === undefined) return null;
  if (quantity < min || quantity > max) throw new InvalidInput('INVALID_RANGE', 'quantity', { min, max });
  return quantity;
}

/** Whether a booking of anything in the pool could not begin then. How long before it is asked for things have of their own. */
function isBeyondPool(
  { aheadDays }: Pool,
  { from }: Interval,
  moment: { now: Date; timeZone: string },
): boolean {
  return beginningFault({ leadMinutes: 0, aheadDays }, from, moment) !== null;
}

/** Words that all must occur, or begin a word that does, as PostgreSQL asks for them; null for any text. Vowel signs belong to words. */
function wordsOf(text: string): string | null {
  const words = boundedText(text, 'text', { min: 0, max: 200 }).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.length === 0) return null;
  return words
    .slice(0, MAX_WORDS)
    .map((word) => `'${word}':*`)
    .join(' & ');
}

/** A box of degrees around a circle, by which an index finds what may lie in it; no bounds where it spans a pole or the date line. */
function boxAround(near: Near): Near & { latitudes: number[]; longitudes: number[] | null } {
  const { latitude, longitude, radiusKm } = near;
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    throw new InvalidInput('INVALID_COORDINATES', 'near');
  if (!(radiusKm > 0 && radiusKm <= MAX_RADIUS_KM)) {
    throw new InvalidInput('INVALID_RANGE', 'near.radiusKm', { min: 0, max: MAX_RADIUS_KM });
  }
  const height = radiusKm / DEGREE_KM;
  // The widest circle of latitude that the circle touches is the one furthest from the equator.
  const furthest = Math.abs(latitude) + height;
  const width = furthest < 90 ? height / Math.cos((furthest * Math.PI) / 180) : Infinity;
  const isWhole = Math.abs(longitude) + width <= 180;
  return {
    ...near,
    latitudes: [latitude - height, latitude + height],
    longitudes: isWhole ? [longitude - width, longitude + width] : null,
  };
}

interface OpenThings {
  /** Whether what has no hours of its own is open, by what has to lie in them. */
  isPoolOpen: OpeningScope[];
  /** The own hours of things that are open then, as JSON behind what has to lie in them. */
  own: string[];
}

/** Whose hours allow an interval. Things have few different hours: each is looked at once. */
async function openingsFor(
  db: Db,
  pool: Pool,
  { wish, timeZone }: { wish: Interval; timeZone: string },
): Promise<OpenThings> {
  const isOpen = (opening: Opening, openingScope: OpeningScope) =>
    isOpenFor({ opening, openingScope }, wish, timeZone);
  const rows = await db.rows<{ opening: Opening; openingScope: OpeningScope; key: string }>(
    `select distinct on (opening_scope || opening::text) opening, opening_scope, opening_scope || opening::text as key
       from resource where network_id = $1 and pool_id = $2 and state = 'ACTIVE' and opening is not null`,
    [pool.networkId, pool.id],
  );
  return {
    isPoolOpen: (['USE', 'HANDOVER'] as const).filter((scope) => isOpen(pool.opening, scope)),
    own: rows.filter(({ opening, openingScope }) => isOpen(opening, openingScope)).map(({ key }) => key),
  };
}
