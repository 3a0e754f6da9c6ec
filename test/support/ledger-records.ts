import type { ClientBase } from 'pg';

// Written from docs/trading.md alone, as somebody would who has the rows and not the database.

const TRANSFER = `
  id unit_id kind payer_account_id payee_account_id amount_minor payer_levy_minor payee_levy_minor levy_account_id
  description created_by_person_id acting_for_membership_id actor_system reverses_id hold_id cause_id is_beyond_limit
  created_at posted_at`;
const ENTRY =
  'account_id seq transfer_id amount_minor balance_after_minor received_after_minor is_levy posted_at';

type Row = Record<string, string | null>;

/** The bytes that a link seals: its transfers by id, then their entries by account and number. */
export async function recordsOf(client: ClientBase, networkId: string, ids: string[]): Promise<Buffer> {
  const read = async (table: string, key: string, order: string) => {
    const { rows } = await client.query<{ row: Row }>(
      `select (select jsonb_object_agg(key, value #>> '{}') from jsonb_each(to_jsonb(t))) as row
         from ${table} t where network_id = $1 and ${key} = any($2) order by ${order}`,
      [networkId, ids],
    );
    return rows.map(({ row }) => row);
  };
  const transfers = await read('transfer', 'id', 'id');
  const entries = await read('entry', 'transfer_id', 'account_id, seq');
  return Buffer.concat([
    ...transfers.map((row) => record(row, TRANSFER)),
    ...entries.map((row) => record(row, ENTRY)),
  ]);
}

function record(row: Row, names: string): Buffer {
  const columns = names.trim().split(/\s+/);
  return Buffer.concat([int4(columns.length), ...columns.map((name) => field(name, row[name] ?? null))]);
}

const TEXT = 25;
const INT8 = 20;
const BOOL = 16;
const TIMESTAMPTZ = 1184;

function field(name: string, value: string | null): Buffer {
  const type = typeOf(name);
  if (value === null) return Buffer.concat([int4(type), int4(-1)]);
  const bytes = bytesOf(type, value);
  return Buffer.concat([int4(type), int4(bytes.length), bytes]);
}

function typeOf(name: string): number {
  if (name.endsWith('_minor') || name === 'seq') return INT8;
  if (name.startsWith('is_')) return BOOL;
  return name.endsWith('_at') ? TIMESTAMPTZ : TEXT;
}

function bytesOf(type: number, value: string): Buffer {
  if (type === INT8) return int8(BigInt(value));
  if (type === BOOL) return Buffer.from([value === 'true' ? 1 : 0]);
  if (type === TIMESTAMPTZ) return int8(BigInt(Date.parse(value) - Date.UTC(2000, 0, 1)) * 1000n);
  return Buffer.from(value, 'utf8');
}

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int8(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
