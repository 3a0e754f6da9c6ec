import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A series keeps why there is no booking for some of its times; who owes something is found without reading all bookings. */
export class BookingAnswers1790000000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table booking_series add refusals jsonb not null default '[]';
      alter table booking_series alter refusals drop default;
      create index ix_booking_unpaid on booking (network_id, pool_id, membership_id) where unpaid_minor > 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_booking_unpaid; alter table booking_series drop refusals;');
  }
}
