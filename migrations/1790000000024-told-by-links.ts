import type { MigrationInterface, QueryRunner } from 'typeorm';
import { POST as POST_OF_BEFORE } from './1790000000016-post.ts';
import { POST } from './1790000000024-post.ts';

/**
 * Posts with less work. Others learn of a posted transfer from the link that seals it, and the record of what was done reads
 * it from the transfer itself: an event of its own said nothing that does not stand there. Only a transfer that had waited has
 * one, since its id tells of an earlier instant than that of its posting.
 */
export class ToldByLinks1790000000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [TOLD, OUTBOX, ACCOUNT, SEAL, POST]) await runner.query(statements);
    await runner.query('revoke execute on all functions in schema public from public');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function ledger_post, ledger_seal, outbox_read; drop type ledger_account;');
    for (const statements of [SEAL_OF_BEFORE, POST_OF_BEFORE, EVENTS_AGAIN]) await runner.query(statements);
    await runner.query('revoke execute on all functions in schema public from public');
  }
}

// Links of before are told already: they have no transaction. An event that goes says, word for word, what its transfer does.
const TOLD = `
  alter table ledger_link add column xid xid8, add column waited_ids text[];
  alter table ledger_link alter column xid set default pg_current_xact_id();
  create index ix_ledger_link_xid on ledger_link (xid);

  delete from event e using transfer t
   where e.kind = 'TransferPosted' and t.network_id = e.network_id and t.id = e.subject_id and t.answered_at is null
     and (e.id, e.actor_person_id, e.acting_for_membership_id, e.actor_system, e.data, e.at)
       is not distinct from ('evt' || substr(t.id, 4), t.created_by_person_id, t.acting_for_membership_id, t.actor_system,
         '{}'::jsonb, t.posted_at);
`;

const OUTBOX = `
-- What others learn of after the commit, in the order of the transactions: events, and the transfers of links that have no
-- event of their own. It reads what p_until sees and p_from does not, after the event p_id of the transaction p_xid, at most
-- p_limit of it.
--
-- What was under way in the first snapshot, then what began after it: two reads along the index, since one with \`or\` would walk
-- over all that a long transaction has seen go by. The second begins where it must by a single comparison: of two PostgreSQL
-- may choose the wrong one to begin with, and walk over the whole index. Links are read whole, those of one transaction together.
create function outbox_read(p_from pg_snapshot, p_until pg_snapshot, p_xid xid8, p_id text, p_limit integer)
returns table (network_id text, id text, kind text, subject_id text, data jsonb, xid xid8)
language sql stable set enable_seqscan = off set jit = off as $$
  with link as (
    (select l.network_id, l.transfer_ids, l.waited_ids, l.xid from ledger_link l
      where l.xid = any(array(select pg_snapshot_xip(p_from))) and pg_visible_in_snapshot(l.xid, p_until))
    union all
    (select l.network_id, l.transfer_ids, l.waited_ids, l.xid from ledger_link l
      where l.xid = p_xid and p_xid >= pg_snapshot_xmax(p_from) and pg_visible_in_snapshot(l.xid, p_until))
    union all
    (select l.network_id, l.transfer_ids, l.waited_ids, l.xid from ledger_link l
      where l.xid > p_xid and l.xid >= pg_snapshot_xmax(p_from)
        and pg_visible_in_snapshot(l.xid, p_until)
      order by l.xid fetch first p_limit rows with ties)),
  fresh (network_id, id, kind, subject_id, data, xid) as (
    (select e.network_id::text, e.id::text, e.kind, e.subject_id::text, e.data, e.xid from event e
      where e.xid = any(array(select pg_snapshot_xip(p_from)))
        and pg_visible_in_snapshot(e.xid, p_until) and (e.xid, e.id) > (p_xid, p_id)
      order by e.xid, e.id limit p_limit)
    union all
    (select e.network_id::text, e.id::text, e.kind, e.subject_id::text, e.data, e.xid from event e
      where (e.xid, e.id) > (greatest(p_xid, pg_snapshot_xmax(p_from)),
                             case when p_xid >= pg_snapshot_xmax(p_from) then p_id else '' end)
        and pg_visible_in_snapshot(e.xid, p_until)
      order by e.xid, e.id limit p_limit)
    union all
    (select l.network_id::text, 'evt' || substr(s.id, 4), 'TransferPosted', s.id, '{}', l.xid
       from link l
      cross join unnest(l.transfer_ids) as s (id)
      where (l.xid, ('evt' || substr(s.id, 4)) collate "C") > (p_xid, p_id) and s.id <> all(coalesce(l.waited_ids, '{}'))))
  select * from fresh f order by f.xid, f.id collate "C" limit p_limit
$$;
`;

