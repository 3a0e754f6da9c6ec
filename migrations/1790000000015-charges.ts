import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What thousands gave in one run may be more than bigint holds; of those left out a run counts all and names the first
 * hundred, so that its row stays small. Dues whose transfer was reversed are owed again: those of before are made so here,
 * and the serving role sees to it from now on.
 */
export class Charges1790000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table charge_run alter total_minor type numeric');
    await runner.query('alter table charge_run add left_out_count integer not null default 0');
    await runner.query(
      'update charge_run set left_out_count = cardinality(left_out_ids), left_out_ids = left_out_ids[1:100]',
    );
    await runner.query('alter table charge_run alter left_out_count drop default');
    await runner.query(`
      update dues_charge c set state = 'UNPAID', paid_at = null, transfer_id = null, arrears_at = null
        from transfer t
       where t.network_id = c.network_id and t.id = c.transfer_id and t.state = 'REVERSED'`);
  }

  /** Dues stay owed, and those who were not named stay unnamed; a total beyond bigint keeps the way back closed. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table charge_run drop left_out_count, alter total_minor type bigint');
  }
}
