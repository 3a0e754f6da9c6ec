import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the posting function works on: policies of units, holds, the chain over all posted transfers.
 *
 * The foreign keys of transfers and entries go: they cost a third of the rate, and only the posting function writes there,
 * which has the accounts in its hands. `ledger check` finds a row that points nowhere. Nor does a new table point at
 * accounts: each such key is looked at for each account of each posting, and no account is ever deleted.
 */
export class Books1790000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table unit_policy (
        network_id typeid not null,
        unit_id typeid not null,
        version integer not null,
        limit_kind text not null,
        limit_mode text not null,
        floor_minor bigint,
        ceiling_minor bigint,
        turnover_ppm integer,
        turnover_days integer,
        hard_floor_minor bigint,
        payer_levy_ppm integer not null,
        payee_levy_ppm integer not null,
        levy_account_id typeid,
        payment_max_minor bigint,
        day_max_minor bigint,
        day_max_count integer,
        week_max_minor bigint,
        week_max_count integer,
        month_max_minor bigint,
        month_max_count integer,
        demurrage_ppm integer not null,
        demurrage_exempt_minor bigint not null,
        demurrage_period text,
        demurrage_account_id typeid,
        closing_account_id typeid,
        takes_surplus boolean not null,
        covers_deficit boolean not null,
        request_days integer not null,
        set_by_person_id typeid,
        set_at timestamptz not null,
        constraint pk_unit_policy primary key (network_id, unit_id, version),
        constraint fk_unit_policy_unit foreign key (network_id, unit_id) references unit (network_id, id),
        constraint ck_unit_policy_limits check (
          floor_minor between -1000000000000000000 and 0 and ceiling_minor between 0 and 1000000000000000000
          and hard_floor_minor between -1000000000000000000 and 0
          and case limit_kind
            when 'NONE' then num_nonnulls(floor_minor, ceiling_minor, turnover_ppm, turnover_days, hard_floor_minor) = 0
            when 'FIXED' then num_nonnulls(turnover_ppm, turnover_days, hard_floor_minor) = 0
            when 'TURNOVER' then floor_minor is not null and turnover_ppm >= 0 and turnover_days between 1 and 3660
            when 'GROWTH' then floor_minor is not null and num_nonnulls(turnover_ppm, turnover_days) = 0
            else false
          end),
        constraint ck_unit_policy_mode check (limit_mode in ('BLOCK', 'WARN')),
        constraint ck_unit_policy_levies check (
          payer_levy_ppm between 0 and 1000000 and payee_levy_ppm between 0 and 1000000
          and (payer_levy_ppm + payee_levy_ppm = 0 or levy_account_id is not null)),
        constraint ck_unit_policy_payments check (
          payment_max_minor > 0 and day_max_minor > 0 and week_max_minor > 0 and month_max_minor > 0
          and day_max_count > 0 and week_max_count > 0 and month_max_count > 0),
        constraint ck_unit_policy_demurrage check (
          demurrage_ppm between 0 and 1000000 and demurrage_exempt_minor >= 0
          and (demurrage_ppm = 0 or (demurrage_account_id is not null and demurrage_period is not null))
          and demurrage_period in ('MONTH', 'QUARTER', 'YEAR')),
        constraint ck_unit_policy_closing check (not (takes_surplus or covers_deficit) or closing_account_id is not null),
        constraint ck_unit_policy_requests check (request_days between 1 and 366)
      );
      insert into unit_policy (network_id, unit_id, version, limit_kind, limit_mode, floor_minor, ceiling_minor,
          payer_levy_ppm, payee_levy_ppm, demurrage_ppm, demurrage_exempt_minor, takes_surplus, covers_deficit,
          request_days, set_at)
        select network_id, id, 1,
               case when num_nonnulls(default_floor_minor, default_ceiling_minor) = 0 then 'NONE' else 'FIXED' end, 'BLOCK',
               default_floor_minor, default_ceiling_minor, 0, 0, 0, 0, false, false, 30, created_at
          from unit;
      alter table unit add policy_version integer not null default 1;
      alter table unit alter policy_version drop default;

      -- Most accounts follow the policy of their unit and have no limits written down; the others have their own.
      alter table account add follows_policy boolean not null default false;
      alter table account alter follows_policy drop default;
      update account a set follows_policy = true, floor_minor = null, ceiling_minor = null
        from unit u
       where u.network_id = a.network_id and u.id = a.unit_id and a.holder_kind <> 'NETWORK'
         and a.floor_minor is not distinct from u.default_floor_minor
         and a.ceiling_minor is not distinct from u.default_ceiling_minor;
      alter table unit drop constraint ck_unit_default_limits, drop default_floor_minor, drop default_ceiling_minor;

      -- What only the posting function changes begins at nothing: the serving role may not even name these columns.
      alter table account
        alter balance_minor set default 0,
        alter reserved_minor set default 0,
        alter entry_count set default 0,
        add received_minor bigint not null default 0,
        add last_posted_at timestamptz,
        drop constraint ck_account_closed_is_empty,
        add constraint ck_account_closed_is_empty
          check (state <> 'CLOSED' or (balance_minor = 0 and reserved_minor = 0)),
        add constraint ck_account_follows_policy
          check (not follows_policy or num_nonnulls(floor_minor, ceiling_minor) = 0);

      alter table entry
        drop constraint fk_entry_account,
        drop constraint fk_entry_transfer,
        add received_after_minor bigint not null default 0,
        add is_levy boolean not null default false;
      alter table entry alter received_after_minor drop default, alter is_levy drop default;
      update entry e set received_after_minor = r.received
        from (select network_id, account_id, seq,
                     sum(greatest(amount_minor, 0)) over (partition by network_id, account_id order by seq) as received
                from entry) r
       where r.network_id = e.network_id and r.account_id = e.account_id and r.seq = e.seq;
      update account a set received_minor = e.received_after_minor, last_posted_at = e.posted_at
        from entry e
       where e.network_id = a.network_id and e.account_id = a.id and e.seq = a.entry_count;

      alter table transfer
        drop constraint fk_transfer_unit,
        drop constraint fk_transfer_payer,
        drop constraint fk_transfer_payee,
        drop constraint ck_transfer_kind,
        add payer_levy_minor bigint not null default 0,
        add payee_levy_minor bigint not null default 0,
        add levy_account_id typeid,
        add actor_system text,
        add reverses_id typeid,
        add reversed_by_id typeid,
        add hold_id typeid,
        add cause_id typeid,
        add is_beyond_limit boolean not null default false,
        add expires_at timestamptz,
        add accepts_at timestamptz,
        add answered_at timestamptz,
        add constraint ck_transfer_kind check (
          kind in ('PAYMENT', 'REQUEST', 'RECORDED', 'REVERSAL', 'DEMURRAGE', 'DUES', 'CLOSING', 'CONVERSION', 'REFUND')),
        add constraint ck_transfer_reversal check ((kind = 'REVERSAL') = (reverses_id is not null)),
        add constraint ck_transfer_reversed check ((state = 'REVERSED') = (reversed_by_id is not null)),
        add constraint ck_transfer_levies check (
          payer_levy_minor >= 0 and payee_levy_minor >= 0
          and (payer_levy_minor + payee_levy_minor > 0) = (levy_account_id is not null)),
        add constraint ck_transfer_expires check (state <> 'PENDING' or expires_at is not null);
      alter table transfer
        alter payer_levy_minor drop default,
        alter payee_levy_minor drop default,
        alter is_beyond_limit drop default;
      -- Without the id: a statement planned on an empty table would look for ids in it instead of in the primary key.
      drop index ix_transfer_posted_at;
      create index ix_transfer_posted_at on transfer (network_id, posted_at desc);
      create index ix_transfer_pending_payer on transfer (network_id, payer_account_id, id) where state = 'PENDING';
      create index ix_transfer_pending_payee on transfer (network_id, payee_account_id, id) where state = 'PENDING';
      create index ix_transfer_expires_at on transfer (expires_at) where state = 'PENDING';
      create index ix_transfer_accepts_at on transfer (accepts_at) where state = 'PENDING' and accepts_at is not null;

      -- An index of the instant alone is read once a day, to forget old keys: a coarse one will do.
      drop index ix_idempotency_key_created_at;
      create index ix_idempotency_key_created_at on idempotency_key using brin (created_at);
      -- Ids of events are in the order of their making: the primary key finds the newest.
      drop index ix_event_at, ix_event_subject;
      create index ix_event_subject on event (network_id, subject_id, id);

      create table hold (
        network_id typeid not null,
        id typeid not null,
        account_id typeid not null,
        payee_account_id typeid,
        state text not null,
        amount_minor bigint not null,
        captured_minor bigint not null,
        description text not null,
        cause_id typeid,
        created_by_person_id typeid,
        acting_for_membership_id typeid,
        actor_system text,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        closed_at timestamptz,
        constraint pk_hold primary key (network_id, id),
        constraint ck_hold_state check (state in ('OPEN', 'CAPTURED', 'RELEASED', 'EXPIRED')),
        constraint ck_hold_amount check (
          amount_minor between 1 and 1000000000000000000 and captured_minor between 0 and amount_minor),
        constraint ck_hold_closed check ((state = 'OPEN') = (closed_at is null))
      );
      create index ix_hold_account on hold (network_id, account_id, id);
      create index ix_hold_expires_at on hold (expires_at) where state = 'OPEN';

      -- One link for each group of transfers that were committed together; the head is the last one.
      create table ledger_link (
        network_id typeid not null,
        number bigint not null,
        hash bytea not null,
        transfer_ids text[] not null,
        sealed_at timestamptz not null,
        constraint pk_ledger_link primary key (network_id, number),
        constraint ck_ledger_link_hash check (octet_length(hash) = 32)
      );
      create table ledger_head (
        network_id typeid not null,
        number bigint not null,
        hash bytea not null,
        transfer_count bigint not null,
        constraint pk_ledger_head primary key (network_id)
      ) with (fillfactor = 40);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table ledger_head, ledger_link, hold;
      drop index ix_idempotency_key_created_at, ix_event_subject;
      create index ix_idempotency_key_created_at on idempotency_key (created_at);
      create index ix_event_at on event (network_id, at desc, id desc);
      create index ix_event_subject on event (network_id, subject_id, at desc, id desc);
      drop index ix_transfer_pending_payer, ix_transfer_pending_payee, ix_transfer_expires_at, ix_transfer_accepts_at;
      drop index ix_transfer_posted_at;
      create index ix_transfer_posted_at on transfer (network_id, posted_at desc, id desc);
      alter table transfer
        drop constraint ck_transfer_kind,
        drop constraint ck_transfer_reversal,
        drop constraint ck_transfer_reversed,
        drop constraint ck_transfer_levies,
        drop constraint ck_transfer_expires,
        drop payer_levy_minor, drop payee_levy_minor, drop levy_account_id, drop actor_system, drop reverses_id,
        drop reversed_by_id, drop hold_id, drop cause_id, drop is_beyond_limit, drop expires_at, drop accepts_at, drop answered_at,
        add constraint ck_transfer_kind check (kind in ('PAYMENT', 'REQUEST', 'RECORDED')),
        add constraint fk_transfer_unit foreign key (network_id, unit_id) references unit (network_id, id),
        add constraint fk_transfer_payer foreign key (network_id, payer_account_id) references account (network_id, id),
        add constraint fk_transfer_payee foreign key (network_id, payee_account_id) references account (network_id, id);
      alter table entry
        drop received_after_minor,
        drop is_levy,
        add constraint fk_entry_account foreign key (network_id, account_id) references account (network_id, id),
        add constraint fk_entry_transfer foreign key (network_id, transfer_id) references transfer (network_id, id);
      alter table account
        drop constraint ck_account_follows_policy,
        drop constraint ck_account_closed_is_empty,
        add constraint ck_account_closed_is_empty check (state <> 'CLOSED' or balance_minor = 0),
        alter balance_minor drop default,
        alter reserved_minor drop default,
        alter entry_count drop default,
        drop received_minor,
        drop last_posted_at;
      alter table unit add default_floor_minor bigint, add default_ceiling_minor bigint;
      update unit u set default_floor_minor = p.floor_minor, default_ceiling_minor = p.ceiling_minor
        from unit_policy p
       where p.network_id = u.network_id and p.unit_id = u.id and p.version = u.policy_version;
      alter table unit
        add constraint ck_unit_default_limits check (default_floor_minor <= 0 and default_ceiling_minor >= 0);
      update account a set floor_minor = u.default_floor_minor, ceiling_minor = u.default_ceiling_minor
        from unit u where u.network_id = a.network_id and u.id = a.unit_id and a.follows_policy;
      alter table account drop follows_policy;
      alter table unit drop policy_version;
      drop table unit_policy;
    `);
  }
}
