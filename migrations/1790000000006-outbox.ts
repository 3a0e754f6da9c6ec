import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Gives the outbox something that readers can follow: the transaction that wrote each event. Ids and instants are made
 * before the commit, so whoever reads on from the last one misses what commits later with an earlier one.
 *
 * A dump that is restored into another cluster brings numbers of the old one; docs/operations.md says what to do.
 */
export class Outbox1790000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table event add column xid xid8 not null default pg_current_xact_id();
      create index ix_event_xid on event (xid, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table event drop column xid;');
  }
}
