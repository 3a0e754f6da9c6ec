import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Versions of how a network decides, and actions that are decided by signatures. */
export class Bylaws1790000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bylaws_version (
        network_id typeid not null,
        version integer not null,
        bylaws jsonb not null,
        member_classes jsonb not null,
        decision_id typeid,
        set_at timestamptz not null,
        constraint pk_bylaws_version primary key (network_id, version),
        constraint fk_bylaws_version_network foreign key (network_id) references network (id),
        constraint ck_bylaws_version_version check (version > 0)
      );

      -- In a tie a half is not more than a half.
      update network
         set bylaws = replace(bylaws::text, '"threshold": "1/2"', '"threshold": ">1/2"')::jsonb
           || '{"facts": {"name": null, "registrationNumber": null, "seat": null, "foundedOn": null}}';
      alter table network add column bylaws_version integer not null default 1;
      alter table network alter column bylaws_version drop default;
      insert into bylaws_version
        select id, 1, bylaws, member_classes, null, created_at from network;

      create table signed_action (
        network_id typeid not null,
        id typeid not null,
        state text not null,
        title text not null,
        text text not null,
        action jsonb not null,
        rule jsonb not null,
        beneficiary_ids text[] not null,
        submitted_by_membership_id typeid not null,
        created_by_person_id typeid not null,
        acting_for_membership_id typeid,
        submitted_at timestamptz not null,
        expires_at timestamptz not null,
        ended_at timestamptz,
        failure jsonb,
        declined_by_membership_id typeid,
        decline_reason text,
        constraint pk_signed_action primary key (network_id, id),
        constraint fk_signed_action_network foreign key (network_id) references network (id),
        constraint fk_signed_action_submitted_by foreign key (network_id, submitted_by_membership_id)
          references membership (network_id, id),
        constraint fk_signed_action_declined_by foreign key (network_id, declined_by_membership_id)
          references membership (network_id, id),
        constraint ck_signed_action_state check (state in (
          'PENDING', 'EXECUTED', 'FAILED', 'DECLINED', 'EXPIRED')),
        constraint ck_signed_action_ended check (
          (state in ('PENDING', 'FAILED')) = (ended_at is null)),
        constraint ck_signed_action_failed check ((state = 'FAILED') = (failure is not null)),
        constraint ck_signed_action_declined check (
          (state = 'DECLINED') = (num_nonnulls(declined_by_membership_id, decline_reason) = 2)),
        constraint ck_signed_action_expires check (expires_at > submitted_at)
      );
      create index ix_signed_action_state on signed_action (network_id, state, id);
      create index ix_signed_action_expires_at on signed_action (expires_at) where state in ('PENDING', 'FAILED');

      create table action_signature (
        network_id typeid not null,
        action_id typeid not null,
        membership_id typeid not null,
        signed_at timestamptz not null,
        constraint pk_action_signature primary key (network_id, action_id, membership_id),
        constraint fk_action_signature_action foreign key (network_id, action_id)
          references signed_action (network_id, id),
        constraint fk_action_signature_membership foreign key (network_id, membership_id)
          references membership (network_id, id)
      );
      create index ix_action_signature_membership on action_signature (network_id, membership_id, action_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table action_signature, signed_action, bylaws_version;
      alter table network drop column bylaws_version;
    `);
  }
}
