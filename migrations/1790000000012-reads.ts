import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds the link that seals a transfer by its instant: one row of an index a link, where an index of all transfers would
 * cost posting. Lists what was not posted, of which there is little, without passing over all that was.
 */
export class Reads1790000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index ix_ledger_link_sealed_at on ledger_link (network_id, sealed_at)');
    await runner.query(
      'create index ix_transfer_unposted on transfer (network_id, id) where posted_at is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_transfer_unposted, ix_ledger_link_sealed_at');
  }
}
