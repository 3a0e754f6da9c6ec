import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Networks, their members, roles, invitations, groups and categories. */
export class Networks1790000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table network (
        id typeid not null,
        slug text collate "C" not null,
        name jsonb not null,
        description jsonb not null,
        default_locale text not null,
        time_zone text not null,
        template text not null,
        parent_id typeid,
        requested_parent_id typeid,
        join_mode text not null,
        sponsors_needed integer not null,
        is_listed boolean not null,
        balances_visible_to text not null,
        treasurers_need_one_time_code boolean not null,
        member_classes jsonb not null,
        bylaws jsonb not null,
        place_name text,
        latitude double precision,
        longitude double precision,
        terms_version integer not null,
        created_by_person_id typeid not null,
        created_at timestamptz not null,
        archived_at timestamptz,
        constraint pk_network primary key (id),
        constraint uq_network_slug unique (slug),
        constraint fk_network_parent foreign key (parent_id) references network (id),
        constraint fk_network_requested_parent foreign key (requested_parent_id) references network (id),
        constraint fk_network_created_by foreign key (created_by_person_id) references person (id),
        constraint ck_network_join_mode check (join_mode in ('OPEN', 'APPROVAL', 'SPONSORED', 'VOTE', 'SHARES')),
        constraint ck_network_sponsors_needed check (sponsors_needed between 0 and 20),
        constraint ck_network_balances_visible_to check (balances_visible_to in ('HOLDER', 'NETWORK')),
        constraint ck_network_not_its_own_parent check (parent_id <> id and requested_parent_id <> id)
      );
      create index ix_network_parent on network (parent_id, slug);
      create index ix_network_created_by on network (created_by_person_id, created_at);
      create index ix_network_requested_parent on network (requested_parent_id) where requested_parent_id is not null;
      create index ix_network_listed on network (slug) where is_listed and archived_at is null;

      -- Which networks a person has to do with: a directory of global keys, so that no query searches every network.
      create table person_network (
        person_id typeid not null,
        network_id typeid not null,
        constraint pk_person_network primary key (person_id, network_id),
        constraint fk_person_network_person foreign key (person_id) references person (id),
        constraint fk_person_network_network foreign key (network_id) references network (id)
      );

      create table network_terms (
        network_id typeid not null,
        version integer not null,
        text jsonb not null,
        published_by_person_id typeid not null,
        published_at timestamptz not null,
        constraint pk_network_terms primary key (network_id, version),
        constraint fk_network_terms_network foreign key (network_id) references network (id)
      );

      create table category (
        network_id typeid not null,
        id typeid not null,
        parent_id typeid,
        name jsonb not null,
        position integer not null,
        constraint pk_category primary key (network_id, id),
        constraint fk_category_network foreign key (network_id) references network (id),
        constraint fk_category_parent foreign key (network_id, parent_id) references category (network_id, id)
      );

      create table membership (
        network_id typeid not null,
        id typeid not null,
        person_id typeid not null,
        state text not null,
        member_class text not null,
        display_name text not null,
        sort_name text collate "C" not null,
        about jsonb not null,
        skills text[] not null,
        phone text,
        place_name text,
        latitude double precision,
        longitude double precision,
        place_precision text not null,
        visibility jsonb not null,
        application text,
        applied_at timestamptz not null,
        admitted_at timestamptz,
        state_reason text,
        state_changed_at timestamptz not null,
        accepted_terms_version integer not null,
        accepted_terms_at timestamptz,
        needs_readmission boolean not null,
        constraint pk_membership primary key (network_id, id),
        constraint uq_membership_person unique (network_id, person_id),
        constraint fk_membership_network foreign key (network_id) references network (id),
        constraint fk_membership_person foreign key (person_id) references person (id),
        constraint ck_membership_state check (state in ('APPLIED', 'ACTIVE', 'SUSPENDED', 'LEFT', 'DECLINED')),
        constraint ck_membership_place_precision check (place_precision in ('EXACT', 'NEIGHBOURHOOD', 'TOWN', 'HIDDEN'))
      );
      create index ix_membership_state on membership (network_id, state, sort_name, id);

      create table sponsorship (
        network_id typeid not null,
        membership_id typeid not null,
        sponsor_membership_id typeid not null,
        at timestamptz not null,
        constraint pk_sponsorship primary key (network_id, membership_id, sponsor_membership_id),
        constraint fk_sponsorship_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint fk_sponsorship_sponsor foreign key (network_id, sponsor_membership_id)
          references membership (network_id, id),
        constraint ck_sponsorship_other_person check (membership_id <> sponsor_membership_id)
      );

      create table invitation (
        network_id typeid not null,
        id typeid not null,
        email text not null,
        email_key text collate "C" not null,
        secret_hash bytea not null,
        invited_by_membership_id typeid not null,
        admits boolean not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        accepted_at timestamptz,
        accepted_membership_id typeid,
        constraint pk_invitation primary key (network_id, id),
        constraint uq_invitation_secret_hash unique (network_id, secret_hash),
        constraint fk_invitation_network foreign key (network_id) references network (id),
        constraint fk_invitation_invited_by foreign key (network_id, invited_by_membership_id)
          references membership (network_id, id),
        constraint fk_invitation_accepted foreign key (network_id, accepted_membership_id)
          references membership (network_id, id)
      );
      create index ix_invitation_created_at on invitation (network_id, created_at desc, id desc);

      create table role_assignment (
        network_id typeid not null,
        id typeid not null,
        membership_id typeid not null,
        role text not null,
        for_membership_id typeid,
        starts_at timestamptz not null,
        ends_at timestamptz,
        assigned_by_person_id typeid,
        revoked_at timestamptz,
        revocation_reason text,
        constraint pk_role_assignment primary key (network_id, id),
        constraint fk_role_assignment_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint fk_role_assignment_for foreign key (network_id, for_membership_id)
          references membership (network_id, id),
        constraint ck_role_assignment_role
          check (role in ('COORDINATOR', 'TREASURER', 'MODERATOR', 'AUDITOR', 'HELPER')),
        constraint ck_role_assignment_for check ((role = 'HELPER') = (for_membership_id is not null)),
        constraint ck_role_assignment_term check (ends_at > starts_at)
      );
      create index ix_role_assignment_membership on role_assignment (network_id, membership_id) where revoked_at is null;
      create index ix_role_assignment_for on role_assignment (network_id, for_membership_id)
        where revoked_at is null and for_membership_id is not null;

      create table member_group (
        network_id typeid not null,
        id typeid not null,
        name jsonb not null,
        purpose jsonb not null,
        sort_name text collate "C" not null,
        join_mode text not null,
        created_at timestamptz not null,
        archived_at timestamptz,
        constraint pk_member_group primary key (network_id, id),
        constraint fk_member_group_network foreign key (network_id) references network (id),
        constraint ck_member_group_join_mode check (join_mode in ('OPEN', 'BY_COORDINATOR'))
      );
      create index ix_member_group_sort_name on member_group (network_id, sort_name, id);

      create table group_membership (
        network_id typeid not null,
        group_id typeid not null,
        membership_id typeid not null,
        is_coordinator boolean not null,
        joined_at timestamptz not null,
        constraint pk_group_membership primary key (network_id, group_id, membership_id),
        constraint fk_group_membership_group foreign key (network_id, group_id)
          references member_group (network_id, id),
        constraint fk_group_membership_membership foreign key (network_id, membership_id)
          references membership (network_id, id)
      );
      create index ix_group_membership_membership on group_membership (network_id, membership_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table group_membership, member_group, role_assignment, invitation, sponsorship, membership, category,
        network_terms, person_network, network;
    `);
  }
}
