/** The one function that posts transfers, as the migration of the same number makes it. */
export const POST = `
-- Posts transfers of one network in the order in which they are given, and says of each what came of it. A transfer that is
-- refused leaves no trace and does not hinder its neighbours, unless all of them go together (p_is_atomic).
--
-- All arrays are as long as p_ids; one that would hold nulls alone may be null itself. p_pending: the transfer waits in the
-- table already; p_events: an id for its event, made of the transfer's if null. Others are told by their link. p_reverses: the transfer that it undoes.
-- p_holds: the hold that it captures, p_releases: whether what is left of it is released. p_owners, p_keys, p_hashes: the
-- idempotency key, its owner and the hash of the request; null for none.
--
-- Keys are claimed first and accounts locked after them, as everybody does who claims a key.
create function ledger_post(
  p_network_id text, p_now timestamptz, p_is_atomic boolean,
  p_ids text[], p_events text[], p_payers text[], p_payees text[], p_amounts bigint[], p_kinds text[], p_descriptions text[],
  p_persons text[], p_acting_for text[], p_systems text[], p_causes text[],
  p_pending boolean[], p_reverses text[], p_holds text[], p_releases boolean[],
  p_owners text[], p_keys text[], p_hashes bytea[])
returns table (
  verdict text, at_account_id text, room_minor bigint, transfer_id text, posted_at timestamptz, created_at timestamptz,
  payer_levy_minor bigint, payee_levy_minor bigint, levy_account_id text, is_beyond_limit boolean,
  payer_seq bigint, payee_seq bigint)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_column
declare
  -- What an account can hold, and what one transfer can move unless it clears an account or undoes another transfer.
  c_max constant bigint := 1000000000000000000;
  c_amount_max constant bigint := 1000000000000000;
  c_trades constant text[] := '{PAYMENT,REQUEST,RECORDED}';
  -- Units of the network with their policies, and the one of the transfer in hand.
  u_id text[]; u_kind text[]; u_levy text[]; u_policy unit_policy[];
  v_policy unit_policy; v_policy_unit integer; v_has_windows boolean;
  -- Accounts that are locked, as they become, and those of the transfer in hand.
  a_id text[]; a ledger_account[];
  v_from ledger_account; v_to ledger_account; v_at_levies ledger_account; v_one ledger_account;
  -- What accounts with limits on payments have paid: amount and count within a day, a week, 30 days.
  w_loaded boolean[]; w_day bigint[]; w_day_count integer[]; w_week bigint[]; w_week_count integer[]; w_month bigint[];
  w_month_count integer[];
  v_entries ledger_entry_draft[];
  v_outcomes ledger_outcome[];
  -- Keys that came before, by the place in this call.
  k_place bigint[]; k_hash bytea[]; k_result text[];
  v_used text[];
  -- Posted transfers and what they say.
  v_posted text[]; v_waited text[]; v_sealed text[]; v_records bytea[]; v_record bytea; v_is_refused boolean := false;
  v_size text := array_dims(p_ids);
  v_is_special boolean := p_pending is not null or p_reverses is not null;
  v_is_archived boolean;
  v_claimed integer := 0;
  v_amount bigint; v_unit integer; v_place integer; v_effect bigint; v_new bigint; v_limit bigint; v_received bigint;
  v_since bigint; v_window record; v_transfer transfer; v_hold hold;
begin
  if isfinite(p_now) is not true then raise exception 'transfers are posted at an instant'; end if;
  -- Arrays that begin elsewhere than at 1, or end elsewhere, would be read one way here and another way below.
  if (p_is_atomic is not null and (v_size is null or array_ndims(p_ids) = 1 and array_lower(p_ids, 1) = 1)
     and array_dims(p_payers) is not distinct from v_size and array_dims(p_payees) is not distinct from v_size
     and array_dims(p_amounts) is not distinct from v_size and array_dims(p_kinds) is not distinct from v_size
     and array_dims(p_descriptions) is not distinct from v_size
     and (p_events is null or array_dims(p_events) is not distinct from v_size)
     and (p_persons is null or array_dims(p_persons) is not distinct from v_size)
     and (p_acting_for is null or array_dims(p_acting_for) is not distinct from v_size)
     and (p_systems is null or array_dims(p_systems) is not distinct from v_size)
     and (p_causes is null or array_dims(p_causes) is not distinct from v_size)
     and (p_pending is null or array_dims(p_pending) is not distinct from v_size)
     and (p_reverses is null or array_dims(p_reverses) is not distinct from v_size)
     and (p_holds is null or array_dims(p_holds) is not distinct from v_size)
     and (p_releases is null or array_dims(p_releases) is not distinct from v_size)
     and (p_owners is null or array_dims(p_owners) is not distinct from v_size)
     and (p_keys is null or array_dims(p_keys) is not distinct from v_size)
     and (p_hashes is null or array_dims(p_hashes) is not distinct from v_size)) is not true then
    raise exception 'transfers are given by arrays of one length';
  end if;
  if p_keys is not null then
    insert into idempotency_key (network_id, owner, key, content_hash, result_id, created_at)
      select p_network_id, n.owner, n.key, n.hash, n.id, p_now
        from unnest(p_owners, p_keys, p_hashes, p_ids) as n (owner, key, hash, id)
       where n.key is not null
       order by n.owner collate "C", n.key collate "C"
      on conflict do nothing;
    get diagnostics v_claimed = row_count;
    if v_claimed < cardinality(array_remove(p_keys, null)) then
      select array_agg(k.place), array_agg(i.content_hash), array_agg(i.result_id) into k_place, k_hash, k_result
        from unnest(p_owners, p_keys, p_ids) with ordinality as k (owner, key, id, place)
       cross join lateral (
         select y.content_hash, y.result_id::text from idempotency_key y
          where y.network_id = p_network_id and y.owner = k.owner and y.key = k.key offset 0) i
       where i.result_id is distinct from k.id;
      -- Somebody else took the key and let it go again, or it stands here twice: asked again, it is clear.
      if v_claimed + coalesce(cardinality(k_place), 0) < cardinality(array_remove(p_keys, null)) or k_result && p_ids then
        raise exception 'an idempotency key is being used' using errcode = '40001';
      end if;
    end if;
  end if;
  select bool_or(w.archived_at is not null), array_agg(u.id::text), array_agg(u.kind), array_agg(p),
         array_agg(case when p.payer_levy_ppm + p.payee_levy_ppm > 0 then p.levy_account_id::text end)
    into v_is_archived, u_id, u_kind, u_policy, u_levy
    from network w
    join unit u on u.network_id = w.id
    join unit_policy p on p.network_id = u.network_id and p.unit_id = u.id and p.version = u.policy_version
   where w.id = p_network_id;

  if v_is_special then
    perform 1 from transfer t where t.network_id = p_network_id and t.id = any(p_ids || p_reverses)
     order by t.id for no key update;
  end if;
  -- Each account is looked up by its whole key, whatever was known of the table when this was planned. The levy of a
  -- reversed transfer may have gone to an account that the policy does not name any more.
  select array_agg(l.id), array_agg(row(l.place, l.id, l.unit_id, l.state, l.is_common, l.follows_policy, l.floor_minor,
           l.ceiling_minor, l.balance_minor, l.reserved_minor, l.entry_count, l.received_minor, l.last_posted_at)::ledger_account)
    into a_id, a
    from (
      select found.*
        from (select distinct w.id collate "C" as id
                from unnest(p_payers || p_payees || u_levy || case when v_is_special then array(
                  select t.levy_account_id::text from transfer t
                   where t.network_id = p_network_id and t.id = any(p_reverses)) end) as w (id)
               order by 1) wanted
       cross join lateral (
         select x.ctid as place, x.id::text, x.unit_id::text, x.state, x.holder_kind = 'NETWORK' as is_common, x.follows_policy,
                x.floor_minor, x.ceiling_minor, x.balance_minor, x.reserved_minor, x.entry_count, x.received_minor,
                x.last_posted_at
           from account x
          where x.network_id = p_network_id and x.id = wanted.id for no key update offset 0) found) l;

  for i in 1 .. coalesce(cardinality(p_ids), 0) loop
  declare
    v_verdict text; v_at_account text; v_room bigint; v_at timestamptz; v_is_beyond boolean := false;
    v_payer integer := array_position(a_id, p_payers[i]);
    v_payee integer := array_position(a_id, p_payees[i]);
    v_fund integer;
    v_payer_seq bigint; v_payee_seq bigint;
    v_payer_levy bigint; v_payee_levy bigint; v_is_reversal boolean := false;
    -- What the hold sets free, and what comes in or goes out on each side and of the levies.
    v_freed bigint := 0; v_of_payer bigint; v_of_payee bigint;
    v_levy_of_payer bigint; v_levy_of_payee bigint; v_levy_of_fund bigint;
  begin
    v_amount := p_amounts[i]; v_from := a[v_payer]; v_to := a[v_payee];
    if num_nonnulls(p_persons[i], p_systems[i]) <> 1 then raise exception 'a transfer has one author'; end if;
    <<judge>>
    begin
      if k_place is not null and array_position(k_place, i::bigint) is not null then
        v_place := array_position(k_place, i::bigint);
        v_verdict := case when k_hash[v_place] = p_hashes[i] then 'REPEATED' else 'KEY_REUSED' end;
        v_at_account := k_result[v_place];
        exit judge;
      end if;
      v_verdict := case
        when v_payer is null or v_payee is null then 'NO_ACCOUNT'
        when v_is_archived then 'ARCHIVED'
        when v_payer = v_payee then 'SAME_ACCOUNT'
        when v_from.unit_id <> v_to.unit_id then 'OTHER_UNIT'
        when v_amount is null or v_amount < 1 or v_amount > c_amount_max
          and (v_amount > c_max or p_kinds[i] not in ('CLOSING', 'DEMURRAGE', 'REVERSAL')) then 'OUT_OF_RANGE' end;
      if v_verdict is not null then
        if v_verdict = 'NO_ACCOUNT' then v_at_account := case when v_payer is null then p_payers[i] else p_payees[i] end; end if;
        exit judge;
      end if;
      if u_id[v_unit] is distinct from v_from.unit_id then
        v_unit := array_position(u_id, v_from.unit_id);
        v_policy := u_policy[v_unit];
        v_has_windows := num_nonnulls(v_policy.day_max_minor, v_policy.day_max_count, v_policy.week_max_minor,
          v_policy.week_max_count, v_policy.month_max_minor, v_policy.month_max_count) > 0;
      end if;
      if u_kind[v_unit] = 'POINTS' then v_verdict := 'NOT_TRANSFERABLE'; exit judge; end if;

      if v_is_special and p_pending[i] then
        select * into v_transfer from transfer t where t.network_id = p_network_id and t.id = p_ids[i];
        if v_transfer.state is distinct from 'PENDING' or v_transfer.expires_at <= p_now or p_ids[i] = any(v_used) then
          v_verdict := 'NOT_PENDING'; exit judge;
        end if;
        if (v_transfer.payer_account_id, v_transfer.payee_account_id, v_transfer.amount_minor, v_transfer.kind)
           <> (p_payers[i], p_payees[i], v_amount, p_kinds[i]) then
          raise exception 'transfer % waits with another content', p_ids[i];
        end if;
      end if;
      if v_is_special and p_reverses[i] is not null then
        select * into v_transfer from transfer t where t.network_id = p_network_id and t.id = p_reverses[i];
        if v_transfer.state is distinct from 'POSTED' or v_transfer.kind = 'REVERSAL' or p_reverses[i] = any(v_used) then
          v_verdict := 'NOT_REVERSIBLE'; exit judge;
        end if;
        if (v_transfer.payer_account_id, v_transfer.payee_account_id, v_transfer.amount_minor, p_kinds[i])
           <> (p_payees[i], p_payers[i], v_amount, 'REVERSAL') then
          raise exception 'a reversal of % goes the other way round', p_reverses[i];
        end if;
        -- The levies go back: what the payee gave returns to the one who pays now.
        v_is_reversal := true;
        if v_transfer.levy_account_id is not null then
          v_fund := array_position(a_id, v_transfer.levy_account_id::text);
          v_levy_of_payer := v_transfer.payee_levy_minor;
          v_levy_of_payee := v_transfer.payer_levy_minor;
        end if;
      elsif u_levy[v_unit] is not null and p_kinds[i] = any(c_trades) then
        v_payer_levy := case when v_from.is_common then 0
                             else div(v_amount::numeric * v_policy.payer_levy_ppm, 1000000) end;
        v_payee_levy := case when v_to.is_common then 0
                             else div(v_amount::numeric * v_policy.payee_levy_ppm, 1000000) end;
        if v_payer_levy + v_payee_levy > 0 then
          v_fund := array_position(a_id, u_levy[v_unit]);
          v_levy_of_payer := -v_payer_levy;
          v_levy_of_payee := -v_payee_levy;
        end if;
      end if;
      if p_holds is not null and p_holds[i] is not null then
        select * into v_hold from hold h where h.network_id = p_network_id and h.id = p_holds[i];
        if v_hold.state is distinct from 'OPEN' or v_hold.expires_at <= p_now or p_holds[i] = any(v_used) then
          v_verdict := 'HOLD_NOT_OPEN'; exit judge;
        end if;
        if v_hold.account_id <> p_payers[i] or coalesce(v_hold.payee_account_id, p_payees[i]) <> p_payees[i] then
          raise exception 'hold % is for another payment', p_holds[i];
        end if;
        v_room := v_hold.amount_minor - v_hold.captured_minor;
        if v_amount > v_room then v_verdict := 'BEYOND_HOLD'; exit judge; end if;
        v_freed := case when p_releases[i] then v_room else v_amount end;
        v_room := null;
      end if;

      v_at_levies := a[v_fund];
      if v_at_levies.unit_id <> v_from.unit_id then raise exception 'a levy goes to an account of the same unit'; end if;
      if v_from.state <> 'OPEN' or v_to.state <> 'OPEN' or v_at_levies.state <> 'OPEN' then
        v_one := case when v_from.state <> 'OPEN' then v_from when v_to.state <> 'OPEN' then v_to else v_at_levies end;
        v_verdict := 'NOT_OPEN:' || v_one.state; v_at_account := v_one.id; exit judge;
      end if;

      if (v_has_windows or v_amount > v_policy.payment_max_minor)
         and p_kinds[i] in ('PAYMENT', 'REQUEST') and not v_from.is_common then
        if v_amount > v_policy.payment_max_minor then
          v_verdict := 'PAYMENT_LIMIT:PAYMENT'; v_room := v_policy.payment_max_minor; exit judge;
        end if;
        if v_has_windows then
          if w_loaded[v_payer] is null then
            v_since := ledger_seq_at(p_network_id, v_from.id, v_from.entry_count, p_now - interval '30 days');
            select least(coalesce(-sum(e.amount_minor) filter (where e.posted_at > p_now - interval '1 day'), 0), 4 * c_max) as day,
                   count(*) filter (where e.posted_at > p_now - interval '1 day') as day_count,
                   least(coalesce(-sum(e.amount_minor) filter (where e.posted_at > p_now - interval '7 days'), 0), 4 * c_max) as week,
                   count(*) filter (where e.posted_at > p_now - interval '7 days') as week_count,
                   least(coalesce(-sum(e.amount_minor), 0), 4 * c_max) as month, count(*) as month_count
              into v_window
              from entry e
              join transfer t on t.network_id = e.network_id and t.id = e.transfer_id
             where e.network_id = p_network_id and e.account_id = v_from.id and e.seq > v_since
               and e.amount_minor < 0 and not e.is_levy and t.kind in ('PAYMENT', 'REQUEST') and t.state = 'POSTED';
            w_loaded[v_payer] := true;
            w_day[v_payer] := v_window.day; w_day_count[v_payer] := v_window.day_count;
            w_week[v_payer] := v_window.week; w_week_count[v_payer] := v_window.week_count;
            w_month[v_payer] := v_window.month; w_month_count[v_payer] := v_window.month_count;
          end if;
          v_verdict := case
            when w_day[v_payer] + v_amount > v_policy.day_max_minor or w_day_count[v_payer] >= v_policy.day_max_count then 'DAY'
            when w_week[v_payer] + v_amount > v_policy.week_max_minor or w_week_count[v_payer] >= v_policy.week_max_count then 'WEEK'
            when w_month[v_payer] + v_amount > v_policy.month_max_minor or w_month_count[v_payer] >= v_policy.month_max_count
              then 'MONTH' end;
          if v_verdict is not null then
            v_room := greatest(0, case v_verdict
              when 'DAY' then case when w_day_count[v_payer] >= v_policy.day_max_count then 0 else v_policy.day_max_minor - w_day[v_payer] end
              when 'WEEK' then case when w_week_count[v_payer] >= v_policy.week_max_count then 0 else v_policy.week_max_minor - w_week[v_payer] end
              else case when w_month_count[v_payer] >= v_policy.month_max_count then 0 else v_policy.month_max_minor - w_month[v_payer] end
            end);
            v_verdict := 'PAYMENT_LIMIT:' || v_verdict;
            exit judge;
          end if;
        end if;
      end if;
      v_levy_of_fund := -(v_levy_of_payer + v_levy_of_payee);
      for m in 1 .. case when v_fund is null or v_fund in (v_payer, v_payee) then 2 else 3 end loop
        v_place := case m when 1 then v_payer when 2 then v_payee else v_fund end;
        v_effect := case m when 1 then -v_amount when 2 then v_amount else 0 end;
        if v_fund is not null then
          v_effect := v_effect + case m when 1 then v_levy_of_payer when 2 then v_levy_of_payee else 0 end
            + case when v_place = v_fund then v_levy_of_fund else 0 end;
        end if;
        v_one := case m when 1 then v_from when 2 then v_to else v_at_levies end;
        v_new := v_one.balance_minor + v_effect;
        if v_new > c_max or v_new < -c_max or v_one.received_minor > 8 * c_max then
          v_verdict := 'OUT_OF_RANGE'; v_at_account := v_one.id; exit judge;
        end if;
        -- A limit refuses only what leads away from zero and ends beyond it. What is reserved cannot be spent, except by
        -- the hold for which it is reserved.
        if v_effect + (case when m = 1 then v_freed else 0 end) < 0 then
          if v_one.follows_policy then
            if v_policy.limit_kind = 'FIXED' then
              v_limit := v_policy.floor_minor;
            else
              v_received := v_one.received_minor;
              if v_policy.limit_kind = 'TURNOVER' then
                v_since := ledger_seq_at(p_network_id, v_one.id, v_one.entry_count,
                  p_now - make_interval(days => v_policy.turnover_days));
                -- The entries of this call are not in the table yet; the search ends before them.
                v_received := v_received - coalesce((select e.received_after_minor from entry e
                  where e.network_id = p_network_id and e.account_id = v_one.id and e.seq = v_since), 0);
              end if;
              v_limit := ledger_floor(
                v_policy.limit_kind, v_policy.floor_minor, v_policy.turnover_ppm, v_policy.hard_floor_minor, v_received);
            end if;
          else
            v_limit := v_one.floor_minor;
          end if;
          v_new := v_new - v_one.reserved_minor + case when m = 1 then v_freed else 0 end;
          if v_new < 0 and v_new < v_limit then
            if v_policy.limit_mode <> 'WARN' then
              v_verdict := 'BELOW_FLOOR'; v_at_account := v_one.id;
              v_room := greatest(0, v_one.balance_minor - v_limit - v_one.reserved_minor);
              exit judge;
            end if;
            v_is_beyond := true;
          end if;
        elsif v_effect > 0 then
          v_limit := case when v_one.follows_policy then v_policy.ceiling_minor else v_one.ceiling_minor end;
          if v_new > 0 and v_new > v_limit then
            if v_policy.limit_mode <> 'WARN' then
              v_verdict := 'ABOVE_CEILING'; v_at_account := v_one.id;
              v_room := greatest(0, v_limit - v_one.balance_minor);
              exit judge;
            end if;
            v_is_beyond := true;
          end if;
        end if;
      end loop;
      v_at := greatest(p_now, v_from.last_posted_at, v_to.last_posted_at, v_at_levies.last_posted_at);
      v_payer_seq := v_from.entry_count + 1;
      v_payee_seq := v_to.entry_count + 1;
      v_from.entry_count := v_payer_seq;
      v_to.entry_count := v_payee_seq;
      v_from.balance_minor := v_from.balance_minor - v_amount;
      v_to.balance_minor := v_to.balance_minor + v_amount;
      v_from.last_posted_at := v_at;
      v_to.last_posted_at := v_at;
      -- Received is what came in, less what was returned of it.
      if v_is_reversal then
        v_from.received_minor := v_from.received_minor - v_amount;
      else
        v_to.received_minor := v_to.received_minor + v_amount;
      end if;
      if v_freed > 0 then v_from.reserved_minor := v_from.reserved_minor - v_freed; end if;
      v_entries := v_entries || row(v_from.id, v_payer_seq, p_ids[i], -v_amount, v_from.balance_minor,
        v_from.received_minor, false, v_at)::ledger_entry_draft;
      v_entries := v_entries || row(v_to.id, v_payee_seq, p_ids[i], v_amount, v_to.balance_minor,
        v_to.received_minor, false, v_at)::ledger_entry_draft;
      a[v_payer] := v_from;
      a[v_payee] := v_to;
      if v_fund is not null then
        -- All of them are in one unit, so this holds of each unit too.
        if v_levy_of_payer + v_levy_of_payee + v_levy_of_fund <> 0 then
          raise exception 'the entries of a transfer balance';
        end if;
        -- The levies may go to one of the two.
        for m in 1 .. 3 loop
          v_place := case m when 1 then v_payer when 2 then v_payee else v_fund end;
          v_effect := case m when 1 then v_levy_of_payer when 2 then v_levy_of_payee else v_levy_of_fund end;
          continue when v_effect = 0;
          v_one := a[v_place];
          v_one.balance_minor := v_one.balance_minor + v_effect;
          v_one.entry_count := v_one.entry_count + 1;
          v_one.last_posted_at := v_at;
          if m = 3 then v_one.received_minor := v_one.received_minor + v_effect; end if;
          v_entries := v_entries || row(v_one.id, v_one.entry_count, p_ids[i], v_effect, v_one.balance_minor,
            v_one.received_minor, true, v_at)::ledger_entry_draft;
          a[v_place] := v_one;
        end loop;
      end if;
      if w_loaded[v_payer] and p_kinds[i] in ('PAYMENT', 'REQUEST') then
        w_day[v_payer] := w_day[v_payer] + v_amount; w_day_count[v_payer] := w_day_count[v_payer] + 1;
        w_week[v_payer] := w_week[v_payer] + v_amount; w_week_count[v_payer] := w_week_count[v_payer] + 1;
        w_month[v_payer] := w_month[v_payer] + v_amount; w_month_count[v_payer] := w_month_count[v_payer] + 1;
      end if;
      v_verdict := 'POSTED';
      v_posted := v_posted || p_ids[i];
      if v_is_special or p_holds is not null then
        v_used := v_used || array_remove(array[p_ids[i], p_reverses[i], p_holds[i]], null);
        if p_pending[i] then v_waited := v_waited || p_ids[i]; end if;
      end if;
    end;
    -- A reversal has no levies of its own: it returns those of the other.
    v_outcomes := v_outcomes || row(v_verdict, v_at_account, v_room,
      case when v_verdict = 'REPEATED' then v_at_account else p_ids[i] end, v_at,
      coalesce(v_payer_levy, 0), coalesce(v_payee_levy, 0), case when v_payer_levy + v_payee_levy > 0 then v_at_levies.id end,
      v_is_beyond, v_from.unit_id, v_payer_seq, v_payee_seq)::ledger_outcome;
    if v_at is null and v_verdict <> 'REPEATED' then
      v_is_refused := true;
      exit when p_is_atomic;
    end if;
  end;
  end loop;

  if cardinality(v_posted) > 0 and not (p_is_atomic and v_is_refused) then
    with made as (
      insert into transfer (
          network_id, id, unit_id, kind, state, payer_account_id, payee_account_id, amount_minor, description,
          created_by_person_id, acting_for_membership_id, actor_system, reverses_id, hold_id, cause_id,
          payer_levy_minor, payee_levy_minor, levy_account_id, is_beyond_limit, created_at, posted_at, payer_seq, payee_seq)
        select p_network_id, n.id, n.unit_id, n.kind, 'POSTED', n.payer, n.payee, n.amount, n.description,
               n.person, n.acting_for, n.system, n.reverses, n.hold, n.cause, n.payer_levy,
               n.payee_levy, n.fund, n.is_beyond, p_now, n.at, n.payer_seq, n.payee_seq
          from rows from (
              unnest(p_ids, p_kinds, p_payers, p_payees, p_amounts, p_descriptions, p_persons, p_acting_for,
                     p_systems, p_reverses, p_holds, p_causes, p_pending),
              unnest(v_outcomes))
            as n (id, kind, payer, payee, amount, description, person, acting_for, system, reverses, hold, cause,
                  pending, verdict, account, room, posted, at, payer_levy, payee_levy, fund, is_beyond, unit_id, payer_seq,
                  payee_seq)
         where n.verdict = 'POSTED' and n.pending is not true
      returning transfer.id::text, ledger_transfer_record(transfer) as record)
    select array_agg(made.id), array_agg(made.record) into v_sealed, v_records from made;
    if v_is_special then
      with changed as (
        update transfer t
           set state = 'POSTED', posted_at = n.at, answered_at = p_now, payer_levy_minor = n.payer_levy,
               payee_levy_minor = n.payee_levy, levy_account_id = n.fund, is_beyond_limit = n.is_beyond, hold_id = n.hold,
               payer_seq = n.payer_seq, payee_seq = n.payee_seq
          from rows from (unnest(p_ids, p_pending, p_holds), unnest(v_outcomes))
            as n (id, pending, hold, verdict, account, room, posted, at, payer_levy, payee_levy, fund, is_beyond, unit_id,
                  payer_seq, payee_seq)
         where t.network_id = p_network_id and t.id = n.id and n.verdict = 'POSTED' and n.pending
        returning t.id::text, ledger_transfer_record(t) as record)
      select v_sealed || array_agg(c.id), v_records || array_agg(c.record) into v_sealed, v_records from changed c;
      update transfer t set state = 'REVERSED', reversed_by_id = n.id
        from unnest(p_ids, p_reverses) as n (id, reverses)
       where t.network_id = p_network_id and t.id = n.reverses and n.id = any(v_posted);
    end if;
    insert into entry (network_id, account_id, seq, transfer_id, amount_minor, balance_after_minor, received_after_minor,
        is_levy, posted_at)
      select p_network_id, e.account, e.seq, e.transfer, e.amount, e.balance, e.received, e.is_levy, e.at
        from unnest(v_entries) as e;
    -- By their place in the table: they are locked, so nobody has moved them.
    update account x
       set balance_minor = n.balance_minor, reserved_minor = n.reserved_minor, entry_count = n.entry_count,
           received_minor = n.received_minor, last_posted_at = n.last_posted_at
      from unnest(a) as n
     where x.ctid = n.place and x.entry_count <> n.entry_count;
    if p_holds is not null then
      update hold h
         set captured_minor = h.captured_minor + n.amount,
             state = case when n.releases or h.captured_minor + n.amount = h.amount_minor then 'CAPTURED' else 'OPEN' end,
             closed_at = case when n.releases or h.captured_minor + n.amount = h.amount_minor then p_now end
        from unnest(p_holds, p_amounts, p_releases, p_ids) as n (id, amount, releases, transfer)
       where h.network_id = p_network_id and h.id = n.id and n.transfer = any(v_posted);
    end if;
    if v_is_special then
      insert into event (network_id, id, kind, subject_id, actor_person_id, acting_for_membership_id, actor_system, data, at)
        select p_network_id, coalesce(n.event, 'evt' || substr(n.id, 4)), 'TransferPosted', n.id, n.person, n.acting_for,
               n.system, '{}', n.at
          from rows from (unnest(p_ids, p_events, p_persons, p_acting_for, p_systems, p_pending), unnest(v_outcomes))
            as n (id, event, person, acting_for, system, pending, verdict, account, room, posted, at, payer_levy, payee_levy,
                  fund, is_beyond, unit_id, payer_seq, payee_seq)
         where n.verdict = 'POSTED' and n.pending;
    end if;
    -- A draft has the fields of ledger_entry_record.
    select (select string_agg(t.record, '' order by t.id collate "C") from unnest(v_sealed, v_records) as t (id, record))
             || (select string_agg(record_send(e), '' order by e.account collate "C", e.seq) from unnest(v_entries) as e)
      into v_record;
    perform ledger_seal(p_network_id, v_posted, v_waited, v_record, p_now);
  end if;
  -- A key is kept only with success.
  if v_claimed > 0 and v_is_refused then
    delete from idempotency_key y
     using unnest(p_owners, p_keys, p_ids) as n (owner, key, id)
     where y.network_id = p_network_id and y.owner = n.owner and y.key = n.key and y.result_id = n.id
       and (p_is_atomic or (n.id = any(v_posted)) is not true);
  end if;
  return query
    select o.verdict, o.account, o.room, o.transfer, o.at, p_now, o.payer_levy, o.payee_levy, o.fund, o.is_beyond,
           case when o.verdict = 'POSTED' then o.payer_seq end, case when o.verdict = 'POSTED' then o.payee_seq end
      from unnest(v_outcomes) as o;
end $$;
`;
