import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ballots, and the only functions that write them. */
export class Ballots1790000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(HASHES);
    await runner.query(CAST_OPEN);
    await runner.query(SEAL);
    await runner.query(CAST_SECRET);
    await runner.query(`
      revoke execute on function ballot_same_size, ballot_version_hash, ballot_digest, ballot_seal_hash, ballot_pool_hash,
        ballot_roll_hash, ballot_roll_part, ballot_cast_open, ballot_add_seal, ballot_known, ballot_cast_secret, ballot_seal_rest
        from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function ballot_seal_rest, ballot_cast_secret, ballot_known, ballot_add_seal, ballot_cast_open, ballot_roll_part,
        ballot_roll_hash, ballot_pool_hash, ballot_seal_hash, ballot_digest, ballot_version_hash, ballot_same_size;
      drop table ballot_salt, ballot_roll, ballot_seal, ballot_version, ballot, ballot_box;
    `);
  }
}

const TABLES = `
-- One row for each vote, rewritten with each ballot. Of an open vote it holds the head of the chain of all ballots that were
-- ever cast. Of a secret one it holds the head of the seals, and the ballots that are not sealed yet.
create table ballot_box (
  network_id typeid not null,
  proposal_id typeid not null,
  seal_count integer not null,
  head bytea not null,
  sealed_at timestamptz,
  roll_parts integer not null,
  pool jsonb not null,
  pool_digests jsonb not null,
  pool_hash bytea not null,
  constraint pk_ballot_box primary key (network_id, proposal_id),
  constraint fk_ballot_box_proposal foreign key (network_id, proposal_id) references proposal (network_id, id)
);

-- The ballot of each voter in an open vote, as it stands.
create table ballot (
  network_id typeid not null,
  proposal_id typeid not null,
  membership_id typeid not null,
  number integer not null,
  vote jsonb not null,
  constraint pk_ballot primary key (network_id, proposal_id, membership_id),
  constraint fk_ballot_elector foreign key (network_id, proposal_id, membership_id)
    references elector (network_id, proposal_id, membership_id)
);

-- All ballots that were cast in an open vote, also those that were changed later.
create table ballot_version (
  network_id typeid not null,
  proposal_id typeid not null,
  number integer not null,
  id typeid not null,
  membership_id typeid not null,
  cast_by_person_id typeid,
  acting_for_membership_id typeid,
  vote jsonb not null,
  cast_at timestamptz not null,
  hash bytea not null,
  constraint pk_ballot_version primary key (network_id, proposal_id, number),
  constraint uq_ballot_version_id unique (network_id, id),
  constraint fk_ballot_version_proposal foreign key (network_id, proposal_id) references proposal (network_id, id)
);

-- Ballots of a secret vote that are sealed: they never change. Objects by receipt keep no order of their own.
create table ballot_seal (
  network_id typeid not null,
  proposal_id typeid not null,
  number integer not null,
  ballots jsonb not null,
  digests jsonb not null,
  hash bytea not null,
  constraint pk_ballot_seal primary key (network_id, proposal_id, number),
  constraint fk_ballot_seal_proposal foreign key (network_id, proposal_id) references proposal (network_id, id)
);

-- Who has voted in a secret vote: sorted lists, each of which is rewritten whole.
create table ballot_roll (
  network_id typeid not null,
  proposal_id typeid not null,
  part integer not null,
  membership_ids text[] not null,
  hash bytea not null,
  constraint pk_ballot_roll primary key (network_id, proposal_id, part),
  constraint fk_ballot_roll_proposal foreign key (network_id, proposal_id) references proposal (network_id, id)
);

-- What receipts of a secret vote are made with. It is deleted soon after the vote: nobody can make them again then.
create table ballot_salt (
  network_id typeid not null,
  proposal_id typeid not null,
  salt bytea not null,
  closes_at timestamptz not null,
  constraint pk_ballot_salt primary key (network_id, proposal_id),
  constraint fk_ballot_salt_proposal foreign key (network_id, proposal_id) references proposal (network_id, id)
);
create index ix_ballot_salt_closes_at on ballot_salt (closes_at);
`;

