import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members vote on stays what was opened: a hash over all of it, and the only functions that move a proposal on. */
export class FrozenProposals1790000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table proposal add column frozen_hash text');
    await runner.query(HASH);
    await runner.query(OPEN);
    await runner.query(AMEND);
    await runner.query(CLOSE);
    await runner.query(MOVE);
    await runner.query(`
      revoke execute on function proposal_frozen_hash, proposal_take, proposal_open, proposal_amend, proposal_close,
        proposal_move from public;
      update proposal p set frozen_hash = proposal_frozen_hash(p) where p.opened_at is not null;
      alter table proposal
        add constraint ck_proposal_frozen check ((opened_at is null) = (frozen_hash is null)),
        add constraint ck_proposal_draft check (state <> 'DRAFT' or opened_at is null);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table proposal drop constraint ck_proposal_draft, drop constraint ck_proposal_frozen;
      drop function proposal_move, proposal_close, proposal_amend, proposal_open, proposal_take, proposal_frozen_hash;
      alter table proposal drop column frozen_hash;
    `);
  }
}

const HASH = `
-- What is voted on, by whom and until when. An option that is withdrawn while members vote was on the ballot all the same.
create function proposal_frozen_hash(p proposal) returns text language sql stable as $$
  select encode(sha256(convert_to(ledger_field(p.id) || ledger_field(p.version::text) || ledger_field(p.title)
      || ledger_field(p.text) || ledger_field(p.topic) || ledger_field(p.rule::text) || ledger_field(p.actions::text)
      || ledger_field((select coalesce(jsonb_agg(o.value - 'isWithdrawn' order by o.ordinality), '[]')
                         from jsonb_array_elements(p.options) with ordinality as o)::text)
      || ledger_field(encode(timestamptz_send(p.opened_at), 'hex'))
      || ledger_field(encode(timestamptz_send(p.closes_at), 'hex'))
      || coalesce((select string_agg(ledger_field(e.membership_id) || ledger_field(e.weight::text), ''
                                     order by e.membership_id collate "C")
                     from elector e where e.network_id = p.network_id and e.proposal_id = p.id), ''), 'UTF8')), 'hex')
$$;

-- The proposal, locked, if it is in one of these states and what members vote on is what was opened.
create function proposal_take(p_network_id text, p_id text, variadic p_states text[]) returns proposal
language plpgsql set search_path = public, pg_temp as $$
declare
  v_proposal proposal;
begin
  select * into v_proposal from proposal p
   where p.network_id = p_network_id and p.id = p_id for no key update;
  if v_proposal.state = any(p_states) is not true then raise exception 'the proposal is in another state'; end if;
  if v_proposal.opened_at is not null and v_proposal.frozen_hash is distinct from proposal_frozen_hash(v_proposal) then
    raise exception 'what is voted on was changed';
  end if;
  return v_proposal;
end $$;
`;

const OPEN = `
-- Opens a draft for these electors, and says by which hash it is known from now on.
create function proposal_open(
  p_network_id text, p_id text, p_now timestamptz, p_rule jsonb, p_closes_at timestamptz, p_members text[], p_weights bigint[])
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_proposal proposal;
begin
  if ballot_same_size(p_members, array_dims(p_weights)) is not true then
    raise exception 'electors are given by lists of one length';
  end if;
  v_proposal := proposal_take(p_network_id, p_id, 'DRAFT');
  insert into elector (network_id, proposal_id, membership_id, weight)
    select p_network_id, p_id, n.member, n.weight from unnest(p_members, p_weights) as n (member, weight);
  v_proposal.rule := p_rule;
  v_proposal.opened_at := p_now;
  v_proposal.closes_at := p_closes_at;
  v_proposal.frozen_hash := proposal_frozen_hash(v_proposal);
  update proposal p set state = 'OPEN', rule = p_rule, opened_at = p_now, closes_at = p_closes_at,
         eligible_count = cardinality(p_members), eligible_weight = (select sum(n.weight) from unnest(p_weights) as n (weight)),
         frozen_hash = v_proposal.frozen_hash
   where p.network_id = p_network_id and p.id = p_id;
  return v_proposal.frozen_hash;
end $$;
`;

