import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Translations } from './translations.ts';

export const GROUP_JOIN_MODES = ['OPEN', 'BY_COORDINATOR'] as const;
export type GroupJoinMode = (typeof GROUP_JOIN_MODES)[number];

/** A circle, committee or sub-area inside a network. */
@Entity('member_group')
export class Group {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('jsonb')
  name: Translations;

  @Column('jsonb')
  purpose: Translations;

  @Column('text')
  sortName: string;

  @Column('text')
  joinMode: GroupJoinMode;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  archivedAt: Date | null;
}
