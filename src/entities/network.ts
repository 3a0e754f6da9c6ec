import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Bylaws } from '../governance/bylaws.ts';
import type { NetworkTemplateCode } from './network-template.ts';
import type { Role } from './role-assignment.ts';
import type { Translations } from './translations.ts';

export const BALANCE_VISIBILITIES = ['HOLDER', 'NETWORK'] as const;
export const JOIN_MODES = ['OPEN', 'APPROVAL', 'SPONSORED', 'VOTE', 'SHARES'] as const;
export type JoinMode = (typeof JOIN_MODES)[number];
export type BalanceVisibility = (typeof BALANCE_VISIBILITIES)[number];

/** A kind of member and how many votes one has. */
export interface MemberClass {
  code: string;
  name: Translations;
  votes: number;
}

/** A community: a LETS, a timebank, an ecovillage, a cooperative, a federation. */
@Entity('network')
export class Network {
  @PrimaryColumn('text')
  id: string;

  @Column('text')
  slug: string;

  @Column('jsonb')
  name: Translations;

  @Column('jsonb')
  description: Translations;

  @Column('text')
  defaultLocale: string;

  @Column('text')
  timeZone: string;

  @Column('text')
  template: NetworkTemplateCode;

  @Column('text', { nullable: true })
  parentId: string | null;

  @Column('text', { nullable: true })
  requestedParentId: string | null;

  @Column('text')
  joinMode: JoinMode;

  @Column('integer')
  sponsorsNeeded: number;

  @Column('boolean')
  isListed: boolean;

  @Column('text')
  balancesVisibleTo: BalanceVisibility;

  @Column('boolean')
  treasurersNeedOneTimeCode: boolean;

  @Column('jsonb')
  memberClasses: MemberClass[];

  @Column('jsonb')
  bylaws: Bylaws<Role>;

  /** Counts up from 1 with each change of bylaws or member classes. */
  @Column('integer')
  bylawsVersion: number;

  @Column('text', { nullable: true })
  placeName: string | null;

  @Column('double precision', { nullable: true })
  latitude: number | null;

  @Column('double precision', { nullable: true })
  longitude: number | null;

  @Column('integer')
  termsVersion: number;

  @Column('text')
  createdByPersonId: string;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  archivedAt: Date | null;
}
