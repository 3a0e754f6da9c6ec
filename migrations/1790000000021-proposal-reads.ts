import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A second line of the register for what was decided and then stopped, and what lists of proposals are read by. */
export class ProposalReads1790000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table resolution drop constraint uq_resolution_source;
      alter table resolution add constraint uq_resolution_source unique (network_id, source_id, outcome);
      create index ix_proposal_author on proposal (network_id, author_membership_id, id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_proposal_author;
      alter table resolution drop constraint uq_resolution_source;
      alter table resolution add constraint uq_resolution_source unique (network_id, source_id);
    `);
  }
}
