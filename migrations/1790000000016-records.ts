import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Posting1790000000008 } from './1790000000008-posting.ts';
import { POST } from './1790000000016-post.ts';

/**
 * Posts with less work. The chain seals records as PostgreSQL itself writes them, instead of texts put together field by field;
 * links of before keep their form, and say so. A transfer says which entries of its two accounts are its own, instead of an
 * index that has two entries for each; only those of levies, which are few, are found by one.
 */
export class Records1790000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statements of [COLUMNS, READS, CHAIN, POST]) await runner.query(statements);
    await runner.query('revoke execute on all functions in schema public from public');
  }

  /** @throws Error once records are sealed: nothing of before could prove them */
  async down(runner: QueryRunner): Promise<void> {
    const sealed: unknown[] = await runner.query(
      `select 1 from ledger_link where format = 'RECORDS' limit 1`,
    );
    if (sealed.length > 0) throw new Error('Records are sealed that no earlier version can prove');
    await runner.query(`
      drop function ledger_post, ledger_seal, ledger_entry_record, ledger_transfer_record, ledger_entries;
      drop type ledger_outcome, ledger_entry_draft;
      alter table ledger_link drop column format;
      drop index ix_entry_levy;
      create index ix_entry_transfer on entry (network_id, transfer_id);
      alter table transfer drop column payer_seq, drop column payee_seq;`);
    await runner.query(SEAL_OF_TEXTS);
    await new Posting1790000000008().up(runner);
  }
}

const COLUMNS = `
  alter table ledger_link add column format text collate "C" not null default 'TEXTS'
    constraint ck_ledger_link_format check (format in ('TEXTS', 'RECORDS'));
  alter table ledger_link alter column format drop default;
  alter table transfer add column payer_seq bigint, add column payee_seq bigint;
  update transfer t set payer_seq = p.seq, payee_seq = q.seq
    from entry p, entry q
   where p.network_id = t.network_id and p.transfer_id = t.id and p.account_id = t.payer_account_id and not p.is_levy
     and q.network_id = t.network_id and q.transfer_id = t.id and q.account_id = t.payee_account_id and not q.is_levy;
  drop index ix_entry_transfer;
  create index ix_entry_levy on entry (network_id, transfer_id) where is_levy;
  drop function ledger_post;
  drop function ledger_seal;
  alter type ledger_outcome add attribute payer_seq bigint, add attribute payee_seq bigint;
`;

const READS = `
-- The entries of transfers, levies among them; none of one that is not posted.
create function ledger_entries(p_network_id text, p_transfer_ids text[]) returns setof entry language sql stable as $$
  select e.* from transfer t
    join entry e on e.network_id = t.network_id and e.account_id = t.payer_account_id and e.seq = t.payer_seq
   where t.network_id = p_network_id and t.id = any(p_transfer_ids)
  union all
  select e.* from transfer t
    join entry e on e.network_id = t.network_id and e.account_id = t.payee_account_id and e.seq = t.payee_seq
   where t.network_id = p_network_id and t.id = any(p_transfer_ids)
  union all
  select e.* from entry e
   where e.network_id = p_network_id and e.transfer_id = any(p_transfer_ids) and e.is_levy
$$;
`;

const CHAIN = `
-- A posted transfer, all of it that never changes, as the record that PostgreSQL sends in its binary form: the number of
-- fields in four bytes, then for each the number of its type, its length (-1: null) and its bytes. Only types that have the
-- same number everywhere, and no two different rows give the same bytes.
create function ledger_transfer_record(t transfer) returns bytea language sql stable as $$
  select record_send(row(
    t.id::text, t.unit_id::text, t.kind, t.payer_account_id::text, t.payee_account_id::text, t.amount_minor,
    t.payer_levy_minor, t.payee_levy_minor, t.levy_account_id::text, t.description, t.created_by_person_id::text,
    t.acting_for_membership_id::text, t.actor_system, t.reverses_id::text, t.hold_id::text, t.cause_id::text,
    t.is_beyond_limit, t.created_at, t.posted_at))
$$;

create function ledger_entry_record(e entry) returns bytea language sql stable as $$
  select record_send(row(
    e.account_id::text, e.seq, e.transfer_id::text, e.amount_minor, e.balance_after_minor, e.received_after_minor,
    e.is_levy, e.posted_at))
$$;

-- Adds the link of transfers that were just posted: p_records is what they and their entries say, transfers by id, entries
-- by account and number. The head is locked last of all, and by nothing else.
create function ledger_seal(p_network_id text, p_ids text[], p_records bytea, p_at timestamptz)
returns void language plpgsql as $$
declare
  v_number bigint;
  v_hash bytea;
begin
  -- Texts are sent in the encoding of whoever is connected.
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

const SEAL_OF_TEXTS = `
create function ledger_seal(p_network_id text, p_ids text[], p_text text, p_at timestamptz)
returns void language plpgsql as $$
declare
  v_number bigint;
  v_hash bytea;
begin
  loop
    select h.number, h.hash into v_number, v_hash from ledger_head h
     where h.network_id = p_network_id for no key update;
    exit when found;
    insert into ledger_head (network_id, number, hash, transfer_count)
      values (p_network_id, 0, sha256(convert_to(p_network_id, 'UTF8')), 0) on conflict do nothing;
  end loop;
  v_number := v_number + 1;
  v_hash := sha256(v_hash || convert_to(v_number || ':' || p_text, 'UTF8'));
  insert into ledger_link (network_id, number, hash, transfer_ids, sealed_at)
    values (p_network_id, v_number, v_hash, p_ids, p_at);
  update ledger_head h
     set number = v_number, hash = v_hash, transfer_count = h.transfer_count + cardinality(p_ids)
   where h.network_id = p_network_id;
end $$;
`;
