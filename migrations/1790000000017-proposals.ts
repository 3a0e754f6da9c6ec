import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proposals with the versions of their text, who may vote on each, and the register of what was decided. */
export class Proposals1790000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table proposal (
        network_id typeid not null,
        id typeid not null,
        version integer not null,
        title text not null,
        text text not null,
        topic text,
        state text not null,
        author_membership_id typeid not null,
        facilitator_membership_id typeid,
        created_by_person_id typeid not null,
        acting_for_membership_id typeid,
        actions jsonb not null,
        options jsonb not null,
        rule jsonb not null,
        eligible_count integer,
        eligible_weight bigint,
        seed text,
        outcome jsonb,
        failure jsonb,
        created_at timestamptz not null,
        opened_at timestamptz,
        closes_at timestamptz,
        closed_at timestamptz,
        execute_at timestamptz,
        executed_at timestamptz,
        vetoed_by_membership_id typeid,
        veto_reason text,
        constraint pk_proposal primary key (network_id, id),
        constraint fk_proposal_network foreign key (network_id) references network (id),
        constraint fk_proposal_author foreign key (network_id, author_membership_id)
          references membership (network_id, id),
        constraint ck_proposal_state check (state in (
          'DRAFT', 'OPEN', 'PASSED', 'FAILED', 'WITHDRAWN', 'VETOED', 'EXECUTED', 'EXECUTION_FAILED')),
        constraint ck_proposal_version check (version > 0),
        constraint ck_proposal_opened check (
          state in ('DRAFT', 'WITHDRAWN')
          or num_nonnulls(opened_at, closes_at, eligible_count, eligible_weight) = 4),
        constraint ck_proposal_closed check (
          (state in ('PASSED', 'FAILED', 'VETOED', 'EXECUTED', 'EXECUTION_FAILED'))
          = (num_nonnulls(closed_at, outcome) = 2)),
        constraint ck_proposal_closes_later check (closes_at > opened_at),
        constraint ck_proposal_executed check ((state = 'EXECUTED') = (executed_at is not null)),
        constraint ck_proposal_failure check (state <> 'EXECUTION_FAILED' or failure is not null),
        constraint ck_proposal_vetoed check (
          (state = 'VETOED') = (num_nonnulls(vetoed_by_membership_id, veto_reason) = 2))
      );
      create index ix_proposal_state on proposal (network_id, state, id);
      create index ix_proposal_closes_at on proposal (closes_at) where state = 'OPEN';
      create index ix_proposal_execute_at on proposal (execute_at) where state = 'PASSED';

      create table proposal_version (
        network_id typeid not null,
        proposal_id typeid not null,
        version integer not null,
        title text not null,
        text text not null,
        actions jsonb not null,
        options jsonb not null,
        written_by_membership_id typeid not null,
        written_at timestamptz not null,
        constraint pk_proposal_version primary key (network_id, proposal_id, version),
        constraint fk_proposal_version_proposal foreign key (network_id, proposal_id)
          references proposal (network_id, id)
      );

      -- Fixed when voting opens: who joins, leaves or changes class later changes nothing here.
      create table elector (
        network_id typeid not null,
        proposal_id typeid not null,
        membership_id typeid not null,
        weight bigint not null,
        constraint pk_elector primary key (network_id, proposal_id, membership_id),
        constraint fk_elector_proposal foreign key (network_id, proposal_id) references proposal (network_id, id),
        constraint fk_elector_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint ck_elector_weight check (weight between 1 and 1000000)
      );
      create index ix_elector_membership on elector (network_id, membership_id, proposal_id);

      -- What was decided, numbered without gaps in each network.
      create table resolution (
        network_id typeid not null,
        number integer not null,
        source_id typeid not null,
        kind text not null,
        title text not null,
        sentences jsonb not null,
        outcome text not null,
        summary jsonb not null,
        decided_at timestamptz not null,
        constraint pk_resolution primary key (network_id, number),
        constraint uq_resolution_source unique (network_id, source_id),
        constraint fk_resolution_network foreign key (network_id) references network (id),
        constraint ck_resolution_number check (number > 0),
        constraint ck_resolution_kind check (kind in ('VOTE', 'SIGNATURES', 'ROLE')),
        constraint ck_resolution_outcome check (outcome in ('PASSED', 'FAILED', 'VETOED', 'DECLINED'))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table resolution, elector, proposal_version, proposal;');
  }
}
