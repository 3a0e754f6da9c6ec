import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rates between two units of a network, what was exchanged at them, and the ways to the transfers of a hold. */
export class Conversions1790000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a network decides later is a further row: the highest version of two units is in force.
      create table conversion_rate (
        network_id typeid not null,
        id typeid not null,
        from_unit_id typeid not null,
        to_unit_id typeid not null,
        version integer not null,
        numerator integer not null,
        denominator integer not null,
        from_account_id typeid not null,
        to_account_id typeid not null,
        is_active boolean not null,
        set_by_person_id typeid,
        set_at timestamptz not null,
        constraint pk_conversion_rate primary key (network_id, id),
        constraint uq_conversion_rate_version unique (network_id, from_unit_id, to_unit_id, version),
        constraint fk_conversion_rate_from_unit foreign key (network_id, from_unit_id) references unit (network_id, id),
        constraint fk_conversion_rate_to_unit foreign key (network_id, to_unit_id) references unit (network_id, id),
        constraint ck_conversion_rate_units check (from_unit_id <> to_unit_id),
        constraint ck_conversion_rate_terms check (
          numerator between 1 and 1000000000 and denominator between 1 and 1000000000)
      );

      create table conversion (
        network_id typeid not null,
        id typeid not null,
        rate_id typeid not null,
        from_transfer_id typeid not null,
        to_transfer_id typeid not null,
        created_at timestamptz not null,
        constraint pk_conversion primary key (network_id, id),
        constraint fk_conversion_rate foreign key (network_id, rate_id) references conversion_rate (network_id, id),
        constraint fk_conversion_from foreign key (network_id, from_transfer_id) references transfer (network_id, id),
        constraint fk_conversion_to foreign key (network_id, to_transfer_id) references transfer (network_id, id)
      );

      create index ix_hold_payee on hold (network_id, payee_account_id, id) where payee_account_id is not null;
      create index ix_transfer_hold on transfer (network_id, hold_id, id) where hold_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_transfer_hold, ix_hold_payee;
      drop table conversion, conversion_rate;`);
  }
}
