import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Translations } from './translations.ts';

export const PLACE_PRECISIONS = ['EXACT', 'NEIGHBOURHOOD', 'TOWN', 'HIDDEN'] as const;
export const MEMBERSHIP_STATES = ['APPLIED', 'ACTIVE', 'SUSPENDED', 'LEFT', 'DECLINED'] as const;
export type MembershipState = (typeof MEMBERSHIP_STATES)[number];
export type PlacePrecision = (typeof PLACE_PRECISIONS)[number];

export const VISIBILITIES = ['NOBODY', 'NETWORK', 'FEDERATION', 'PUBLIC'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** The parts of a profile whose visibility a member sets. */
export const PROFILE_FIELDS = ['displayName', 'about', 'skills', 'phone', 'email', 'place'] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];
export type ProfileVisibility = Record<ProfileField, Visibility>;

/** Joins a person to a network, with the profile that the person shows there. */
@Entity('membership')
export class Membership {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  personId: string;

  @Column('text')
  state: MembershipState;

  @Column('text')
  memberClass: string;

  @Column('text')
  displayName: string;

  @Column('text')
  sortName: string;

  @Column('jsonb')
  about: Translations;

  @Column('text', { array: true })
  skills: string[];

  @Column('text', { nullable: true })
  phone: string | null;

  @Column('text', { nullable: true })
  placeName: string | null;

  @Column('double precision', { nullable: true })
  latitude: number | null;

  @Column('double precision', { nullable: true })
  longitude: number | null;

  @Column('text')
  placePrecision: PlacePrecision;

  @Column('jsonb')
  visibility: ProfileVisibility;

  @Column('text', { nullable: true })
  application: string | null;

  @Column('timestamptz')
  appliedAt: Date;

  @Column('timestamptz', { nullable: true })
  admittedAt: Date | null;

  @Column('text', { nullable: true })
  stateReason: string | null;

  @Column('timestamptz')
  stateChangedAt: Date;

  @Column('integer')
  acceptedTermsVersion: number;

  @Column('timestamptz', { nullable: true })
  acceptedTermsAt: Date | null;

  /** Left while suspended: only those who admit may let the person in again. */
  @Column('boolean')
  needsReadmission: boolean;
}
