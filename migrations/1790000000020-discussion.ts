import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members say to a proposal: stances, objections, comments; and who votes for whom. */
export class Discussion1790000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What each elector says to each version of a proposal that asks for consent. Another version asks anew.
      create table stance (
        network_id typeid not null,
        proposal_id typeid not null,
        version integer not null,
        membership_id typeid not null,
        stance text not null,
        reason text,
        taken_at timestamptz not null,
        constraint pk_stance primary key (network_id, proposal_id, version, membership_id),
        constraint fk_stance_version foreign key (network_id, proposal_id, version)
          references proposal_version (network_id, proposal_id, version),
        constraint fk_stance_elector foreign key (network_id, proposal_id, membership_id)
          references elector (network_id, proposal_id, membership_id),
        constraint ck_stance_stance check (stance in ('CONSENT', 'ABSTAIN'))
      );

      create table objection (
        network_id typeid not null,
        id typeid not null,
        proposal_id typeid not null,
        version integer not null,
        membership_id typeid not null,
        reason text not null,
        state text not null,
        raised_at timestamptz not null,
        resolution text,
        resolved_by_membership_id typeid,
        resolved_at timestamptz,
        constraint pk_objection primary key (network_id, id),
        constraint fk_objection_version foreign key (network_id, proposal_id, version)
          references proposal_version (network_id, proposal_id, version),
        constraint fk_objection_elector foreign key (network_id, proposal_id, membership_id)
          references elector (network_id, proposal_id, membership_id),
        constraint fk_objection_resolved_by foreign key (network_id, resolved_by_membership_id)
          references membership (network_id, id),
        constraint ck_objection_state check (state in ('RAISED', 'INTEGRATED', 'WITHDRAWN', 'INVALID')),
        constraint ck_objection_resolved check (
          (state = 'RAISED') = (num_nonnulls(resolved_by_membership_id, resolved_at) = 0)),
        constraint ck_objection_own check (
          (state in ('INTEGRATED', 'WITHDRAWN') and resolved_by_membership_id = membership_id)
          or (state = 'INVALID' and resolved_by_membership_id <> membership_id and resolution is not null)
          or state = 'RAISED')
      );
      create index ix_objection_proposal on objection (network_id, proposal_id, id);

      alter table proposal add constraint fk_proposal_facilitator foreign key (network_id, facilitator_membership_id)
        references membership (network_id, id);
      alter table proposal add constraint ck_proposal_facilitator check (
        facilitator_membership_id <> author_membership_id);

      create table comment (
        network_id typeid not null,
        id typeid not null,
        proposal_id typeid not null,
        parent_id typeid,
        depth integer not null,
        membership_id typeid not null,
        text text not null,
        written_at timestamptz not null,
        edited_at timestamptz,
        hidden_at timestamptz,
        hidden_by_membership_id typeid,
        hidden_reason text,
        constraint pk_comment primary key (network_id, id),
        constraint uq_comment_proposal unique (network_id, proposal_id, id),
        constraint fk_comment_proposal foreign key (network_id, proposal_id) references proposal (network_id, id),
        constraint fk_comment_parent foreign key (network_id, proposal_id, parent_id)
          references comment (network_id, proposal_id, id),
        constraint fk_comment_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint ck_comment_depth check (depth between 1 and 3 and (depth = 1) = (parent_id is null)),
        constraint ck_comment_hidden check (num_nonnulls(hidden_at, hidden_by_membership_id, hidden_reason) in (0, 3))
      );
      create index ix_comment_thread on comment (network_id, proposal_id, parent_id, id);
      create index ix_comment_membership on comment (network_id, membership_id, written_at);

      -- Those in force: what was revoked is gone. No topic means everything for which there is no other one.
      create table delegation (
        network_id typeid not null,
        id typeid not null,
        from_membership_id typeid not null,
        to_membership_id typeid not null,
        topic text,
        set_at timestamptz not null,
        constraint pk_delegation primary key (network_id, id),
        constraint uq_delegation_topic unique nulls not distinct (network_id, from_membership_id, topic),
        constraint fk_delegation_from foreign key (network_id, from_membership_id)
          references membership (network_id, id),
        constraint fk_delegation_to foreign key (network_id, to_membership_id)
          references membership (network_id, id),
        constraint ck_delegation_not_oneself check (from_membership_id <> to_membership_id)
      );
      create index ix_delegation_to on delegation (network_id, to_membership_id, id);

      -- One row for each network, rewritten with each delegation: who changes one waits here for who changes another.
      create table delegation_book (
        network_id typeid not null,
        change_count bigint not null,
        constraint pk_delegation_book primary key (network_id),
        constraint fk_delegation_book_network foreign key (network_id) references network (id)
      );

      -- Who voted for whom, as it was found when the vote closed.
      create table delegated_vote (
        network_id typeid not null,
        proposal_id typeid not null,
        from_membership_id typeid not null,
        delegate_membership_id typeid not null,
        voter_membership_id typeid not null,
        constraint pk_delegated_vote primary key (network_id, proposal_id, from_membership_id),
        constraint fk_delegated_vote_from foreign key (network_id, proposal_id, from_membership_id)
          references elector (network_id, proposal_id, membership_id),
        constraint fk_delegated_vote_voter foreign key (network_id, proposal_id, voter_membership_id)
          references elector (network_id, proposal_id, membership_id),
        constraint ck_delegated_vote_other check (voter_membership_id <> from_membership_id)
      );
      create index ix_delegated_vote_voter on delegated_vote (network_id, proposal_id, voter_membership_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table delegated_vote, delegation_book, delegation, comment, objection, stance;
      alter table proposal drop constraint ck_proposal_facilitator, drop constraint fk_proposal_facilitator;
    `);
  }
}
