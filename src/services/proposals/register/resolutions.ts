import { Resolution } from '../../../entities/resolution.ts';
import type { Db } from '../../../kernel/database.ts';
import { CURSOR_INTEGER, afterKey, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';

/**
 * Writes a line into the register of a network, under the next number. Do it last: others who decide something in the network
 * wait until the transaction ends, and take the number if it is not kept.
 *
 * @emits ResolutionRecorded
 */
export async function recordResolution(tx: Tx, line: Omit<Resolution, 'number'>): Promise<Resolution> {
  const { networkId, sourceId, kind, title, sentences, outcome, summary, decidedAt } = line;
  for (;;) {
    const row = await tx.db.row<{ number: number }>(
      `insert into resolution (network_id, number, source_id, kind, title, sentences, outcome, summary, decided_at)
       select $1::text, coalesce(max(number), 0) + 1, $2, $3, $4, $5::jsonb, $6, $7::jsonb, $8
         from resolution where network_id = $1
       on conflict on constraint pk_resolution do nothing returning number`,
      [
        networkId,
        sourceId,
        kind,
        title,
        JSON.stringify(sentences),
        outcome,
        JSON.stringify(summary),
        decidedAt,
      ],
    );
    if (!row) continue;
    const { number } = row;
    tx.emit({ networkId, kind: 'ResolutionRecorded', subjectId: sourceId, data: { number, outcome } });
    return { ...line, number };
  }
}

/** The register of a network, the latest first. */
export async function listResolutions(
  db: Db,
  standing: Standing,
  request: PageRequest,
): Promise<Page<Resolution>> {
  authorize(standing, 'proposal.read');
  const [number] = afterKey(request, [CURSOR_INTEGER]);
  const rows = await db.select(
    Resolution,
    'where network_id = $1 and ($2::bigint is null or number < $2) order by number desc limit $3',
    [standing.network.id, number, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.number]);
}
