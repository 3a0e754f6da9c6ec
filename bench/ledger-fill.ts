import type pg from 'pg';
import { withClient, type Community } from './community.ts';

const TABLES = ['transfer', 'entry', 'idempotency_key'];

/**
 * Writes a year of transfers past the server, as the owner of the tables: between members, and every other one to the common
 * account. Numbers, balances, what was received and the chain are as if the engine had posted them.
 */
export function fillLedger(ownerUrl: string, { networkId }: Community, entries: number): Promise<void> {
  return withClient(ownerUrl, async (client) => {
    await client.query(
      `set synchronous_commit = off; set work_mem = '512MB'; set maintenance_work_mem = '512MB'`,
    );
    // Made anew at the end, which is many times quicker than to keep them up to date.
    const indexes = await dropIndexes(client);
    for (const table of TABLES) await client.query(`alter table ${table} set (autovacuum_enabled = false)`);
    await client.query(HOLDERS, [networkId]);
    await client.query(DRAFTS, [networkId, entries / 2]);
    for (const statement of FILL) await client.query(statement);
    for (const statement of indexes) await client.query(statement);
    for (const table of TABLES) await client.query(`alter table ${table} reset (autovacuum_enabled)`);
    await client.query('drop table draft, holder, side');
    await client.query('vacuum analyze');
    await seal(client, networkId, entries / 2);
    await client.query('checkpoint').catch(() => {}); // not everybody may
  });
}

const SEALED_AT_ONCE = 32;
const LINKS_AT_ONCE = 200;

/** A few links in each transaction: each of them updates the head, and looks for it among what it was before. */
async function seal(client: pg.Client, networkId: string, transfers: number): Promise<void> {
  await client.query(`set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off`);
  const step = SEALED_AT_ONCE * LINKS_AT_ONCE;
  for (let first = 1; first <= transfers; first += step) {
    await client.query(SEAL, [networkId, first, Math.min(first + step - 1, transfers), SEALED_AT_ONCE]);
  }
}

/** Drops the indexes of the big tables, unless a foreign key leans on them, and returns the statements that make them again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
            format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) as make
       from pg_constraint c
      where conrelid = any($1::regclass[]) and contype in ('p', 'u')
        and not exists (select 1 from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid)
     union all
     select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
       from pg_index where indrelid = any($1::regclass[])
        and not exists (select 1 from pg_constraint where conindid = indexrelid)`,
    [TABLES],
  );
  for (const { drop } of rows) await client.query(drop);
  return rows.map(({ make }) => make);
}

const HOLDERS = `
  create unlogged table holder as
  select a.network_id, a.unit_id, a.id, m.person_id, row_number() over (order by a.id) - 1 as place
    from account a join membership m on m.network_id = a.network_id and m.id = a.membership_id
   where a.network_id = $1`;

const SEAL = `
  with wanted as (
    select 'trf_01' || lpad(to_hex(n), 24, '0') as id, (n - 1) / $4::bigint as link from generate_series($2::bigint, $3) as n),
  transfers as (
    select w.link, array_agg(t.id::text order by t.id) as ids, max(t.posted_at) as at,
           string_agg(ledger_transfer_record(t), '' order by t.id) as records
      from wanted w join transfer t on t.network_id = $1 and t.id = w.id group by w.link),
  entries as (
    select w.link, string_agg(ledger_entry_record(e), '' order by e.account_id, e.seq) as records
      from wanted w cross join lateral ledger_entries($1, array[w.id]) e group by w.link)
  select ledger_seal($1, t.ids, null, t.records || e.records, t.at)
    from transfers t join entries e using (link) order by link`;

// Hexadecimal digits are digits of ids too; the transfers of the server come after these.
const DRAFTS = `
  create unlogged table draft as
  select 'trf_01' || lpad(to_hex(n), 24, '0') as id, n, payer.network_id, payer.unit_id, payer.id as payer, payer.person_id,
         case when n % 2 = 0 then common.id else payee.id end as payee, 1 + n % 10 as amount,
         now() - interval '1 year' + n * (interval '1 year' / $2::bigint) as at
    from generate_series(1, $2::bigint) as n
    cross join (select count(*) as count from holder) as every
    join holder as payer on payer.place = abs(hashint8(n)::bigint) % every.count
    join holder as payee
      on payee.place = (abs(hashint8(n)::bigint) + 1 + abs(hashint8(-n)::bigint) % (every.count - 1)) % every.count
    join account as common on common.network_id = $1 and common.holder_kind = 'NETWORK'`;

const FILL = [
  `create unlogged table side as
     select network_id, account, row_number() over w as seq, id, n, amount, sum(amount) over w as balance,
            sum(greatest(amount, 0)) over w as received, at
       from (select network_id, payer as account, id, n, -amount as amount, at from draft
             union all select network_id, payee, id, n, amount, at from draft) as moved
     window w as (partition by account order by n)`,
  `insert into transfer (network_id, id, unit_id, kind, state, payer_account_id, payee_account_id, amount_minor, description,
       created_by_person_id, payer_levy_minor, payee_levy_minor, is_beyond_limit, created_at, posted_at, payer_seq, payee_seq)
     select d.network_id, d.id, unit_id, 'PAYMENT', 'POSTED', payer, payee, d.amount, 'bench', person_id, 0, 0, false, d.at, d.at,
            p.seq, q.seq
       from draft d join side p on p.n = d.n and p.amount < 0 join side q on q.n = d.n and q.amount > 0
      order by d.n`,
  `insert into entry (network_id, account_id, seq, transfer_id, amount_minor, balance_after_minor, received_after_minor,
       is_levy, posted_at)
     select network_id, account, seq, id, amount, balance, received, false, at from side order by n`,
  `update account a
      set balance_minor = e.balance, entry_count = e.count, received_minor = e.received, last_posted_at = e.at
     from (select network_id, account_id, count(*) as count, sum(amount_minor) as balance,
                  sum(greatest(amount_minor, 0)) as received, max(posted_at) as at
             from entry group by network_id, account_id) as e
    where a.network_id = e.network_id and a.id = e.account_id`,
  `insert into idempotency_key (network_id, owner, key, content_hash, result_id, created_at)
     select network_id, person_id, md5(n::text), sha256(id::bytea), id, at from draft order by n`,
];
