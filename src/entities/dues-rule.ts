import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Period } from './unit-policy.ts';

/** What members give for each period. It is ended and replaced, never rewritten. */
@Entity('dues_rule')
export class DuesRule {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  unitId: string;

  /** For whom; null for all whose class has no rule of its own. */
  @Column('text', { nullable: true })
  memberClass: string | null;

  @Column('bigint')
  amountMinor: bigint;

  @Column('text')
  period: Period;

  /** How many days after being charged a member is in arrears. */
  @Column('integer')
  graceDays: number;

  /** The account of the network that receives it. */
  @Column('text')
  accountId: string;

  /** The first day of the first period, in the network's time zone: `2026-04-01`. */
  @Column('text')
  startsOn: string;

  /** Periods that begin on this day or later are not charged; null for no end. */
  @Column('text', { nullable: true })
  endsOn: string | null;

  @Column('text', { nullable: true })
  setByPersonId: string | null;

  @Column('timestamptz')
  setAt: Date;
}
