import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, how they prove who they are, and what they hold to prove it again. These tables belong to no network. */
export class People1790000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table person (
        id typeid not null,
        name text not null,
        email text not null,
        email_key text collate "C" not null,
        email_verified_at timestamptz,
        locale text not null,
        password_hash text,
        is_administrator boolean not null,
        one_time_code_secret text,
        one_time_code_confirmed_at timestamptz,
        one_time_code_last_step bigint,
        created_at timestamptz not null,
        constraint pk_person primary key (id),
        constraint uq_person_email_key unique (email_key)
      );

      create table recovery_code (
        person_id typeid not null,
        code_hash bytea not null,
        used_at timestamptz,
        constraint pk_recovery_code primary key (person_id, code_hash),
        constraint fk_recovery_code_person foreign key (person_id) references person (id)
      );

      create table person_identity (
        issuer text not null,
        subject text not null,
        person_id typeid not null,
        linked_at timestamptz not null,
        constraint pk_person_identity primary key (issuer, subject),
        constraint fk_person_identity_person foreign key (person_id) references person (id)
      );
      create index ix_person_identity_person on person_identity (person_id);

      create table session (
        id typeid not null,
        person_id typeid not null,
        token_hash bytea not null,
        user_agent text,
        created_at timestamptz not null,
        last_seen_at timestamptz not null,
        expires_at timestamptz not null,
        second_factor_at timestamptz,
        constraint pk_session primary key (id),
        constraint uq_session_token_hash unique (token_hash),
        constraint fk_session_person foreign key (person_id) references person (id)
      );
      create index ix_session_person on session (person_id, created_at desc);
      create index ix_session_expires_at on session (expires_at);

      create table access_token (
        id typeid not null,
        person_id typeid not null,
        name text not null,
        token_hash bytea not null,
        scopes text[] not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        last_used_at timestamptz,
        revoked_at timestamptz,
        constraint pk_access_token primary key (id),
        constraint uq_access_token_token_hash unique (token_hash),
        constraint fk_access_token_person foreign key (person_id) references person (id)
      );
      create index ix_access_token_person on access_token (person_id, created_at desc);

      create table mailed_secret (
        secret_hash bytea not null,
        person_id typeid not null,
        purpose text not null,
        email_key text collate "C" not null,
        new_email text,
        expires_at timestamptz not null,
        used_at timestamptz,
        constraint pk_mailed_secret primary key (secret_hash),
        constraint fk_mailed_secret_person foreign key (person_id) references person (id),
        constraint ck_mailed_secret_purpose check (purpose in ('EMAIL_VERIFICATION', 'EMAIL_CHANGE', 'PASSWORD_RESET')),
        constraint ck_mailed_secret_new_email check ((purpose = 'EMAIL_CHANGE') = (new_email is not null))
      );
      create index ix_mailed_secret_person on mailed_secret (person_id, purpose);

      create table provider_sign_in (
        state_hash bytea not null,
        nonce text not null,
        code_verifier text not null,
        return_to text not null,
        expires_at timestamptz not null,
        constraint pk_provider_sign_in primary key (state_hash)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table provider_sign_in, mailed_secret, access_token, session, person_identity, recovery_code, person;
    `);
  }
}
