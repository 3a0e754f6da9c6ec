import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What who proposes wished of the rule apart from the rule itself, so that a draft follows the bylaws in the rest, and an outcome
 * for votes that chose among options without deciding anything. Of the proposals that there are nobody knows any more what was
 * wished: they keep their whole rule.
 */
export class Wishes1790000000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table proposal add column wish jsonb;
      update proposal set wish = rule;
      alter table proposal alter column wish set not null;
      alter table resolution drop constraint ck_resolution_outcome;
      alter table resolution add constraint ck_resolution_outcome
        check (outcome in ('PASSED', 'CHOSEN', 'FAILED', 'VETOED', 'DECLINED'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update resolution set outcome = 'PASSED' where outcome = 'CHOSEN';
      alter table resolution drop constraint ck_resolution_outcome;
      alter table resolution add constraint ck_resolution_outcome
        check (outcome in ('PASSED', 'FAILED', 'VETOED', 'DECLINED'));
      alter table proposal drop column wish;
    `);
  }
}