const HASHES = `
-- Lists that begin elsewhere than at 1, or differ in length, would be read one way here and another way there.
create function ballot_same_size(p_first text[], variadic p_dims text[]) returns boolean language sql immutable as $$
  select array_ndims(p_first) = 1 and array_lower(p_first, 1) = 1
     and (select bool_and(d is not distinct from array_dims(p_first)) from unnest(p_dims) as d)
$$;

-- What fastens a ballot of an open vote to all that were cast before it.
create function ballot_version_hash(p_previous bytea, v ballot_version) returns bytea language sql stable as $$
  select sha256(convert_to(ledger_field(encode(p_previous, 'hex')) || ledger_field(v.proposal_id)
      || ledger_field(v.number::text) || ledger_field(v.id) || ledger_field(v.membership_id)
      || ledger_field(v.cast_by_person_id) || ledger_field(v.acting_for_membership_id) || ledger_field(v.vote::text)
      || ledger_field(encode(timestamptz_send(v.cast_at), 'hex')), 'UTF8'))
$$;

create function ballot_digest(p_proposal_id text, p_receipt text, p_ballot jsonb) returns text language sql immutable as $$
  select encode(sha256(convert_to(
    ledger_field(p_proposal_id) || ledger_field(p_receipt) || ledger_field(p_ballot::text), 'UTF8')), 'hex')
$$;

create function ballot_seal_hash(p_previous bytea, p_proposal_id text, p_number integer, p_digests jsonb)
returns bytea language sql immutable as $$
  select sha256(convert_to(
    ledger_field(encode(p_previous, 'hex')) || ledger_field(p_proposal_id) || ledger_field(p_number::text)
      || coalesce(string_agg(ledger_field(d.key) || ledger_field(d.value), '' order by d.key collate "C"), ''), 'UTF8'))
    from jsonb_each_text(p_digests) as d
$$;

create function ballot_pool_hash(b ballot_box) returns bytea language sql immutable as $$
  select sha256(convert_to(ledger_field(encode(b.head, 'hex')) || ledger_field(b.proposal_id)
      || ledger_field(b.pool::text) || ledger_field(b.pool_digests::text), 'UTF8'))
$$;

create function ballot_roll_hash(p_proposal_id text, p_part integer, p_members text[]) returns bytea
language sql immutable as $$
  select sha256(convert_to(ledger_field(p_proposal_id) || ledger_field(p_part::text)
      || coalesce((select string_agg(ledger_field(m.id), '' order by m.id collate "C") from unnest(p_members) as m (id)), ''),
    'UTF8'))
$$;

-- On which list a voter stands.
create function ballot_roll_part(p_member text, p_parts integer) returns integer language sql immutable as $$
  select (get_byte(h.hash, 0) * 65536 + get_byte(h.hash, 1) * 256 + get_byte(h.hash, 2)) % p_parts
    from (select sha256(convert_to(p_member, 'UTF8')) as hash) as h
$$;
`;

