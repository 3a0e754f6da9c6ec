import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shares of what members own together, stocks that are filled and emptied, and calendars that others can read. */
export class CommonGoods1790000000029 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table resource_share (
        network_id typeid not null,
        resource_id typeid not null,
        membership_id typeid not null,
        share_count integer not null,
        constraint pk_resource_share primary key (network_id, resource_id, membership_id),
        constraint fk_resource_share_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint fk_resource_share_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint ck_resource_share_count check (share_count > 0)
      );
      create index ix_resource_share_membership on resource_share (network_id, membership_id);

      -- Who gave how many shares to whom; from nobody when they were issued, to nobody when they were taken back.
      create table share_move (
        network_id typeid not null,
        id typeid not null,
        resource_id typeid not null,
        from_membership_id typeid,
        to_membership_id typeid,
        share_count integer not null,
        transfer_id typeid,
        by_person_id typeid,
        at timestamptz not null,
        constraint pk_share_move primary key (network_id, id),
        constraint fk_share_move_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_share_move_count check (share_count > 0),
        constraint ck_share_move_members check (
          num_nonnulls(from_membership_id, to_membership_id) > 0 and from_membership_id is distinct from to_membership_id)
      );
      create index ix_share_move_resource on share_move (network_id, resource_id, id);

      -- What came into a stock and went out of it, numbered within the stock, with what was there afterwards.
      create table stock_move (
        network_id typeid not null,
        resource_id typeid not null,
        seq bigint not null,
        id typeid not null,
        kind text not null,
        amount_minor bigint not null,
        balance_after_minor bigint not null,
        membership_id typeid,
        group_id typeid,
        note text not null,
        by_person_id typeid,
        acting_for_membership_id typeid,
        at timestamptz not null,
        constraint pk_stock_move primary key (network_id, resource_id, seq),
        constraint uq_stock_move_id unique (network_id, id),
        constraint fk_stock_move_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_stock_move_kind check (
          case kind
            when 'CONTRIBUTION' then amount_minor > 0
            when 'TAKING' then amount_minor < 0
            when 'SPOILAGE' then amount_minor < 0
            when 'CORRECTION' then amount_minor <> 0
            else false
          end),
        constraint ck_stock_move_balance check (balance_after_minor >= 0 and seq > 0)
      );
      create index ix_stock_move_member on stock_move (network_id, resource_id, membership_id, at);

      -- Who knows the address reads the calendar: only its hash is kept.
      create table calendar_feed (
        network_id typeid not null,
        id typeid not null,
        membership_id typeid not null,
        scope text not null,
        pool_id typeid,
        resource_id typeid,
        secret_hash bytea not null,
        created_at timestamptz not null,
        read_at timestamptz,
        revoked_at timestamptz,
        constraint pk_calendar_feed primary key (network_id, id),
        constraint uq_calendar_feed_secret unique (network_id, secret_hash),
        constraint fk_calendar_feed_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint fk_calendar_feed_pool foreign key (network_id, pool_id) references pool (network_id, id),
        constraint fk_calendar_feed_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint ck_calendar_feed_scope check (
          case scope
            when 'MEMBER' then num_nonnulls(pool_id, resource_id) = 0
            when 'POOL' then pool_id is not null and resource_id is null
            when 'RESOURCE' then resource_id is not null and pool_id is null
            else false
          end)
      );
      create index ix_calendar_feed_membership on calendar_feed (network_id, membership_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table calendar_feed, stock_move, share_move, resource_share;');
  }
}
