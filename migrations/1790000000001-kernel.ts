import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ids, the record of events, waiting jobs, idempotency keys and throttles. */
export class Kernel1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Ids sort by their bytes, whatever the database's locale: their order is the order of their making.
      create domain typeid as text collate "C" constraint ck_typeid check (octet_length(value) = 30);

      create table event (
        network_id typeid not null,
        id typeid not null,
        kind text not null,
        subject_id typeid not null,
        actor_person_id typeid,
        acting_for_membership_id typeid,
        actor_system text,
        data jsonb not null,
        at timestamptz not null,
        constraint pk_event primary key (network_id, id),
        constraint ck_event_actor check (num_nonnulls(actor_person_id, actor_system) = 1)
      );
      create index ix_event_at on event (network_id, at desc, id desc);
      create index ix_event_subject on event (network_id, subject_id, at desc, id desc);

      create table idempotency_key (
        network_id typeid not null,
        owner text collate "C" not null,
        key text collate "C" not null,
        content_hash bytea not null,
        result_id typeid,
        created_at timestamptz not null,
        constraint pk_idempotency_key primary key (network_id, owner, key)
      );
      create index ix_idempotency_key_created_at on idempotency_key (created_at);

      create table job (
        id typeid not null,
        kind text not null,
        payload jsonb not null,
        unique_key text,
        due_at timestamptz not null,
        leased_until timestamptz,
        attempts integer not null,
        failed_at timestamptz,
        last_error text,
        created_at timestamptz not null,
        constraint pk_job primary key (id),
        constraint uq_job_unique_key unique (unique_key)
      );
      create index ix_job_due_at on job (due_at, id) where failed_at is null;

      create table throttle (
        key text collate "C" not null,
        points integer not null,
        expire bigint,
        constraint pk_throttle primary key (key)
      );
      create index ix_throttle_expire on throttle (expire);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table throttle, job, idempotency_key, event; drop domain typeid;');
  }
}
