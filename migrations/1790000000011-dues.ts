import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Demurrage and dues: the rules of dues, who was charged what for which period, and the runs that did it. */
export class Dues1790000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table charge_run (
        network_id typeid not null,
        id typeid not null,
        kind text not null,
        unit_id typeid not null,
        period text not null,
        reached_id typeid,
        charged_count integer not null,
        total_minor bigint not null,
        left_out_ids text[] not null,
        begun_by_person_id typeid,
        actor_system text,
        begun_at timestamptz not null,
        finished_at timestamptz,
        constraint pk_charge_run primary key (network_id, id),
        constraint fk_charge_run_unit foreign key (network_id, unit_id) references unit (network_id, id),
        constraint ck_charge_run_kind check (kind in ('DEMURRAGE', 'DUES')),
        constraint ck_charge_run_totals check (charged_count >= 0 and total_minor >= 0)
      );
      create index ix_charge_run_unfinished on charge_run (begun_at) where finished_at is null;

      -- Who was looked at for a period, also if nothing was due: nobody is twice.
      create table demurrage_charge (
        network_id typeid not null,
        account_id typeid not null,
        period text not null,
        run_id typeid not null,
        amount_minor bigint not null,
        transfer_id typeid,
        charged_at timestamptz not null,
        constraint pk_demurrage_charge primary key (network_id, account_id, period),
        constraint fk_demurrage_charge_run foreign key (network_id, run_id) references charge_run (network_id, id),
        constraint ck_demurrage_charge_transfer check (
          amount_minor >= 0 and (amount_minor > 0) = (transfer_id is not null))
      );

      create table dues_rule (
        network_id typeid not null,
        id typeid not null,
        unit_id typeid not null,
        member_class text,
        amount_minor bigint not null,
        period text not null,
        grace_days integer not null,
        account_id typeid not null,
        starts_on text not null,
        ends_on text,
        set_by_person_id typeid,
        set_at timestamptz not null,
        constraint pk_dues_rule primary key (network_id, id),
        constraint fk_dues_rule_unit foreign key (network_id, unit_id) references unit (network_id, id),
        constraint ck_dues_rule_amount check (amount_minor between 0 and 1000000000000000000),
        constraint ck_dues_rule_period check (period in ('MONTH', 'QUARTER', 'YEAR')),
        constraint ck_dues_rule_grace check (grace_days between 0 and 366),
        constraint ck_dues_rule_days check (
          starts_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and ends_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
      );
      create index ix_dues_rule_unit on dues_rule (network_id, unit_id);

      create table dues_charge (
        network_id typeid not null,
        id typeid not null,
        membership_id typeid not null,
        unit_id typeid not null,
        period text not null,
        rule_id typeid not null,
        amount_minor bigint not null,
        state text not null,
        charged_at timestamptz not null,
        grace_until timestamptz not null,
        arrears_at timestamptz,
        paid_at timestamptz,
        transfer_id typeid,
        constraint pk_dues_charge primary key (network_id, id),
        constraint uq_dues_charge_period unique (network_id, membership_id, unit_id, period),
        constraint fk_dues_charge_membership foreign key (network_id, membership_id)
          references membership (network_id, id),
        constraint fk_dues_charge_unit foreign key (network_id, unit_id) references unit (network_id, id),
        constraint fk_dues_charge_rule foreign key (network_id, rule_id) references dues_rule (network_id, id),
        constraint ck_dues_charge_amount check (amount_minor > 0),
        constraint ck_dues_charge_state check (state in ('UNPAID', 'PAID')),
        constraint ck_dues_charge_paid check (
          (state = 'PAID') = (paid_at is not null) and (state = 'PAID') = (transfer_id is not null))
      );
      create index ix_dues_charge_unpaid on dues_charge (network_id, membership_id) where state = 'UNPAID';
    `);
    await runner.query(floor('div(greatest(p_received, 0)::numeric * p_ppm, 1000000)'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(floor('floor(greatest(p_received, 0)::numeric * p_ppm / 1000000)'));
    await runner.query('drop table dues_charge, dues_rule, demurrage_charge, charge_run;');
  }
}

/**
 * The floor that a policy gives, with one way or another to the part of what was received. Above 10¹⁶ minor units the
 * division of numeric rounds to so few digits that the one used before could come out one too high.
 */
const floor = (part: string) => `
  create or replace function ledger_floor(
    p_kind text, p_floor bigint, p_ppm integer, p_hard_floor bigint, p_received bigint)
  returns bigint language sql immutable as $$
    select case p_kind
      when 'FIXED' then p_floor
      when 'TURNOVER' then greatest(p_floor - ${part}, p_hard_floor, -1000000000000000000)::bigint
      when 'GROWTH' then greatest(p_floor::numeric - greatest(p_received, 0), p_hard_floor, -1000000000000000000)::bigint
    end
  $$`;
