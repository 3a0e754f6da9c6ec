import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rules by which requests are accepted without a word, and disputes about transfers. */
export class Requests1790000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table request_rule (
        network_id typeid not null,
        id typeid not null,
        account_id typeid not null,
        from_membership_id typeid,
        up_to_minor bigint,
        after_days integer not null,
        made_at timestamptz not null,
        constraint pk_request_rule primary key (network_id, id),
        constraint uq_request_rule_account unique nulls not distinct (network_id, account_id, from_membership_id),
        constraint fk_request_rule_from foreign key (network_id, from_membership_id)
          references membership (network_id, id),
        constraint ck_request_rule_up_to check (up_to_minor > 0),
        constraint ck_request_rule_after_days check (after_days between 0 and 366)
      );

      create table dispute (
        network_id typeid not null,
        id typeid not null,
        transfer_id typeid not null,
        state text not null,
        reason text not null,
        opened_by_membership_id typeid not null,
        mediator_membership_id typeid,
        outcome text,
        resolution text,
        settled_by_transfer_id typeid,
        opened_at timestamptz not null,
        closed_at timestamptz,
        constraint pk_dispute primary key (network_id, id),
        constraint fk_dispute_transfer foreign key (network_id, transfer_id) references transfer (network_id, id),
        constraint fk_dispute_opened_by foreign key (network_id, opened_by_membership_id)
          references membership (network_id, id),
        constraint fk_dispute_mediator foreign key (network_id, mediator_membership_id)
          references membership (network_id, id),
        constraint ck_dispute_state check (state in ('OPEN', 'RESOLVED', 'WITHDRAWN')),
        constraint ck_dispute_outcome check (outcome in ('REVERSED', 'REFUNDED', 'DISMISSED')),
        constraint ck_dispute_resolved check ((state = 'RESOLVED') = (outcome is not null)),
        constraint ck_dispute_closed check ((state = 'OPEN') = (closed_at is null))
      );
      create index ix_dispute_transfer on dispute (network_id, transfer_id);
      create index ix_dispute_mediator on dispute (network_id, mediator_membership_id)
        where mediator_membership_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dispute, request_rule;');
  }
}