const CAST_OPEN = `
-- Casts or changes ballots of one open vote in the order in which they are given, and says of each what came of it. All
-- lists are as long as p_members; each member stands in it once.
--
-- Keys are claimed first, as everybody does who claims a key. The row of the proposal is held only while ballots are taken:
-- who closes the vote waits for those that are being cast, and those who come after find it closed.
create function ballot_cast_open(
  p_network_id text, p_proposal_id text, p_now timestamptz, p_members text[], p_ids text[], p_ballots text[],
  p_persons text[], p_acting_for text[], p_owners text[], p_keys text[], p_hashes bytea[])
returns table (verdict text, receipt text)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  v_claimed text[]; v_is_open boolean; v_box ballot_box; v_version ballot_version; v_versions ballot_version[] := '{}';
  v_key record; v_verdicts text[] := '{}'; v_receipts text[] := '{}'; v_verdict text;
begin
  if isfinite(p_now) is not true or ballot_same_size(p_members, array_dims(p_ids), array_dims(p_ballots), array_dims(p_persons),
       array_dims(p_acting_for), array_dims(p_owners), array_dims(p_keys), array_dims(p_hashes)) is not true then
    raise exception 'ballots are given by lists of one length, at an instant';
  end if;
  with claimed as (
    insert into idempotency_key (network_id, owner, key, content_hash, result_id, created_at)
      select p_network_id, n.owner, n.key, n.hash, n.id, p_now
        from unnest(p_owners, p_keys, p_hashes, p_ids) as n (owner, key, hash, id)
       order by n.owner collate "C", n.key collate "C"
      on conflict do nothing
    returning result_id::text as id)
  select coalesce(array_agg(c.id), '{}') into v_claimed from claimed as c;
  perform 1 from proposal p
   where p.network_id = p_network_id and p.id = p_proposal_id and p.state = 'OPEN' and p.closes_at > p_now
     and not (p.rule->>'isSecret')::boolean for share;
  v_is_open := found;
  if v_is_open then
    insert into ballot_box
      select p_network_id, p_proposal_id, 0, '', null, 0, '{}', '{}', ''
       where exists (select 1 from unnest(p_members, p_ids) as n (member, id)
                       join elector e on e.network_id = p_network_id and e.proposal_id = p_proposal_id
                                     and e.membership_id = n.member
                      where n.id = any(v_claimed))
      on conflict do nothing;
    select * into v_box from ballot_box b
     where b.network_id = p_network_id and b.proposal_id = p_proposal_id for update;
  end if;
  for i in 1 .. cardinality(p_members) loop
    if p_ids[i] = any(v_claimed) then
      v_verdict := case when not v_is_open then 'CLOSED'
        when not exists (select 1 from elector e where e.network_id = p_network_id and e.proposal_id = p_proposal_id
                            and e.membership_id = p_members[i]) then 'NOT_AN_ELECTOR'
        else 'CAST' end;
      v_receipts := v_receipts || p_ids[i];
    else
      select k.content_hash, k.result_id into v_key from idempotency_key k
       where k.network_id = p_network_id and k.owner = p_owners[i] and k.key = p_keys[i];
      -- Somebody else took the key and let it go again: asked again, it is clear.
      if not found then raise exception 'an idempotency key is being used' using errcode = '40001'; end if;
      v_verdict := case when v_key.content_hash = p_hashes[i] then 'REPEATED' else 'KEY_REUSED' end;
      v_receipts := v_receipts || v_key.result_id::text;
    end if;
    v_verdicts := v_verdicts || v_verdict;
    if v_verdict = 'CAST' then
      v_version := row(p_network_id, p_proposal_id, v_box.seal_count + 1, p_ids[i], p_members[i], p_persons[i],
                       p_acting_for[i], p_ballots[i]::jsonb, p_now, null);
      v_version.hash := ballot_version_hash(v_box.head, v_version);
      v_versions := v_versions || v_version;
      v_box.seal_count := v_version.number;
      v_box.head := v_version.hash;
    end if;
  end loop;
  if cardinality(v_versions) > 0 then
    insert into ballot_version select v.* from unnest(v_versions) as v;
    insert into ballot (network_id, proposal_id, membership_id, number, vote)
      select p_network_id, p_proposal_id, v.membership_id, v.number, v.vote from unnest(v_versions) as v
       order by v.membership_id
      on conflict on constraint pk_ballot do update set number = excluded.number, vote = excluded.vote;
    update ballot_box b set seal_count = v_box.seal_count, head = v_box.head
     where b.network_id = p_network_id and b.proposal_id = p_proposal_id;
    insert into event (network_id, id, kind, subject_id, actor_person_id, acting_for_membership_id, data, at)
      select p_network_id, 'evt' || substr(v.id, 4), 'BallotCast', p_proposal_id, v.cast_by_person_id,
             v.acting_for_membership_id, jsonb_build_object('number', v.number, 'hash', encode(v.hash, 'hex')), p_now
        from unnest(v_versions) as v;
  end if;
  -- A key is kept only with success.
  delete from idempotency_key k
   using unnest(p_owners, p_keys, p_ids, v_verdicts) as n (owner, key, id, verdict)
   where n.verdict in ('CLOSED', 'NOT_AN_ELECTOR') and n.id = any(v_claimed)
     and k.network_id = p_network_id and k.owner = n.owner and k.key = n.key;
  return query select * from unnest(v_verdicts, v_receipts);
end $$;
`;

