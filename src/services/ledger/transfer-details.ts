import { Entry } from '../../entities/entry.ts';
import type { Transfer } from '../../entities/transfer.ts';
import type { Db } from '../../kernel/database.ts';

type TransferKey = Pick<Transfer, 'networkId' | 'id'>;

const KEYS = 'select * from unnest($1::text[], $2::text[])';
const keyValues = (transfers: readonly TransferKey[]) => [
  transfers.map(({ networkId }) => networkId),
  transfers.map(({ id }) => id),
];

const ENTRIES = `
  where (network_id, account_id, seq) in (
    select e.network_id, e.account_id, e.seq
      from (${KEYS}) as t (network_id, id) cross join lateral ledger_entries(t.network_id, array[t.id]) e)
  order by account_id, seq`;

/** The entries of each of some transfers, by account and number; none while a transfer is not posted. */
export async function entriesOfTransfers(db: Db, transfers: readonly TransferKey[]): Promise<Entry[][]> {
  const entries = await db.select(Entry, ENTRIES, keyValues(transfers));
  return transfers.map(({ id }) => entries.filter(({ transferId }) => transferId === id));
}

/** The link of the chain that seals a transfer. */
export interface Seal {
  number: bigint;
  /** Sixty-four hexadecimal digits. */
  hash: string;
}

/** The seals of transfers; null where one is not posted. A link is sealed at the instant at which its transfers came in. */
export async function sealsOf(db: Db, transfers: readonly TransferKey[]): Promise<(Seal | null)[]> {
  const rows = await db.rows<Seal & { id: string }>(
    `select t.id, l.number, encode(l.hash, 'hex') as hash
       from transfer t
       join ledger_link l on l.network_id = t.network_id and l.sealed_at = coalesce(t.answered_at, t.created_at)
                         and t.id = any(l.transfer_ids)
      where (t.network_id, t.id) in (${KEYS}) and t.posted_at is not null`,
    keyValues(transfers),
  );
  const seals = new Map(rows.map(({ id, ...seal }) => [id, seal]));
  return transfers.map(({ id }) => seals.get(id) ?? null);
}
