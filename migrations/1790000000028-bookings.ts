import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has which shared things from when until when. */
export class Bookings1790000000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table kit (
        network_id typeid not null,
        id typeid not null,
        pool_id typeid not null,
        name text not null,
        description text not null,
        created_at timestamptz not null,
        ended_at timestamptz,
        constraint pk_kit primary key (network_id, id),
        constraint fk_kit_pool foreign key (network_id, pool_id) references pool (network_id, id)
      );
      create index ix_kit_pool on kit (network_id, pool_id, id);

      create table kit_item (
        network_id typeid not null,
        kit_id typeid not null,
        resource_id typeid not null,
        quantity integer not null,
        constraint pk_kit_item primary key (network_id, kit_id, resource_id),
        constraint fk_kit_item_kit foreign key (network_id, kit_id) references kit (network_id, id),
        constraint fk_kit_item_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_kit_item_quantity check (quantity between 1 and 100000)
      );

      create table booking_series (
        network_id typeid not null,
        id typeid not null,
        pool_id typeid not null,
        membership_id typeid not null,
        rule text not null,
        starts_at_local text not null,
        time_zone text not null,
        duration_minutes integer not null,
        occurrence_count integer not null,
        created_at timestamptz not null,
        constraint pk_booking_series primary key (network_id, id),
        constraint fk_booking_series_pool foreign key (network_id, pool_id) references pool (network_id, id),
        constraint fk_booking_series_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint ck_booking_series_counts check (duration_minutes > 0 and occurrence_count > 0)
      );

      -- One or several things together. What it costs is fixed when it is asked for.
      create table booking (
        network_id typeid not null,
        id typeid not null,
        pool_id typeid not null,
        membership_id typeid not null,
        kit_id typeid,
        series_id typeid,
        state text not null,
        from_at timestamptz not null,
        until_at timestamptz not null,
        purpose text not null,
        waits boolean not null,
        unit_id typeid,
        payer_account_id typeid,
        payee_account_id typeid,
        fee_minor bigint not null,
        deposit_minor bigint not null,
        late_fee_minor bigint not null,
        damage_minor bigint not null,
        unpaid_minor bigint not null,
        cancel_free_minutes integer not null,
        cancel_fee_ppm integer not null,
        late_grace_minutes integer not null,
        fee_hold_id typeid,
        deposit_hold_id typeid,
        reason text,
        created_by_person_id typeid not null,
        acting_for_membership_id typeid,
        decided_by_membership_id typeid,
        created_at timestamptz not null,
        decided_at timestamptz,
        checked_out_at timestamptz,
        ended_at timestamptz,
        reversed_at timestamptz,
        constraint pk_booking primary key (network_id, id),
        constraint fk_booking_pool foreign key (network_id, pool_id) references pool (network_id, id),
        constraint fk_booking_membership foreign key (network_id, membership_id) references membership (network_id, id),
        constraint fk_booking_kit foreign key (network_id, kit_id) references kit (network_id, id),
        constraint fk_booking_series foreign key (network_id, series_id) references booking_series (network_id, id),
        constraint ck_booking_state check (state in (
          'WAITING', 'REQUESTED', 'APPROVED', 'CHECKED_OUT', 'RETURNED', 'DECLINED', 'CANCELLED', 'LAPSED')),
        constraint ck_booking_interval check (from_at < until_at),
        constraint ck_booking_amounts check (
          fee_minor >= 0 and deposit_minor >= 0 and late_fee_minor >= 0 and damage_minor >= 0 and unpaid_minor >= 0
          and (fee_minor + deposit_minor + late_fee_minor + damage_minor = 0 or unit_id is not null)),
        constraint ck_booking_out check (state not in ('CHECKED_OUT', 'RETURNED') or checked_out_at is not null),
        constraint ck_booking_ended check (
          (state in ('RETURNED', 'DECLINED', 'CANCELLED', 'LAPSED')) = (ended_at is not null))
      );
      create index ix_booking_pool on booking (network_id, pool_id, from_at, id);
      create index ix_booking_member on booking (network_id, membership_id, from_at, id);
      create index ix_booking_open on booking (network_id, pool_id, state, from_at)
        where state in ('WAITING', 'REQUESTED', 'APPROVED', 'CHECKED_OUT');
      create index ix_booking_waiting on booking (from_at) where state in ('WAITING', 'REQUESTED', 'APPROVED');
      create index ix_booking_series on booking (network_id, series_id, from_at) where series_id is not null;

      -- A thing of which there is one can be taken once at a time, whatever the code above does. The times hold the buffers.
      create table booking_item (
        network_id typeid not null,
        booking_id typeid not null,
        resource_id typeid not null,
        quantity integer not null,
        occupied_from timestamptz not null,
        occupied_until timestamptz not null,
        is_taken boolean not null,
        is_single boolean not null,
        fee_minor bigint not null,
        deposit_minor bigint not null,
        late_fee_per text,
        late_fee_minor bigint not null,
        condition_out text,
        condition_in text,
        damage_note text,
        constraint pk_booking_item primary key (network_id, booking_id, resource_id),
        constraint fk_booking_item_booking foreign key (network_id, booking_id) references booking (network_id, id),
        constraint fk_booking_item_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_booking_item_quantity check (quantity between 1 and 100000 and (not is_single or quantity = 1)),
        constraint ck_booking_item_interval check (occupied_from < occupied_until),
        constraint ex_booking_item_single exclude using gist (
          network_id with =, resource_id with =, tstzrange(occupied_from, occupied_until) with &&)
          where (is_taken and is_single)
      );
      create index ix_booking_item_taken on booking_item
        using gist (network_id, resource_id, tstzrange(occupied_from, occupied_until)) where (is_taken);
      create index ix_booking_item_resource on booking_item (network_id, resource_id, occupied_from);

      -- Kinds of transfers: what using common things costs, and what goes to those who own them together or comes from them.
      alter table transfer drop constraint ck_transfer_kind;
      alter table transfer add constraint ck_transfer_kind check (kind in (
        'PAYMENT', 'REQUEST', 'RECORDED', 'REVERSAL', 'DEMURRAGE', 'DUES', 'CLOSING', 'CONVERSION', 'REFUND',
        'FEE', 'SHARES'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table transfer drop constraint ck_transfer_kind;
      alter table transfer add constraint ck_transfer_kind check (kind in (
        'PAYMENT', 'REQUEST', 'RECORDED', 'REVERSAL', 'DEMURRAGE', 'DUES', 'CLOSING', 'CONVERSION', 'REFUND'));
      drop table booking_item, booking, booking_series, kit_item, kit;
    `);
  }
}