const SEAL = `
-- Seals so many ballots of a secret vote, whichever the lot takes, and tells of the new head. The row of the box is locked,
-- and rewritten by the caller.
create function ballot_add_seal(b ballot_box, p_count integer, p_event_id text, p_now timestamptz) returns ballot_box
language plpgsql set search_path = public, pg_temp as $$
declare
  v_ballots jsonb; v_digests jsonb;
begin
  select jsonb_object_agg(t.key, t.value), jsonb_object_agg(t.key, b.pool_digests->t.key) into v_ballots, v_digests
    from (select e.key, e.value from jsonb_each(b.pool) as e order by gen_random_uuid() limit p_count) as t;
  b.pool := b.pool - array(select jsonb_object_keys(v_ballots));
  b.pool_digests := b.pool_digests - array(select jsonb_object_keys(v_ballots));
  b.seal_count := b.seal_count + 1;
  b.head := ballot_seal_hash(b.head, b.proposal_id, b.seal_count, v_digests);
  b.sealed_at := p_now;
  insert into ballot_seal values (b.network_id, b.proposal_id, b.seal_count, v_ballots, v_digests, b.head);
  insert into event (network_id, id, kind, subject_id, actor_system, data, at)
    values (b.network_id, p_event_id, 'BallotBoxSealed', b.proposal_id, 'ballot box',
            jsonb_build_object('number', b.seal_count, 'hash', encode(b.head, 'hex')), p_now);
  return b;
end $$;

-- Seals what is left in the box when a secret vote is over; the row of the proposal is locked by whoever closes it.
create function ballot_seal_rest(p_network_id text, p_proposal_id text, p_event_id text, p_now timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_box ballot_box;
begin
  select * into v_box from ballot_box b
   where b.network_id = p_network_id and b.proposal_id = p_proposal_id for update;
  if not found or v_box.pool = '{}' then return; end if;
  -- A seal of a few ballots would tell too much of them while others can still be cast.
  if exists (select 1 from proposal p where p.network_id = p_network_id and p.id = p_proposal_id
                and p.state = 'OPEN' and p.closes_at > p_now)
     and (select count(*) from elector e where e.network_id = p_network_id and e.proposal_id = p_proposal_id)
       > (select coalesce(sum(cardinality(r.membership_ids)), 0) from ballot_roll r
           where r.network_id = p_network_id and r.proposal_id = p_proposal_id) then
    raise exception 'the vote goes on';
  end if;
  if v_box.pool_hash is distinct from ballot_pool_hash(v_box) then raise exception 'the box was opened'; end if;
  v_box := ballot_add_seal(v_box, (select count(*)::integer from jsonb_object_keys(v_box.pool)), p_event_id, p_now);
  update ballot_box b set seal_count = v_box.seal_count, head = v_box.head, sealed_at = v_box.sealed_at, pool = v_box.pool,
         pool_digests = v_box.pool_digests, pool_hash = ballot_pool_hash(v_box)
   where b.network_id = p_network_id and b.proposal_id = p_proposal_id;
end $$;
`;