const ACCOUNT = `
  drop function ledger_post, ledger_seal;
  -- An account that is locked, as it becomes.
  create type ledger_account as (
    place tid, id text, unit_id text, state text, is_common boolean, follows_policy boolean, floor_minor bigint,
    ceiling_minor bigint, balance_minor bigint, reserved_minor bigint, entry_count bigint, received_minor bigint,
    last_posted_at timestamptz);
`;

const SEAL = `
-- Adds the link of transfers that were just posted: p_records is what they and their entries say, transfers by id, entries
-- by account and number. The transfers in p_waited, if there are any, have told of themselves. The head is locked last of all,
-- and by nothing else.
create function ledger_seal(p_network_id text, p_ids text[], p_waited text[], p_records bytea, p_at timestamptz)
returns void language plpgsql as $$
declare
  v_number bigint;
  v_hash bytea;
begin
  -- Texts are sent in the encoding of whoever is connected.
  if current_setting('client_encoding') <> 'UTF8' then raise exception 'the ledger is written in UTF-8'; end if;
  loop
    update ledger_head h
       set number = h.number + 1, hash = sha256(h.hash || int8send(h.number + 1) || p_records),
           transfer_count = h.transfer_count + cardinality(p_ids)
     where h.network_id = p_network_id
    returning h.number, h.hash into v_number, v_hash;
    exit when found;
    insert into ledger_head (network_id, number, hash, transfer_count)
      values (p_network_id, 0, sha256(convert_to(p_network_id, 'UTF8')), 0) on conflict do nothing;
  end loop;
  insert into ledger_link (network_id, number, hash, transfer_ids, waited_ids, sealed_at, format)
    values (p_network_id, v_number, v_hash, p_ids, p_waited, p_at, 'RECORDS');
end $$;
`;

const SEAL_OF_BEFORE = `
create function ledger_seal(p_network_id text, p_ids text[], p_records bytea, p_at timestamptz)
returns void language plpgsql as $$
declare
  v_number bigint;
  v_hash bytea;
begin
  if current_setting('client_encoding') <> 'UTF8' then raise exception 'the ledger is written in UTF-8'; end if;
  loop
    select h.number, h.hash into v_number, v_hash from ledger_head h
     where h.network_id = p_network_id for no key update;
    exit when found;
    insert into ledger_head (network_id, number, hash, transfer_count)
      values (p_network_id, 0, sha256(convert_to(p_network_id, 'UTF8')), 0) on conflict do nothing;
  end loop;
  v_number := v_number + 1;
  v_hash := sha256(v_hash || int8send(v_number) || p_records);
  insert into ledger_link (network_id, number, hash, transfer_ids, sealed_at, format)
    values (p_network_id, v_number, v_hash, p_ids, p_at, 'RECORDS');
  update ledger_head h
     set number = v_number, hash = v_hash, transfer_count = h.transfer_count + cardinality(p_ids)
   where h.network_id = p_network_id;
end $$;
`;

const EVENTS_AGAIN = `
  alter table ledger_link drop column xid, drop column waited_ids;
  insert into event (network_id, id, kind, subject_id, actor_person_id, acting_for_membership_id, actor_system, data, at)
    select network_id, 'evt' || substr(id, 4), 'TransferPosted', id, created_by_person_id, acting_for_membership_id,
           actor_system, '{}', posted_at
      from transfer
     where posted_at is not null and answered_at is null and num_nonnulls(created_by_person_id, actor_system) = 1
    on conflict do nothing;
`;
