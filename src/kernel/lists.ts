import type { Db, EntityClass } from './database.ts';
import { camelCase } from './naming.ts';
import {
  afterKey,
  CURSOR_INTEGER,
  CURSOR_TEXT,
  pageOf,
  type CursorKey,
  type CursorPart,
  type Page,
  type PageRequest,
} from './page.ts';

/** Rows of which others have a list each: what was said about each proposal, what was answered to each comment. */
export interface Lists<E> {
  entity: EntityClass<E & object>;
  table: string;
  /** The column that names, with `network_id`, whose list a row is in. */
  of: string;
  /** The column by which a list goes, each value once. */
  by: string;
  /** `bigint` for columns of whole numbers; `text` if absent. */
  type?: 'text' | 'bigint';
  isLatestFirst?: boolean;
  /** What else holds of the rows; values of its own count from `$5`. */
  where?: string;
}

/** Whose list it is. */
export interface Owner {
  networkId: string;
  id: string;
}

const PARTS: Record<'text' | 'bigint', CursorPart> = { text: CURSOR_TEXT, bigint: CURSOR_INTEGER };

/** The same page of the list of each owner, in the order of the owners, all of them in one statement. */
export async function pagesOf<E>(
  db: Db,
  lists: Lists<E>,
  { owners, request, values = [] }: { owners: readonly Owner[]; request: PageRequest; values?: unknown[] },
): Promise<Page<E>[]> {
  const { entity, of, by, type = 'text' } = lists;
  const [after] = afterKey(request, [PARTS[type]]);
  const rows = await db.select(entity, tailFor(lists), [
    ...keysOf(owners),
    after,
    request.first + 1,
    ...values,
  ]);
  const valueOf = (row: E, column: string) => (row as Record<string, unknown>)[camelCase(column)];
  const listOf = groupedBy(rows as E[], (row) => String(valueOf(row, of)));
  return owners.map(({ id }) => pageOf(listOf(id), request, (row) => [valueOf(row, by) as CursorKey]));
}

function tailFor<E>({
  table,
  of,
  by,
  type = 'text',
  isLatestFirst = false,
  where = 'true',
}: Lists<E>): string {
  const [beyond, order] = isLatestFirst ? ['<', `${by} desc`] : ['>', by];
  return `where (network_id, ${of}, ${by}) in (
      select listed.* from unnest($1::text[], $2::text[]) as owner (network, id)
       cross join lateral (
         select network_id, ${of}, ${by} from ${table}
          where network_id = owner.network and ${of} = owner.id and ${where}
            and ($3::${type} is null or ${by} ${beyond} $3)
          order by ${order} limit $4) as listed)
    order by ${order}`;
}

/** Keys of rows as two lists for `unnest`. */
export function keysOf(owners: readonly Owner[]): [networkIds: string[], ids: string[]] {
  return [owners.map(({ networkId }) => networkId), owners.map(({ id }) => id)];
}

/** The rows of each owner, in the order in which they were read. */
export function groupedBy<Row>(
  rows: readonly Row[],
  ownerOf: (row: Row) => string,
): (ownerId: string) => Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(ownerOf(row));
    if (group) group.push(row);
    else groups.set(ownerOf(row), [row]);
  }
  return (ownerId) => groups.get(ownerId) ?? [];
}