const CAST_SECRET = `
-- The ballot with a receipt, whether it is sealed or not; null if there is none.
create function ballot_known(b ballot_box, p_receipt text) returns jsonb language sql stable as $$
  select coalesce(b.pool->p_receipt,
    (select s.ballots->p_receipt from ballot_seal s
      where s.network_id = b.network_id and s.proposal_id = b.proposal_id and s.ballots ? p_receipt))
$$;

-- Casts ballots of one secret vote and says of each what came of it. All lists are as long as p_members; each member stands
-- in it once. p_marks: what a voter's own key becomes by a key that the database does not have.
--
-- Nothing that is written names a voter and a vote. All ballots of the box that are not sealed stand in one row, which is
-- rewritten whole, and so does each list of the roll: neither the order of rows nor the transactions that wrote them tell
-- who cast what.
create function ballot_cast_secret(
  p_network_id text, p_proposal_id text, p_now timestamptz, p_event_id text, p_members text[], p_marks bytea[], p_ballots text[])
returns table (verdict text, receipt text)
language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  -- A seal, and what stays in the box behind it, hold at least so many ballots.
  c_least constant integer := 5;
  c_full constant integer := 512;
  c_pause constant interval := '1 hour';
  c_roll_part constant integer := 256;
  v_closes_at timestamptz; v_box ballot_box; v_salt bytea; v_weight bigint; v_size integer; v_known jsonb; v_ballot jsonb;
  v_verdict text; v_receipt text; v_verdicts text[] := '{}'; v_receipts text[] := '{}'; v_new text[] := '{}';
  v_added jsonb := '{}'; v_digests jsonb := '{}';
begin
  if isfinite(p_now) is not true or ballot_same_size(p_members, array_dims(p_marks), array_dims(p_ballots)) is not true then
    raise exception 'ballots are given by lists of one length, at an instant';
  end if;
  select p.closes_at into v_closes_at from proposal p
   where p.network_id = p_network_id and p.id = p_proposal_id and p.state = 'OPEN' and p.closes_at > p_now
     and (p.rule->>'isSecret')::boolean for share;
  -- Nothing is left behind by those who may not vote.
  if v_closes_at is not null and exists (
      select 1 from elector e where e.network_id = p_network_id and e.proposal_id = p_proposal_id
         and e.membership_id = any(p_members)) then
    insert into ballot_box
      select p_network_id, p_proposal_id, 0, '', null, 1 + count(*) / c_roll_part, '{}', '{}', ''
        from elector e where e.network_id = p_network_id and e.proposal_id = p_proposal_id
      on conflict do nothing;
    -- Two random ids hold 244 random bits.
    insert into ballot_salt
      values (p_network_id, p_proposal_id, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), v_closes_at)
      on conflict do nothing;
  end if;
  select * into v_box from ballot_box b
   where b.network_id = p_network_id and b.proposal_id = p_proposal_id for update;
  select s.salt into v_salt from ballot_salt s where s.network_id = p_network_id and s.proposal_id = p_proposal_id;
  if v_box.pool_hash <> '' and v_box.pool_hash <> ballot_pool_hash(v_box) then raise exception 'the box was opened'; end if;
  for i in 1 .. cardinality(p_members) loop
    v_receipt := encode(substr(sha256(v_salt || convert_to(ledger_field(p_members[i]), 'UTF8') || p_marks[i]), 1, 16), 'hex');
    select e.weight into v_weight from elector e
     where e.network_id = p_network_id and e.proposal_id = p_proposal_id and e.membership_id = p_members[i];
    if v_weight is null then v_verdict := case when v_closes_at is null then 'CLOSED' else 'NOT_AN_ELECTOR' end;
    elsif p_members[i] = any(v_new) or exists (
        select 1 from ballot_roll r where r.network_id = p_network_id and r.proposal_id = p_proposal_id
           and r.part = ballot_roll_part(p_members[i], v_box.roll_parts) and p_members[i] = any(r.membership_ids)) then
      v_known := ballot_known(v_box, v_receipt);
      v_verdict := case when v_known is null then 'ALREADY_VOTED'
        when v_known->'vote' = p_ballots[i]::jsonb then 'REPEATED' else 'KEY_REUSED' end;
    elsif v_closes_at is null then v_verdict := 'CLOSED';
    else
      v_verdict := 'CAST';
      v_ballot := jsonb_build_object('vote', p_ballots[i]::jsonb, 'weight', v_weight::text);
      v_added := v_added || jsonb_build_object(v_receipt, v_ballot);
      v_digests := v_digests || jsonb_build_object(v_receipt, ballot_digest(p_proposal_id, v_receipt, v_ballot));
      v_new := v_new || p_members[i];
    end if;
    v_verdicts := v_verdicts || v_verdict;
    v_receipts := v_receipts || v_receipt;
  end loop;
  if cardinality(v_new) > 0 then
    v_box.pool := v_box.pool || v_added;
    v_box.pool_digests := v_box.pool_digests || v_digests;
    select count(*) into v_size from jsonb_object_keys(v_box.pool);
    if v_size >= c_full or v_size >= 2 * c_least and (v_box.sealed_at is null or v_box.sealed_at <= p_now - c_pause) then
      v_box := ballot_add_seal(v_box, v_size / 2, p_event_id, p_now);
    end if;
    update ballot_box b set seal_count = v_box.seal_count, head = v_box.head, sealed_at = v_box.sealed_at, pool = v_box.pool,
           pool_digests = v_box.pool_digests, pool_hash = ballot_pool_hash(v_box)
     where b.network_id = p_network_id and b.proposal_id = p_proposal_id;
    insert into ballot_roll as r (network_id, proposal_id, part, membership_ids, hash)
      select p_network_id, p_proposal_id, n.part, n.ids, ballot_roll_hash(p_proposal_id, n.part, n.ids)
        from (select m.part, array_agg(m.id order by m.id collate "C") as ids
                from (select ballot_roll_part(v.id, v_box.roll_parts) as part, v.id from unnest(v_new) as v (id)
                      union all
                      select o.part, u.id from ballot_roll o cross join unnest(o.membership_ids) as u (id)
                       where o.network_id = p_network_id and o.proposal_id = p_proposal_id
                         and o.part in (select ballot_roll_part(v.id, v_box.roll_parts) from unnest(v_new) as v (id))) as m
               group by m.part) as n
      on conflict on constraint pk_ballot_roll do update set membership_ids = excluded.membership_ids, hash = excluded.hash;
  end if;
  return query select * from unnest(v_verdicts, v_receipts);
end $$;
`;
