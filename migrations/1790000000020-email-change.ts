import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A secret may also prove an address that a person does not have yet. */
export class EmailChange1790000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table mailed_secret
        add column new_email text,
        drop constraint ck_mailed_secret_purpose,
        add constraint ck_mailed_secret_purpose
          check (purpose in ('EMAIL_VERIFICATION', 'EMAIL_CHANGE', 'PASSWORD_RESET')),
        add constraint ck_mailed_secret_new_email
          check ((purpose = 'EMAIL_CHANGE') = (new_email is not null));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      delete from mailed_secret where purpose = 'EMAIL_CHANGE';
      alter table mailed_secret
        drop constraint ck_mailed_secret_new_email,
        drop column new_email,
        drop constraint ck_mailed_secret_purpose,
        add constraint ck_mailed_secret_purpose check (purpose in ('EMAIL_VERIFICATION', 'PASSWORD_RESET'));
    `);
  }
}
