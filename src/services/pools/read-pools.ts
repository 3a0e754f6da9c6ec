import { Pool } from '../../entities/pool.ts';
import type { Db } from '../../kernel/database.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../kernel/page.ts';
import { authorize } from '../access/may.ts';
import type { Standing } from '../access/standing.ts';

/**
 * The pools of a network, oldest first.
 *
 * @throws Forbidden
 */
export async function listPools(
  db: Db,
  standing: Standing,
  isArchived: boolean,
  request: PageRequest,
): Promise<Page<Pool>> {
  authorize(standing, 'pool.read');
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Pool,
    `where network_id = $1 and (archived_at is not null) = $2 and ($3::text is null or id > $3)
      order by id limit $4`,
    [standing.network.id, isArchived, after, request.first + 1],
  );
  return pageOf(rows, request, ({ id }) => [id]);
}
