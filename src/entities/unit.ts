import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Translations } from './translations.ts';

export const UNIT_KINDS = ['HOURS', 'CREDIT', 'MONEY', 'SHARE', 'POINTS', 'GIFT'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** What accounts of a network count: hours, credit, money, shares. */
@Entity('unit')
export class Unit {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  code: string;

  @Column('jsonb')
  name: Translations;

  @Column('text')
  symbol: string;

  @Column('text')
  kind: UnitKind;

  @Column('smallint')
  scale: number;

  /** The version of the policy in force. */
  @Column('integer')
  policyVersion: number;

  @Column('boolean')
  opensMemberAccounts: boolean;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  archivedAt: Date | null;
}
