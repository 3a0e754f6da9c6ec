import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments that fall due on days of the calendar, and a way from a cause to its transfers. */
export class Schedules1790000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table transfer_schedule (
        network_id typeid not null,
        id typeid not null,
        payer_account_id typeid not null,
        payee_account_id typeid not null,
        amount_minor bigint not null,
        is_split boolean not null,
        description text not null,
        starts_on date not null,
        frequency text not null,
        every integer not null,
        date_count integer not null,
        state text not null,
        stop_reason text,
        settled_count integer not null,
        next_due_on date,
        next_due_at timestamptz,
        created_by_person_id typeid not null,
        acting_for_membership_id typeid,
        created_at timestamptz not null,
        ended_at timestamptz,
        constraint pk_transfer_schedule primary key (network_id, id),
        constraint ck_transfer_schedule_amount check (
          amount_minor between 1 and 1000000000000000000 and (not is_split or amount_minor >= date_count)),
        constraint ck_transfer_schedule_frequency check (frequency in ('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')),
        constraint ck_transfer_schedule_every check (every between 1 and 366),
        constraint ck_transfer_schedule_count check (
          date_count between 1 and 1000 and settled_count between 0 and date_count),
        constraint ck_transfer_schedule_state check (state in ('ACTIVE', 'PAUSED', 'ENDED', 'CANCELLED', 'STOPPED')),
        constraint ck_transfer_schedule_ended check ((state in ('ACTIVE', 'PAUSED')) = (ended_at is null)),
        constraint ck_transfer_schedule_stopped check ((state = 'STOPPED') = (stop_reason is not null)),
        constraint ck_transfer_schedule_next check (
          num_nonnulls(next_due_on, next_due_at) = case when settled_count < date_count then 2 else 0 end)
      );
      create index ix_transfer_schedule_payer on transfer_schedule (network_id, payer_account_id, id);
      create index ix_transfer_schedule_due on transfer_schedule (next_due_at) where state = 'ACTIVE';

      create table transfer_occurrence (
        network_id typeid not null,
        schedule_id typeid not null,
        due_on date not null,
        number integer not null,
        amount_minor bigint not null,
        state text not null,
        tries integer not null,
        refusal_code text,
        transfer_id typeid,
        retry_at timestamptz,
        settled_at timestamptz,
        constraint pk_transfer_occurrence primary key (network_id, schedule_id, due_on),
        constraint uq_transfer_occurrence_number unique (network_id, schedule_id, number),
        constraint uq_transfer_occurrence_transfer unique (network_id, transfer_id),
        constraint fk_transfer_occurrence_schedule foreign key (network_id, schedule_id)
          references transfer_schedule (network_id, id),
        constraint fk_transfer_occurrence_transfer foreign key (network_id, transfer_id)
          references transfer (network_id, id),
        constraint ck_transfer_occurrence_state check (
          case state
            when 'DONE' then transfer_id is not null and settled_at is not null
            when 'RETRYING' then retry_at is not null and refusal_code is not null and settled_at is null
            when 'FAILED' then refusal_code is not null and settled_at is not null
            when 'SKIPPED' then settled_at is not null
            else false
          end),
        constraint ck_transfer_occurrence_transfer check (state = 'DONE' or transfer_id is null),
        constraint ck_transfer_occurrence_retry check (state = 'RETRYING' or retry_at is null)
      );
      create index ix_transfer_occurrence_retry on transfer_occurrence (retry_at) where state = 'RETRYING';

      create index ix_transfer_cause on transfer (network_id, cause_id, id) where cause_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ix_transfer_cause; drop table transfer_occurrence, transfer_schedule;');
  }
}
