import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Bylaws } from '../governance/bylaws.ts';
import type { MemberClass } from './network.ts';
import type { Role } from './role-assignment.ts';

/** One version of how a network decides; the latest is in force. */
@Entity('bylaws_version')
export class BylawsVersion {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('integer')
  version: number;

  @Column('jsonb')
  bylaws: Bylaws<Role>;

  @Column('jsonb')
  memberClasses: MemberClass[];

  /** The decision that set it; null for those of the template. */
  @Column('text', { nullable: true })
  decisionId: string | null;

  @Column('timestamptz')
  setAt: Date;
}
