import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shares that are offered for a price, and stocks that are read by household and by season. */
export class ShareOffers1790000000033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Who sells shares says to whom and for how much; they move when that member pays, in the same transaction.
      create table share_offer (
        network_id typeid not null,
        id typeid not null,
        resource_id typeid not null,
        from_membership_id typeid not null,
        to_membership_id typeid not null,
        share_count integer not null,
        price_minor bigint not null,
        account_id typeid not null,
        state text not null,
        created_at timestamptz not null,
        ended_at timestamptz,
        constraint pk_share_offer primary key (network_id, id),
        constraint fk_share_offer_resource foreign key (network_id, resource_id) references resource (network_id, id),
        constraint fk_share_offer_from foreign key (network_id, from_membership_id) references membership (network_id, id),
        constraint fk_share_offer_to foreign key (network_id, to_membership_id) references membership (network_id, id),
        constraint fk_share_offer_account foreign key (network_id, account_id) references account (network_id, id),
        constraint ck_share_offer_members check (from_membership_id <> to_membership_id),
        constraint ck_share_offer_amounts check (
          share_count between 1 and 1000000 and price_minor between 1 and 1000000000000000),
        constraint ck_share_offer_state check (
          state in ('OPEN', 'ACCEPTED', 'DECLINED', 'WITHDRAWN') and (state = 'OPEN') = (ended_at is null)),
        constraint ex_share_offer_open exclude using btree (
          network_id with =, resource_id with =, from_membership_id with =, to_membership_id with =) where (state = 'OPEN')
      );
      create index ix_share_offer_to on share_offer (network_id, to_membership_id, id) where state = 'OPEN';

      create index ix_stock_move_group on stock_move (network_id, resource_id, group_id, at) where group_id is not null;
      create index ix_stock_move_at on stock_move (network_id, resource_id, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_stock_move_group, ix_stock_move_at; drop table share_offer;');
  }
}
