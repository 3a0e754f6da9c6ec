import { Column, Entity, PrimaryColumn } from 'typeorm';

export const CHARGE_RUN_KINDS = ['DEMURRAGE', 'DUES'] as const;
export type ChargeRunKind = (typeof CHARGE_RUN_KINDS)[number];

/** One walk over all accounts, or all members, to charge them for a period. */
@Entity('charge_run')
export class ChargeRun {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  kind: ChargeRunKind;

  @Column('text')
  unitId: string;

  /** Such as `2026`, `2026-Q1`, `2026-03`. */
  @Column('text')
  period: string;

  /** Up to which account or membership it has come, by id. */
  @Column('text', { nullable: true })
  reachedId: string | null;

  /** How many have given something in it. */
  @Column('integer')
  chargedCount: number;

  /** Minor units as text: what thousands gave may be more than bigint holds. */
  @Column('numeric')
  totalMinor: string;

  /** How many owe and could not be charged. */
  @Column('integer')
  leftOutCount: number;

  /** The first hundred of these accounts, or memberships. */
  @Column('text', { array: true })
  leftOutIds: string[];

  @Column('text', { nullable: true })
  begunByPersonId: string | null;

  @Column('text', { nullable: true })
  actorSystem: string | null;

  @Column('timestamptz')
  begunAt: Date;

  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;
}
