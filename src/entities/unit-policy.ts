import { Column, Entity, PrimaryColumn } from 'typeorm';

export const LIMIT_KINDS = ['NONE', 'FIXED', 'TURNOVER', 'GROWTH'] as const;
export const LIMIT_MODES = ['BLOCK', 'WARN'] as const;
export const PERIODS = ['MONTH', 'QUARTER', 'YEAR'] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];
export type LimitMode = (typeof LIMIT_MODES)[number];
export type Period = (typeof PERIODS)[number];

/** One version of the rules of a unit: limits, levies, demurrage, what happens when an account closes. */
@Entity('unit_policy')
export class UnitPolicy {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  unitId: string;

  @PrimaryColumn('integer')
  version: number;

  @Column('text')
  limitKind: LimitKind;

  @Column('text')
  limitMode: LimitMode;

  /** Lowest balance; for TURNOVER and GROWTH that of an account which has received nothing. */
  @Column('bigint', { nullable: true })
  floorMinor: bigint | null;

  @Column('bigint', { nullable: true })
  ceilingMinor: bigint | null;

  /** For TURNOVER: the part of what was received that is added to the credit, in millionths. */
  @Column('integer', { nullable: true })
  turnoverPpm: number | null;

  /** For TURNOVER: within how many days it was received. */
  @Column('integer', { nullable: true })
  turnoverDays: number | null;

  /** For TURNOVER and GROWTH: the lowest balance that an account can come to be allowed. */
  @Column('bigint', { nullable: true })
  hardFloorMinor: bigint | null;

  /** What the payer gives beside the amount, in millionths of it. */
  @Column('integer')
  payerLevyPpm: number;

  /** What the payee gives of the amount, in millionths of it. */
  @Column('integer')
  payeeLevyPpm: number;

  @Column('text', { nullable: true })
  levyAccountId: string | null;

  @Column('bigint', { nullable: true })
  paymentMaxMinor: bigint | null;

  @Column('bigint', { nullable: true })
  dayMaxMinor: bigint | null;

  @Column('integer', { nullable: true })
  dayMaxCount: number | null;

  @Column('bigint', { nullable: true })
  weekMaxMinor: bigint | null;

  @Column('integer', { nullable: true })
  weekMaxCount: number | null;

  @Column('bigint', { nullable: true })
  monthMaxMinor: bigint | null;

  @Column('integer', { nullable: true })
  monthMaxCount: number | null;

  /** What a balance above the exempt one loses each period, in millionths. */
  @Column('integer')
  demurragePpm: number;

  @Column('bigint')
  demurrageExemptMinor: bigint;

  @Column('text', { nullable: true })
  demurragePeriod: Period | null;

  @Column('text', { nullable: true })
  demurrageAccountId: string | null;

  @Column('text', { nullable: true })
  closingAccountId: string | null;

  /** Whether what is left on an account that closes goes to the closing account. */
  @Column('boolean')
  takesSurplus: boolean;

  /** Whether the closing account makes up for what an account that closes owes. */
  @Column('boolean')
  coversDeficit: boolean;

  /** How long a request waits for an answer. */
  @Column('integer')
  requestDays: number;

  @Column('text', { nullable: true })
  setByPersonId: string | null;

  @Column('timestamptz')
  setAt: Date;
}
