import type { Account } from '../../entities/account.ts';
import type { Db } from '../../kernel/database.ts';
import { assert } from '../../kernel/errors.ts';

/** Where an account stood at an instant: with all entries that are not after it. */
export interface Position {
  /** How many entries it had. */
  seq: bigint;
  balanceMinor: bigint;
  /** All that had ever come in, less what was returned of it. */
  receivedMinor: bigint;
}

export interface Point {
  account: Pick<Account, 'networkId' | 'id' | 'entryCount'>;
  at: Date;
}

/**
 * Where accounts stood at instants, in the order of the questions. Each is a search by the primary key of entries, with some
 * twenty steps for a million of them.
 */
export function positionsAt(db: Db, points: readonly Point[]): Promise<Position[]> {
  return positions(db, points, '0');
}

/** Where one account stood just before each of some bounds of half-open intervals. */
export function positionsBefore(
  db: Db,
  account: Point['account'],
  bounds: readonly Date[],
): Promise<Position[]> {
  return positions(
    db,
    bounds.map((at) => ({ account, at })),
    '1 microsecond',
  );
}

async function positions(db: Db, points: readonly Point[], earlier: string): Promise<Position[]> {
  const rows = await db.rows<Position>(
    `select s.seq, coalesce(e.balance_after_minor, 0) as balance_minor,
            coalesce(e.received_after_minor, 0) as received_minor
       from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[])
              with ordinality as p (network_id, account_id, entry_count, at, place)
      cross join lateral (
        select ledger_seq_at(p.network_id, p.account_id, p.entry_count, p.at - $5::interval) as seq) s
       left join entry e on e.network_id = p.network_id and e.account_id = p.account_id and e.seq = s.seq
      order by p.place`,
    [
      points.map(({ account }) => account.networkId),
      points.map(({ account }) => account.id),
      points.map(({ account }) => account.entryCount),
      points.map(({ at }) => at),
      earlier,
    ],
  );
  assert(rows.length === points.length, 'each question has an answer');
  return rows;
}

/** What moved between two instants of a half-open interval. */
export interface Movement {
  /** What came in, less what was returned of it meanwhile. */
  inMinor: bigint;
  /** What went out, less what was given back meanwhile. */
  outMinor: bigint;
}

export function movementBetween(from: Position, to: Position): Movement {
  const inMinor = to.receivedMinor - from.receivedMinor;
  return { inMinor, outMinor: inMinor - (to.balanceMinor - from.balanceMinor) };
}
