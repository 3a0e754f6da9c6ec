import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A booking tells how often it was made longer, and when last: programs that show calendars go by that. */
export class BookingExtensions1790000000037 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table booking add extended_at timestamptz, add extension_count integer not null default 0,
        add constraint ck_booking_extended check (extension_count >= 0 and (extension_count > 0) = (extended_at is not null));
      alter table booking alter extension_count drop default;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table booking drop extended_at, drop extension_count;');
  }
}
