import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Units, accounts, transfers and their entries. */
export class Ledger1790000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table unit (
        network_id typeid not null,
        id typeid not null,
        code text collate "C" not null,
        name jsonb not null,
        symbol text not null,
        kind text not null,
        scale smallint not null,
        default_floor_minor bigint,
        default_ceiling_minor bigint,
        opens_member_accounts boolean not null,
        created_at timestamptz not null,
        archived_at timestamptz,
        constraint pk_unit primary key (network_id, id),
        constraint uq_unit_code unique (network_id, code),
        constraint fk_unit_network foreign key (network_id) references network (id),
        constraint ck_unit_kind check (kind in ('HOURS', 'CREDIT', 'MONEY', 'SHARE', 'POINTS', 'GIFT')),
        constraint ck_unit_scale check (scale between 0 and 8),
        constraint ck_unit_default_limits check (default_floor_minor <= 0 and default_ceiling_minor >= 0)
      );

      -- Half-empty pages let a new balance stay in the page of the old one, without touching an index.
      create table account (
        network_id typeid not null,
        id typeid not null,
        unit_id typeid not null,
        holder_kind text not null,
        membership_id typeid,
        group_id typeid,
        name text not null,
        state text not null,
        floor_minor bigint,
        ceiling_minor bigint,
        balance_minor bigint not null,
        reserved_minor bigint not null,
        entry_count bigint not null,
        opened_at timestamptz not null,
        closed_at timestamptz,
        constraint pk_account primary key (network_id, id),
        constraint fk_account_unit foreign key (network_id, unit_id) references unit (network_id, id),
        constraint fk_account_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint fk_account_group foreign key (network_id, group_id) references member_group (network_id, id),
        constraint ck_account_holder check (
          case holder_kind
            when 'MEMBERSHIP' then membership_id is not null and group_id is null
            when 'GROUP' then membership_id is null and group_id is not null
            when 'NETWORK' then membership_id is null and group_id is null
            else false
          end),
        constraint ck_account_state check (state in ('OPEN', 'FROZEN', 'CLOSED')),
        constraint ck_account_limits check (floor_minor <= 0 and ceiling_minor >= 0),
        constraint ck_account_reserved check (reserved_minor >= 0),
        constraint ck_account_closed_is_empty check (state <> 'CLOSED' or balance_minor = 0)
      ) with (fillfactor = 40);
      create index ix_account_membership on account (network_id, membership_id) where membership_id is not null;
      create index ix_account_group on account (network_id, group_id) where group_id is not null;
      create index ix_account_network on account (network_id, id) where holder_kind = 'NETWORK';

      create table account_signatory (
        network_id typeid not null,
        account_id typeid not null,
        membership_id typeid not null,
        added_at timestamptz not null,
        constraint pk_account_signatory primary key (network_id, account_id, membership_id),
        constraint fk_account_signatory_account foreign key (network_id, account_id)
          references account (network_id, id),
        constraint fk_account_signatory_membership foreign key (network_id, membership_id)
          references membership (network_id, id)
      );
      create index ix_account_signatory_membership on account_signatory (network_id, membership_id);

      create table transfer (
        network_id typeid not null,
        id typeid not null,
        unit_id typeid not null,
        kind text not null,
        state text not null,
        payer_account_id typeid not null,
        payee_account_id typeid not null,
        amount_minor bigint not null,
        description text not null,
        created_by_person_id typeid,
        acting_for_membership_id typeid,
        created_at timestamptz not null,
        posted_at timestamptz,
        constraint pk_transfer primary key (network_id, id),
        constraint fk_transfer_unit foreign key (network_id, unit_id) references unit (network_id, id),
        constraint fk_transfer_payer foreign key (network_id, payer_account_id) references account (network_id, id),
        constraint fk_transfer_payee foreign key (network_id, payee_account_id) references account (network_id, id),
        constraint ck_transfer_kind check (kind in ('PAYMENT', 'REQUEST', 'RECORDED')),
        constraint ck_transfer_state
          check (state in ('PENDING', 'POSTED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'REVERSED')),
        constraint ck_transfer_amount check (amount_minor > 0),
        constraint ck_transfer_two_accounts check (payer_account_id <> payee_account_id),
        constraint ck_transfer_posted check ((posted_at is not null) = (state in ('POSTED', 'REVERSED')))
      );
      create index ix_transfer_posted_at on transfer (network_id, posted_at desc, id desc);

      -- Numbered within the account: a statement page and the balance at a point are found by the key alone.
      create table entry (
        network_id typeid not null,
        account_id typeid not null,
        seq bigint not null,
        transfer_id typeid not null,
        amount_minor bigint not null,
        balance_after_minor bigint not null,
        posted_at timestamptz not null,
        constraint pk_entry primary key (network_id, account_id, seq),
        constraint fk_entry_account foreign key (network_id, account_id) references account (network_id, id),
        constraint fk_entry_transfer foreign key (network_id, transfer_id) references transfer (network_id, id),
        constraint ck_entry_amount check (amount_minor <> 0),
        constraint ck_entry_seq check (seq > 0)
      );
      create index ix_entry_transfer on entry (network_id, transfer_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table entry, transfer, account_signatory, account, unit;');
  }
}