const AMEND = `
-- Writes an open proposal anew, which consent alone allows: under the same rule, for the same electors, never with an earlier
-- end. Says by which hash it is known from now on.
create function proposal_amend(
  p_network_id text, p_id text, p_title text, p_text text, p_topic text, p_actions jsonb, p_options jsonb,
  p_closes_at timestamptz)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_proposal proposal;
begin
  v_proposal := proposal_take(p_network_id, p_id, 'OPEN');
  if v_proposal.rule->>'method' <> 'CONSENT' or p_closes_at < v_proposal.closes_at then
    raise exception 'what is voted on stays as it is';
  end if;
  v_proposal.version := v_proposal.version + 1;
  v_proposal.title := p_title;
  v_proposal.text := p_text;
  v_proposal.topic := p_topic;
  v_proposal.actions := p_actions;
  v_proposal.options := p_options;
  v_proposal.closes_at := p_closes_at;
  v_proposal.frozen_hash := proposal_frozen_hash(v_proposal);
  update proposal p set version = v_proposal.version, title = p_title, text = p_text, topic = p_topic, actions = p_actions,
         options = p_options, closes_at = p_closes_at, frozen_hash = v_proposal.frozen_hash
   where p.network_id = p_network_id and p.id = p_id;
  return v_proposal.frozen_hash;
end $$;
`;

const CLOSE = `
-- Closes a vote with what came of it, once, and writes down whose votes counted for others.
create function proposal_close(
  p_network_id text, p_id text, p_now timestamptz, p_state text, p_seed text, p_outcome jsonb, p_execute_at timestamptz,
  p_from text[], p_delegates text[], p_voters text[])
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_proposal proposal;
begin
  v_proposal := proposal_take(p_network_id, p_id, 'OPEN');
  if p_state not in ('PASSED', 'FAILED', 'EXECUTED') or p_seed is null
     or (p_outcome->>'isPassed')::boolean is distinct from (p_state <> 'FAILED')
     or p_state = 'EXECUTED' and v_proposal.actions <> '[]' then
    raise exception 'no vote ends like this';
  end if;
  if v_proposal.closes_at > p_now and not ((v_proposal.rule->>'allowsEarlyClose')::boolean
       and not (v_proposal.rule->>'isSecret')::boolean) then
    raise exception 'the vote goes on';
  end if;
  insert into delegated_vote (network_id, proposal_id, from_membership_id, delegate_membership_id, voter_membership_id)
    select p_network_id, p_id, n.* from unnest(p_from, p_delegates, p_voters) as n;
  update proposal p set state = p_state, seed = p_seed, outcome = p_outcome, closed_at = p_now, execute_at = p_execute_at,
         executed_at = case when p_state = 'EXECUTED' then p_now end
   where p.network_id = p_network_id and p.id = p_id;
end $$;
`;

const MOVE = `
-- Takes a proposal to a state in which it can only be after another: withdrawn, stopped, carried out or not. Who stopped it
-- and why, or why it could not be carried out, is written with it.
create function proposal_move(
  p_network_id text, p_id text, p_state text, p_now timestamptz, p_failure jsonb, p_vetoed_by text, p_veto_reason text)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  v_proposal proposal;
begin
  case p_state
    when 'WITHDRAWN' then v_proposal := proposal_take(p_network_id, p_id, 'DRAFT', 'OPEN');
    when 'VETOED' then v_proposal := proposal_take(p_network_id, p_id, 'PASSED');
    when 'EXECUTED', 'EXECUTION_FAILED' then
      v_proposal := proposal_take(p_network_id, p_id, 'PASSED', 'EXECUTION_FAILED');
  end case;
  update proposal p set state = p_state, failure = p_failure, vetoed_by_membership_id = p_vetoed_by,
         veto_reason = p_veto_reason, executed_at = case when p_state = 'EXECUTED' then p_now end
   where p.network_id = p_network_id and p.id = p_id;
end $$;
`;
