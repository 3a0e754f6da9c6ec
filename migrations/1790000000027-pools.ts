import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that members upload, pools of shared things, and what is known of each thing. */
export class Pools1790000000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Ranges of time and ids in one index; a trusted extension, which the owner of a database may create. Apart from the
      -- tables, so that the functions in their schema are ours alone.
      create schema extension;
      create extension btree_gist schema extension;

      -- What was uploaded; the bytes lie in the store of files under the id. One that nothing uses is deleted after a day.
      create table file (
        network_id typeid not null,
        id typeid not null,
        content_type text not null,
        byte_count integer not null,
        sha256 bytea not null,
        width integer,
        height integer,
        uploaded_by_membership_id typeid not null,
        uploaded_at timestamptz not null,
        used_at timestamptz,
        constraint pk_file primary key (network_id, id),
        constraint fk_file_network foreign key (network_id) references network (id),
        constraint fk_file_membership foreign key (network_id, uploaded_by_membership_id)
          references membership (network_id, id),
        constraint ck_file_size check (byte_count > 0 and width > 0 and height > 0),
        constraint ck_file_image check ((width is null) = (height is null))
      );
      create index ix_file_unused on file (uploaded_at) where used_at is null;

      create table pool (
        network_id typeid not null,
        id typeid not null,
        name text not null,
        description text not null,
        unit_id typeid,
        account_id typeid,
        takes_offers boolean not null,
        is_self_service boolean not null,
        shows_bookers boolean not null,
        needs_approval boolean not null,
        lead_minutes integer not null,
        ahead_days integer not null,
        longest_minutes integer,
        member_bookings integer,
        buffer_before_minutes integer not null,
        buffer_after_minutes integer not null,
        cancel_free_minutes integer not null,
        cancel_fee_ppm integer not null,
        late_grace_minutes integer not null,
        opening jsonb not null,
        rule_version integer not null,
        created_at timestamptz not null,
        archived_at timestamptz,
        constraint pk_pool primary key (network_id, id),
        constraint fk_pool_network foreign key (network_id) references network (id),
        constraint fk_pool_unit foreign key (network_id, unit_id) references unit (network_id, id),
        constraint ck_pool_account check ((unit_id is null) = (account_id is null)),
        constraint ck_pool_times check (
          lead_minutes between 0 and 527040 and ahead_days between 1 and 732 and longest_minutes between 1 and 1054080
          and buffer_before_minutes between 0 and 44640 and buffer_after_minutes between 0 and 44640
          and cancel_free_minutes between 0 and 527040 and late_grace_minutes between 0 and 44640),
        constraint ck_pool_counts check (member_bookings between 1 and 1000 and rule_version > 0),
        constraint ck_pool_cancel_fee check (cancel_fee_ppm between 0 and 1000000)
      );

      create table pool_steward (
        network_id typeid not null,
        pool_id typeid not null,
        membership_id typeid not null,
        added_at timestamptz not null,
        constraint pk_pool_steward primary key (network_id, pool_id, membership_id),
        constraint fk_pool_steward_pool foreign key (network_id, pool_id) references pool (network_id, id),
        constraint fk_pool_steward_membership foreign key (network_id, membership_id)
          references membership (network_id, id)
      );
      create index ix_pool_steward_membership on pool_steward (network_id, membership_id);

      -- Whose a thing is and who has it now are two facts. Rules that are null are those of the pool.
      create table resource (
        network_id typeid not null,
        id typeid not null,
        pool_id typeid not null,
        kind text not null,
        name text not null,
        description text not null,
        instructions text not null,
        state text not null,
        quantity integer,
        condition text not null,
        place_name text,
        latitude double precision,
        longitude double precision,
        value_minor bigint,
        owner_kind text not null,
        owner_membership_id typeid,
        lent_until timestamptz,
        share_count integer,
        custodian_membership_id typeid,
        needs_approval boolean,
        lead_minutes integer,
        longest_minutes integer,
        buffer_before_minutes integer,
        buffer_after_minutes integer,
        opening jsonb,
        opening_scope text not null,
        fee_per text,
        fee_minor bigint not null,
        deposit_minor bigint not null,
        late_fee_per text,
        late_fee_minor bigint not null,
        use_count integer not null,
        stock_unit text,
        stock_scale smallint,
        stock_minor bigint,
        stock_count bigint,
        quota_minor bigint,
        quota_per text,
        quota_period text,
        added_by_membership_id typeid,
        added_at timestamptz not null,
        retired_at timestamptz,
        search tsvector not null generated always as (to_tsvector('simple', name || ' ' || description)) stored,
        constraint pk_resource primary key (network_id, id),
        constraint fk_resource_pool foreign key (network_id, pool_id) references pool (network_id, id),
        constraint fk_resource_owner foreign key (network_id, owner_membership_id)
          references membership (network_id, id),
        constraint fk_resource_custodian foreign key (network_id, custodian_membership_id)
          references membership (network_id, id),
        constraint ck_resource_kind check (kind in ('ITEM', 'SPACE', 'LAND', 'VEHICLE', 'STOCK')),
        constraint ck_resource_state check (
          state in ('OFFERED', 'ACTIVE', 'RETIRED') and (state = 'RETIRED') = (retired_at is not null)),
        constraint ck_resource_condition check (condition in ('NEW', 'GOOD', 'WORN', 'DAMAGED', 'UNUSABLE')),
        constraint ck_resource_quantity check ((kind = 'STOCK') = (quantity is null) and quantity between 1 and 100000),
        constraint ck_resource_place check ((latitude is null) = (longitude is null)),
        constraint ck_resource_value check (value_minor between 0 and 1000000000000000),
        constraint ck_resource_owner check (
          case owner_kind
            when 'POOL' then num_nonnulls(owner_membership_id, lent_until, share_count) = 0
            when 'MEMBER' then owner_membership_id is not null and share_count is null
            when 'CO_OWNERS' then num_nonnulls(owner_membership_id, lent_until) = 0 and share_count between 1 and 1000000
            else false
          end),
        constraint ck_resource_times check (
          lead_minutes between 0 and 527040 and longest_minutes between 1 and 1054080
          and buffer_before_minutes between 0 and 44640 and buffer_after_minutes between 0 and 44640),
        constraint ck_resource_opening check (opening_scope in ('USE', 'HANDOVER')),
        constraint ck_resource_fee check (
          fee_per in ('USE', 'HOUR', 'DAY') and fee_minor between 0 and 1000000000000
          and deposit_minor between 0 and 1000000000000000 and (fee_per is not null or fee_minor = 0)),
        constraint ck_resource_late_fee check (
          late_fee_per in ('USE', 'HOUR', 'DAY') and late_fee_minor between 0 and 1000000000000
          and (late_fee_per is not null or late_fee_minor = 0)),
        constraint ck_resource_stock check (
          num_nonnulls(stock_unit, stock_scale, stock_minor, stock_count) = case when kind = 'STOCK' then 4 else 0 end
          and stock_scale between 0 and 6 and stock_minor between 0 and 1000000000000000),
        constraint ck_resource_quota check (
          num_nonnulls(quota_minor, quota_per, quota_period) in (0, 3) and quota_minor > 0
          and quota_per in ('MEMBER', 'GROUP') and quota_period in ('WEEK', 'MONTH', 'YEAR')
          and (quota_minor is null or kind = 'STOCK'))
      );
      create index ix_resource_pool on resource (network_id, pool_id, id);
      create index ix_resource_owner on resource (network_id, owner_membership_id) where owner_membership_id is not null;
      create index ix_resource_search on resource using gin (search);
      create index ix_resource_place on resource (network_id, pool_id, latitude, longitude) where latitude is not null;

      -- What members of a class pay in place of the fee for all.
      create table resource_rate (
        network_id typeid not null,
        resource_id typeid not null,
        member_class text not null,
        fee_minor bigint not null,
        constraint pk_resource_rate primary key (network_id, resource_id, member_class),
        constraint fk_resource_rate_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_resource_rate_fee check (fee_minor between 0 and 1000000000000)
      );

      create table resource_photo (
        network_id typeid not null,
        resource_id typeid not null,
        file_id typeid not null,
        caption text not null,
        added_at timestamptz not null,
        constraint pk_resource_photo primary key (network_id, resource_id, file_id),
        constraint fk_resource_photo_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint fk_resource_photo_file foreign key (network_id, file_id) references file (network_id, id)
      );

      -- What happened to a thing: its condition, who had it, whose it was. Only ever added to.
      create table resource_record (
        network_id typeid not null,
        id typeid not null,
        resource_id typeid not null,
        kind text not null,
        condition text not null,
        owner_kind text not null,
        owner_membership_id typeid,
        custodian_membership_id typeid,
        booking_id typeid,
        file_id typeid,
        note text not null,
        by_membership_id typeid,
        at timestamptz not null,
        constraint pk_resource_record primary key (network_id, id),
        constraint fk_resource_record_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_resource_record_kind check (
          kind in ('ADDED', 'CONDITION', 'CUSTODY', 'OWNERSHIP', 'MAINTENANCE', 'RETIRED'))
      );
      create index ix_resource_record_resource on resource_record (network_id, resource_id, id);

      create table maintenance_plan (
        network_id typeid not null,
        id typeid not null,
        resource_id typeid not null,
        name text not null,
        every_days integer,
        every_uses integer,
        last_done_at timestamptz not null,
        last_done_uses integer not null,
        created_at timestamptz not null,
        ended_at timestamptz,
        constraint pk_maintenance_plan primary key (network_id, id),
        constraint fk_maintenance_plan_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_maintenance_plan_every check (
          num_nonnulls(every_days, every_uses) > 0 and every_days between 1 and 3660 and every_uses between 1 and 100000)
      );
      create index ix_maintenance_plan_resource on maintenance_plan (network_id, resource_id) where ended_at is null;

      create table maintenance_record (
        network_id typeid not null,
        id typeid not null,
        resource_id typeid not null,
        plan_id typeid,
        note text not null,
        by_membership_id typeid,
        done_at timestamptz not null,
        constraint pk_maintenance_record primary key (network_id, id),
        constraint fk_maintenance_record_resource foreign key (network_id, resource_id)
          references resource (network_id, id),
        constraint fk_maintenance_record_plan foreign key (network_id, plan_id)
          references maintenance_plan (network_id, id)
      );
      create index ix_maintenance_record_resource on maintenance_record (network_id, resource_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table maintenance_record, maintenance_plan, resource_record, resource_photo, resource_rate, resource,
        pool_steward, pool, file;
      drop extension btree_gist;
      drop schema extension;
    `);
  }
}
