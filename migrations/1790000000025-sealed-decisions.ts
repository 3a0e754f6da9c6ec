import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How actions that are signed end, and what is said to those who ask for consent, is written by functions alone. */
export class SealedDecisions1790000000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MOVE);
    await runner.query(RECORDS);
    await runner.query(ADD);
    await runner.query(SAY);
    await runner.query(SAID_BEFORE);
    await runner.query(`
      revoke execute on function signed_action_move, consent_record_hash, consent_add, consent_say from public`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function consent_say, consent_add, consent_record_hash, signed_action_move;
      delete from ballot_box b using proposal p
       where p.network_id = b.network_id and p.id = b.proposal_id and p.rule->>'method' = 'CONSENT';
      update event set data = data - 'number' - 'hash' where kind in ('StanceTaken', 'ObjectionRaised', 'ObjectionResolved');
      drop table consent_record;
    `);
  }
}

const MOVE = `
-- Ends an action that waits for signatures, or says why it could not be carried out: declined or run out, or with as many
-- signatures as its rule asks for.
create function signed_action_move(
  p_network_id text, p_id text, p_state text, p_now timestamptz, p_failure jsonb, p_declined_by text, p_reason text)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_action signed_action;
begin
  select * into v_action from signed_action a
   where a.network_id = p_network_id and a.id = p_id for no key update;
  if v_action.state in ('PENDING', 'FAILED') is not true then raise exception 'the action has ended'; end if;
  if p_state not in ('EXECUTED', 'FAILED', 'DECLINED', 'EXPIRED')
     or (v_action.expires_at <= p_now) is distinct from (p_state = 'EXPIRED') then
    raise exception 'no action ends like this';
  end if;
  if p_state in ('EXECUTED', 'FAILED') and
     (select count(*) from action_signature s
       where s.network_id = p_network_id and s.action_id = p_id and s.membership_id <> all(v_action.beneficiary_ids))
     < coalesce((v_action.rule->'decidedBy'->>'count')::integer, 1) then
    raise exception 'signatures are missing';
  end if;
  update signed_action a set state = p_state, failure = p_failure, declined_by_membership_id = p_declined_by,
         decline_reason = p_reason, ended_at = case when p_state <> 'FAILED' then p_now end
   where a.network_id = p_network_id and a.id = p_id;
end $$;
`;

const RECORDS = `
-- All that was ever said to proposals that ask for consent, in its order: each line is fastened to those before it, and the
-- head of the chain stands in the box of the vote. What counts of it stands in the tables of stances and objections.
create table consent_record (
  network_id typeid not null,
  proposal_id typeid not null,
  number integer not null,
  said text not null,
  version integer not null,
  membership_id typeid not null,
  objection_id typeid,
  reason text,
  said_at timestamptz not null,
  hash bytea not null,
  constraint pk_consent_record primary key (network_id, proposal_id, number),
  constraint fk_consent_record_proposal foreign key (network_id, proposal_id) references proposal (network_id, id),
  constraint ck_consent_record_said check (
    said in ('CONSENT', 'ABSTAIN') and objection_id is null
    or said in ('OBJECT', 'INTEGRATED', 'WITHDRAWN', 'INVALID') and objection_id is not null)
);

create function consent_record_hash(p_previous bytea, r consent_record) returns bytea language sql stable as $$
  select sha256(convert_to(ledger_field(encode(p_previous, 'hex')) || ledger_field(r.proposal_id)
      || ledger_field(r.number::text) || ledger_field(r.said) || ledger_field(r.version::text) || ledger_field(r.membership_id)
      || ledger_field(r.objection_id) || ledger_field(r.reason)
      || ledger_field(encode(timestamptz_send(r.said_at), 'hex')), 'UTF8'))
$$;
`;

const ADD = `
-- Adds a line at the end of the chain. The row of the proposal is locked by the caller.
create function consent_add(r consent_record) returns consent_record
language plpgsql set search_path = public, pg_temp as $$
declare
  v_box ballot_box;
begin
  insert into ballot_box values (r.network_id, r.proposal_id, 0, '', null, 0, '{}', '{}', '') on conflict do nothing;
  select * into v_box from ballot_box b
   where b.network_id = r.network_id and b.proposal_id = r.proposal_id for update;
  r.number := v_box.seal_count + 1;
  r.hash := consent_record_hash(v_box.head, r);
  insert into consent_record select r.*;
  update ballot_box b set seal_count = r.number, head = r.hash
   where b.network_id = r.network_id and b.proposal_id = r.proposal_id;
  return r;
end $$;
`;

const SAY = `
-- Says something to an open proposal that asks for consent, and tells the place of it in the chain: a stance of an elector who
-- does not object, an objection, or that one is settled. Whoever raised it says that a later version meets it or takes it back,
-- and the facilitator that it is none.
create function consent_say(
  p_network_id text, p_proposal_id text, p_now timestamptz, p_said text, p_membership_id text, p_objection_id text,
  p_reason text)
returns table (number integer, hash text) language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_proposal proposal; v_version integer; v_record consent_record;
begin
  select * into v_proposal from proposal p
   where p.network_id = p_network_id and p.id = p_proposal_id for no key update;
  if (v_proposal.state = 'OPEN' and v_proposal.rule->>'method' = 'CONSENT' and v_proposal.closes_at > p_now) is not true then
    raise exception 'nothing is said to this any more';
  end if;
  v_version := v_proposal.version;
  if p_said in ('CONSENT', 'ABSTAIN', 'OBJECT') and exists (
      select 1 from objection o where o.network_id = p_network_id and o.proposal_id = p_proposal_id
         and o.membership_id = p_membership_id and o.state = 'RAISED') then
    raise exception 'who objects says nothing else';
  end if;
  case
    when p_said in ('CONSENT', 'ABSTAIN') then
      insert into stance (network_id, proposal_id, version, membership_id, stance, reason, taken_at)
        values (p_network_id, p_proposal_id, v_version, p_membership_id, p_said, p_reason, p_now)
        on conflict on constraint pk_stance do update
          set stance = excluded.stance, reason = excluded.reason, taken_at = excluded.taken_at;
    when p_said = 'OBJECT' then
      insert into objection (network_id, id, proposal_id, version, membership_id, reason, state, raised_at)
        values (p_network_id, p_objection_id, p_proposal_id, v_version, p_membership_id, p_reason, 'RAISED', p_now);
      delete from stance s where s.network_id = p_network_id and s.proposal_id = p_proposal_id and s.version = v_version
         and s.membership_id = p_membership_id;
    else
      update objection o set state = p_said, resolution = p_reason, resolved_by_membership_id = p_membership_id,
             resolved_at = p_now
       where o.network_id = p_network_id and o.proposal_id = p_proposal_id and o.id = p_objection_id and o.state = 'RAISED'
         and p_said <> 'RAISED'
         and (p_said <> 'INTEGRATED' or o.version < v_proposal.version)
         and (p_said <> 'INVALID' or p_membership_id = v_proposal.facilitator_membership_id)
      returning o.version into v_version;
      if not found then raise exception 'no objection is settled like this'; end if;
  end case;
  v_record := consent_add(row(p_network_id, p_proposal_id, 0, p_said, v_version, p_membership_id, p_objection_id, p_reason,
                              p_now, '')::consent_record);
  return query select v_record.number, encode(v_record.hash, 'hex');
end $$;
`;

const SAID_BEFORE = `
-- What was said before stands in the record of each network: the chain is made of it, and the record tells its hashes.
do $$
declare
  v_event record; v_record consent_record;
begin
  for v_event in
    select e.network_id, e.id, e.subject_id, e.at,
           coalesce(e.data->>'stance', e.data->>'state', 'OBJECT') as said,
           coalesce((e.data->>'version')::integer, o.version) as version,
           case e.kind when 'StanceTaken' then e.data->>'membershipId' when 'ObjectionRaised' then o.membership_id
                       else o.resolved_by_membership_id end as membership_id,
           o.id as objection_id,
           case e.kind when 'StanceTaken' then e.data->>'reason' when 'ObjectionRaised' then o.reason
                       else o.resolution end as reason
      from event e
      left join objection o on o.network_id = e.network_id and o.id = e.data->>'objectionId'
     where e.kind in ('StanceTaken', 'ObjectionRaised', 'ObjectionResolved')
     order by e.network_id, e.subject_id, e.at, e.id
  loop
    v_record := consent_add(row(v_event.network_id, v_event.subject_id, 0, v_event.said, v_event.version,
                                v_event.membership_id, v_event.objection_id, v_event.reason, v_event.at, '')::consent_record);
    update event set data = data || jsonb_build_object('number', v_record.number, 'hash', encode(v_record.hash, 'hex'))
     where network_id = v_event.network_id and id = v_event.id;
  end loop;
end $$;
`;
