import { createHash, type Hash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { LedgerLink } from '../../entities/ledger-link.ts';
import { entriesOf, planning } from './check-walks.ts';
import type { CheckLine, Fault } from './check.ts';

interface Link {
  number: string;
  format: LedgerLink['format'];
  hash: Buffer;
  count: number;
}

// A link seals what was posted together, mostly a few transfers with a handful of entries.
const ROWS_OF_A_LINK = 40;

// Like the function that seals, in its order: transfers by id, then entries by account and number.
const SEALED = `
  declare ledger_sealed no scroll cursor for
  with sealed as (
    select l.number, l.format = 'TEXTS' as is_text, unnest(l.transfer_ids) as id from ledger_link l
     where l.network_id = $1 and l.number between $2 and $3)
  select number::text, bytes from (
    select s.number, 0 as part, t.id::text collate "C" as first, 0::bigint as second,
           case when is_text then convert_to(ledger_transfer_text(t), 'UTF8') else ledger_transfer_record(t) end as bytes
      from sealed s join transfer t on t.network_id = $1 and t.id = s.id
    union all
    select s.number, 1, e.account_id::text collate "C", e.seq,
           case when is_text then convert_to(ledger_entry_text(e), 'UTF8') else ledger_entry_record(e) end
      from sealed s join transfer t on t.network_id = $1 and t.id = s.id
     cross join lateral (${entriesOf('t')}) e) parts
  order by parts.number, part, first, second`;

const UNSEALED = `
  with sealed as (
    select x.id, count(*) as times from ledger_link l, unnest(l.transfer_ids) as x (id)
     where l.network_id = $1 group by x.id),
  posted as (select t.id::text as id from transfer t where t.network_id = $1 and t.posted_at is not null)
  select coalesce(p.id, s.id) as id, p.id is not null as is_posted, coalesce(s.times, 0)::int as times
    from posted p full join sealed s on s.id = p.id
   where p.id is null or s.times is distinct from 1
   order by 1 limit 1`;

const HEAD = `
  select h.number::text, encode(h.hash, 'hex') as hash, h.transfer_count::text
    from ledger_head h where h.network_id = $1`;

/** Proves the chain of a network: every hash is computed anew from the rows, by another program than the one that sealed. */
export async function checkChain(
  client: ClientBase,
  networkId: string,
  rowsAtOnce: number,
): Promise<CheckLine[]> {
  const linksAtOnce = Math.ceil(rowsAtOnce / ROWS_OF_A_LINK);
  const broken: Record<'order' | 'hash', Fault | null> = { order: null, hash: null };
  const genesis: Buffer = createHash('sha256').update(networkId).digest();
  const last = { number: 0n, hash: genesis, transfers: 0n };
  let rows = 0;
  await client.query(planning(false));
  for (;;) {
    const links = await nextLinks(client, networkId, { after: last.number, atMost: linksAtOnce });
    if (links.length === 0) break;
    const hashes = await computeHashes(client, networkId, { links, before: last.hash, rowsAtOnce });
    for (const [index, link] of links.entries()) {
      const key = [link.number];
      const expectedNumber = String(last.number + 1n);
      if (link.number !== expectedNumber) {
        broken.order ??= { table: 'ledger_link', key, expected: expectedNumber, found: link.number };
      }
      const expected = hashes[index]!;
      const found = link.hash.toString('hex');
      if (found !== expected) broken.hash ??= { table: 'ledger_link', key, expected, found };
      last.number = BigInt(link.number);
      last.hash = link.hash;
      last.transfers += BigInt(link.count);
    }
    rows += links.length;
  }
  return [
    { name: 'links are numbered without gaps', rows, fault: broken.order },
    { name: 'a link has the hash of what it seals', rows, fault: broken.hash },
    {
      name: 'the head is the last link',
      rows: 1,
      fault: await faultOfHead(client, networkId, { ...last, rows }),
    },
    await checkSeals(client, networkId, last.transfers),
  ];
}

async function nextLinks(
  client: ClientBase,
  networkId: string,
  { after, atMost }: { after: bigint; atMost: number },
): Promise<Link[]> {
  const { rows } = await client.query<Link>(
    `select l.number::text, l.format, l.hash, cardinality(l.transfer_ids) as count from ledger_link l
      where l.network_id = $1 and l.number > $2 order by l.number limit $3`,
    [networkId, after, atMost],
  );
  return rows;
}

/** The hashes that links should have, each by the stored one before it, so that only the link at fault is named. */
async function computeHashes(
  client: ClientBase,
  networkId: string,
  { links, before, rowsAtOnce }: { links: Link[]; before: Buffer; rowsAtOnce: number },
): Promise<string[]> {
  const hashes = new Map<string, Hash>();
  links.forEach(({ number, format }, index) => {
    const previous = index === 0 ? before : links[index - 1]!.hash;
    const numberBytes = format === 'TEXTS' ? `${number}:` : int8(number);
    hashes.set(number, createHash('sha256').update(previous).update(numberBytes));
  });
  await client.query(SEALED, [networkId, links[0]!.number, links.at(-1)!.number]);
  for (;;) {
    const { rows } = await client.query<{ number: string; bytes: Buffer }>(
      `fetch ${rowsAtOnce} from ledger_sealed`,
    );
    for (const { number, bytes } of rows) hashes.get(number)?.update(bytes);
    if (rows.length < rowsAtOnce) break;
  }
  await client.query('close ledger_sealed');
  return links.map(({ number }) => hashes.get(number)!.digest('hex'));
}

function int8(number: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(number));
  return bytes;
}

async function faultOfHead(
  client: ClientBase,
  networkId: string,
  last: { number: bigint; hash: Buffer; transfers: bigint; rows: number },
): Promise<Fault | null> {
  const { rows } = await client.query<{ number: string; hash: string; transfer_count: string }>(HEAD, [
    networkId,
  ]);
  const [head] = rows;
  // A network in which nothing was posted yet has no chain.
  if (!head && last.rows === 0) return null;
  const expected = `link ${last.number} ${last.hash.toString('hex')} after ${last.transfers} transfers`;
  const found = head ? `link ${head.number} ${head.hash} after ${head.transfer_count} transfers` : 'no head';
  return found === expected ? null : { table: 'ledger_head', key: [networkId], expected, found };
}

async function checkSeals(client: ClientBase, networkId: string, transfers: bigint): Promise<CheckLine> {
  await client.query(planning(true));
  const { rows } = await client.query<{ id: string; is_posted: boolean; times: number }>(UNSEALED, [
    networkId,
  ]);
  const [first] = rows;
  return {
    name: 'every posted transfer is sealed once, and nothing else is',
    rows: Number(transfers),
    fault: first
      ? {
          table: 'transfer',
          key: [first.id],
          expected: first.is_posted ? 'sealed once' : 'posted, since it is sealed',
          found: first.is_posted ? `sealed ${first.times} times` : 'not posted',
        }
      : null,
  };
}
