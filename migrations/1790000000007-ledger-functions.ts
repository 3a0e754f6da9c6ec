import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The functions around posting: limits, the chain, requests, holds. They belong to the owner of the tables; the serving
 * role may execute those that `privileges` names and cannot write where they write.
 */
export class LedgerFunctions1790000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const functions of [LIMITS, CHAIN, REQUESTS, HOLDS]) await runner.query(functions);
    await runner.query('revoke execute on all functions in schema public from public');
    // What was posted before there was a chain is its first link.
    await runner.query(`
      select ledger_seal(t.network_id, array_agg(t.id::text order by t.posted_at, t.id),
               string_agg(ledger_transfer_text(t), '' order by t.id)
                 || (select string_agg(ledger_entry_text(e), '' order by e.account_id, e.seq)
                       from entry e where e.network_id = t.network_id),
               max(t.posted_at))
        from transfer t where t.posted_at is not null group by t.network_id`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function ledger_hold_close, ledger_hold_place, ledger_answer, ledger_request, ledger_seal,
        ledger_transfer_text, ledger_entry_text, ledger_field, ledger_limits, ledger_floor, ledger_seq_at;`);
  }
}

const LIMITS = `
-- The number of the last entry of an account that is not after an instant; 0 if there is none. Entries of an account are
-- numbered in the order of their time, so the search needs no index but the primary key. It begins at the end, where
-- most questions lie.
create function ledger_seq_at(p_network_id text, p_account_id text, p_count bigint, p_at timestamptz)
returns bigint language plpgsql stable set plan_cache_mode = force_generic_plan as $$
declare
  v_low bigint := p_count;
  v_high bigint := p_count + 1;
  v_step bigint := 1;
  v_middle bigint;
  v_at timestamptz;
begin
  while v_low > 0 loop
    select e.posted_at into v_at from entry e
     where e.network_id = p_network_id and e.account_id = p_account_id and e.seq = v_low;
    exit when v_at <= p_at;
    v_high := v_low;
    v_low := greatest(v_low - v_step, 0);
    v_step := v_step * 2;
  end loop;
  while v_high - v_low > 1 loop
    v_middle := (v_low + v_high) / 2;
    select e.posted_at into v_at from entry e
     where e.network_id = p_network_id and e.account_id = p_account_id and e.seq = v_middle;
    if v_at <= p_at then v_low := v_middle; else v_high := v_middle; end if;
  end loop;
  return v_low;
end $$;

-- The floor that a policy gives an account which has received so much: in the policy's days for TURNOVER, ever for GROWTH.
create function ledger_floor(
  p_kind text, p_floor bigint, p_ppm integer, p_hard_floor bigint, p_received bigint)
returns bigint language sql immutable as $$
  select case p_kind
    when 'FIXED' then p_floor
    when 'TURNOVER' then greatest(
      p_floor - floor(greatest(p_received, 0)::numeric * p_ppm / 1000000), p_hard_floor, -1000000000000000000)::bigint
    when 'GROWTH' then greatest(p_floor::numeric - greatest(p_received, 0), p_hard_floor, -1000000000000000000)::bigint
  end
$$;

-- The limits in force of some accounts at an instant; null where there is none.
create function ledger_limits(p_network_id text, p_ids text[], p_now timestamptz)
returns table (account_id text, floor_minor bigint, ceiling_minor bigint)
language sql stable as $$
  select a.id::text,
         case when a.follows_policy then ledger_floor(p.limit_kind, p.floor_minor, p.turnover_ppm, p.hard_floor_minor,
           a.received_minor - case when p.limit_kind = 'TURNOVER' then coalesce((
             select e.received_after_minor from entry e
              where e.network_id = a.network_id and e.account_id = a.id and e.seq = ledger_seq_at(
                a.network_id, a.id, a.entry_count, p_now - make_interval(days => p.turnover_days))), 0)
           else 0 end)
         else a.floor_minor end,
         case when a.follows_policy then p.ceiling_minor else a.ceiling_minor end
    from account a
    join unit u on u.network_id = a.network_id and u.id = a.unit_id
    join unit_policy p on p.network_id = u.network_id and p.unit_id = u.id and p.version = u.policy_version
   where a.network_id = p_network_id and a.id = any(p_ids)
$$;
`;

const CHAIN = `
-- Each field with its length before it, so that no two different rows give the same text. The cast is for the planner, which
-- takes the function apart only if all that it calls is immutable, and integer || text is not.
create function ledger_field(p_text text) returns text language sql immutable as $$
  select coalesce(octet_length(p_text)::text || ':' || p_text, '-')
$$;

-- All of a posted transfer that never changes. Instants are microseconds since 2000, whatever the time zone of who asks.
create function ledger_transfer_text(t transfer) returns text language sql stable as $$
  select ledger_field(t.id) || ledger_field(t.unit_id) || ledger_field(t.kind) || ledger_field(t.payer_account_id)
      || ledger_field(t.payee_account_id) || ledger_field(t.amount_minor::text) || ledger_field(t.payer_levy_minor::text)
      || ledger_field(t.payee_levy_minor::text) || ledger_field(t.levy_account_id) || ledger_field(t.description)
      || ledger_field(t.created_by_person_id) || ledger_field(t.acting_for_membership_id) || ledger_field(t.actor_system)
      || ledger_field(t.reverses_id) || ledger_field(t.hold_id) || ledger_field(t.cause_id)
      || ledger_field(t.is_beyond_limit::text)
      || ledger_field(encode(timestamptz_send(t.created_at), 'hex'))
      || ledger_field(encode(timestamptz_send(t.posted_at), 'hex'))
$$;

create function ledger_entry_text(e entry) returns text language sql stable as $$
  select ledger_field(e.account_id) || ledger_field(e.seq::text) || ledger_field(e.transfer_id)
      || ledger_field(e.amount_minor::text) || ledger_field(e.balance_after_minor::text)
      || ledger_field(e.received_after_minor::text) || ledger_field(e.is_levy::text)
      || ledger_field(encode(timestamptz_send(e.posted_at), 'hex'))
$$;

-- Adds the link of transfers that were just posted: p_text is what they and their entries say, transfers by id, entries by
-- account and number. The head is locked last of all, and by nothing else.
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

const REQUESTS = `
-- Writes down a transfer that waits for an answer. It counts in no balance.
create function ledger_request(
  p_network_id text, p_id text, p_payer text, p_payee text, p_amount bigint, p_description text, p_person text,
  p_acting_for text, p_system text, p_cause text, p_now timestamptz, p_expires_at timestamptz,
  p_accepts_at timestamptz)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_unit text;
begin
  select a.unit_id into v_unit from account a
    join account b on b.network_id = a.network_id and b.unit_id = a.unit_id
   where a.network_id = p_network_id and a.id = p_payer and b.id = p_payee and a.state <> 'CLOSED'
     and b.state <> 'CLOSED';
  if v_unit is null or p_amount not between 1 and 1000000000000000000 then
    raise exception 'a request has two accounts of one unit and an amount';
  end if;
  insert into transfer (
      network_id, id, unit_id, kind, state, payer_account_id, payee_account_id, amount_minor, description,
      created_by_person_id, acting_for_membership_id, actor_system, cause_id, payer_levy_minor, payee_levy_minor,
      is_beyond_limit, created_at, expires_at, accepts_at)
    values (p_network_id, p_id, v_unit, 'REQUEST', 'PENDING', p_payer, p_payee, p_amount, p_description,
      p_person, p_acting_for, p_system, p_cause, 0, 0, false, p_now, p_expires_at, p_accepts_at);
end $$;

-- Ends a transfer that waits, without moving anything; false if it does not wait any more. PENDING: it goes on waiting, and
-- only a person accepts it from now on.
create function ledger_answer(p_network_id text, p_id text, p_state text, p_now timestamptz)
returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if p_state not in ('REJECTED', 'CANCELLED', 'EXPIRED', 'PENDING') then
    raise exception 'not an answer: %', p_state;
  end if;
  update transfer t
     set state = p_state, accepts_at = null, answered_at = case when p_state = 'PENDING' then null else p_now end
   where t.network_id = p_network_id and t.id = p_id and t.state = 'PENDING';
  return found;
end $$;
`;

const HOLDS = `
-- Reserves an amount of an account, or says why not.
create function ledger_hold_place(
  p_network_id text, p_id text, p_account text, p_payee text, p_amount bigint, p_description text, p_person text,
  p_acting_for text, p_system text, p_cause text, p_now timestamptz, p_expires_at timestamptz)
returns table (verdict text, room_minor bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_account account;
  v_floor bigint;
  v_warns boolean;
begin
  select * into v_account from account a where a.network_id = p_network_id and a.id = p_account for no key update;
  if v_account.state is distinct from 'OPEN' then
    return query select coalesce('NOT_OPEN:' || v_account.state, 'NO_ACCOUNT'), null::bigint;
    return;
  end if;
  if p_amount is null or p_amount not between 1 and 1000000000000000000
     or v_account.reserved_minor > 1000000000000000000 then
    return query select 'OUT_OF_RANGE', null::bigint;
    return;
  end if;
  select l.floor_minor into v_floor from ledger_limits(p_network_id, array[p_account], p_now) l;
  select p.limit_mode = 'WARN' into v_warns from unit u
    join unit_policy p on p.network_id = u.network_id and p.unit_id = u.id and p.version = u.policy_version
   where u.network_id = p_network_id and u.id = v_account.unit_id;
  -- Like spending, since it can be captured at any time.
  if not v_warns and v_account.balance_minor - v_account.reserved_minor - p_amount < v_floor then
    return query select 'BELOW_FLOOR', greatest(0, v_account.balance_minor - v_account.reserved_minor - v_floor);
    return;
  end if;
  insert into hold (network_id, id, account_id, payee_account_id, state, amount_minor, captured_minor, description,
      cause_id, created_by_person_id, acting_for_membership_id, actor_system, created_at, expires_at)
    values (p_network_id, p_id, p_account, p_payee, 'OPEN', p_amount, 0, p_description, p_cause, p_person, p_acting_for,
      p_system, p_now, p_expires_at);
  update account a set reserved_minor = a.reserved_minor + p_amount
   where a.network_id = p_network_id and a.id = p_account;
  return query select 'PLACED', null::bigint;
end $$;

-- Gives back what is left of a hold; false if it is not open any more.
create function ledger_hold_close(p_network_id text, p_id text, p_state text, p_now timestamptz)
returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_account text;
  v_left bigint;
begin
  if p_state not in ('RELEASED', 'EXPIRED') then raise exception 'not an end of a hold: %', p_state; end if;
  select h.account_id into v_account from hold h where h.network_id = p_network_id and h.id = p_id;
  perform 1 from account a where a.network_id = p_network_id and a.id = v_account for no key update;
  update hold h set state = p_state, closed_at = p_now
   where h.network_id = p_network_id and h.id = p_id and h.state = 'OPEN'
  returning h.amount_minor - h.captured_minor into v_left;
  if not found then return false; end if;
  update account a set reserved_minor = a.reserved_minor - v_left
   where a.network_id = p_network_id and a.id = v_account;
  return true;
end $$;
`;
