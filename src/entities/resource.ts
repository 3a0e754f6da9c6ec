import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Opening } from './opening.ts';

export const RESOURCE_KINDS = ['ITEM', 'SPACE', 'LAND', 'VEHICLE', 'STOCK'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];
export const RESOURCE_STATES = ['OFFERED', 'ACTIVE', 'RETIRED'] as const;
export type ResourceState = (typeof RESOURCE_STATES)[number];
export const CONDITIONS = ['NEW', 'GOOD', 'WORN', 'DAMAGED', 'UNUSABLE'] as const;
export type Condition = (typeof CONDITIONS)[number];
export const OWNER_KINDS = ['POOL', 'MEMBER', 'CO_OWNERS'] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];
export const OPENING_SCOPES = ['USE', 'HANDOVER'] as const;
export type OpeningScope = (typeof OPENING_SCOPES)[number];
export const FEE_PERIODS = ['USE', 'HOUR', 'DAY'] as const;
export type FeePeriod = (typeof FEE_PERIODS)[number];
export const QUOTA_HOLDERS = ['MEMBER', 'GROUP'] as const;
export type QuotaHolder = (typeof QUOTA_HOLDERS)[number];
export const QUOTA_PERIODS = ['WEEK', 'MONTH', 'YEAR'] as const;
export type QuotaPeriod = (typeof QUOTA_PERIODS)[number];

/** A thing that can be shared: so many pieces that are booked, or a stock that is filled and emptied. */
@Entity('resource')
export class Resource {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  poolId: string;

  @Column('text')
  kind: ResourceKind;

  @Column('text')
  name: string;

  @Column('text')
  description: string;

  @Column('text')
  instructions: string;

  @Column('text')
  state: ResourceState;

  /** How many pieces there are; null for a stock. */
  @Column('integer', { nullable: true })
  quantity: number | null;

  @Column('text')
  condition: Condition;

  @Column('text', { nullable: true })
  placeName: string | null;

  /** Degrees north. */
  @Column('double precision', { nullable: true })
  latitude: number | null;

  /** Degrees east. */
  @Column('double precision', { nullable: true })
  longitude: number | null;

  /** Minor units of the pool's unit. */
  @Column('bigint', { nullable: true })
  valueMinor: bigint | null;

  /** Whose it is; who has it now is another fact. */
  @Column('text')
  ownerKind: OwnerKind;

  @Column('text', { nullable: true })
  ownerMembershipId: string | null;

  /** Until when its owner lends it; null for no end, or if the pool or several own it. */
  @Column('timestamptz', { nullable: true })
  lentUntil: Date | null;

  /** How many shares those who own it together hold in all. */
  @Column('integer', { nullable: true })
  shareCount: number | null;

  /** Who has it now; null while the pool has it. */
  @Column('text', { nullable: true })
  custodianMembershipId: string | null;

  /** Rules that are null are those of the pool. */
  @Column('boolean', { nullable: true })
  needsApproval: boolean | null;

  @Column('integer', { nullable: true })
  leadMinutes: number | null;

  @Column('integer', { nullable: true })
  longestMinutes: number | null;

  @Column('integer', { nullable: true })
  bufferBeforeMinutes: number | null;

  @Column('integer', { nullable: true })
  bufferAfterMinutes: number | null;

  @Column('jsonb', { nullable: true })
  opening: Opening | null;

  /** Whether a booking lies in open hours as a whole, or only its beginning and its end do. */
  @Column('text')
  openingScope: OpeningScope;

  /** What the fee is counted by; null if there is none. */
  @Column('text', { nullable: true })
  feePer: FeePeriod | null;

  /** Minor units of the pool's unit for each piece. */
  @Column('bigint')
  feeMinor: bigint;

  @Column('bigint')
  depositMinor: bigint;

  /** What the late fee is counted by, begun ones counting whole. */
  @Column('text', { nullable: true })
  lateFeePer: FeePeriod | null;

  @Column('bigint')
  lateFeeMinor: bigint;

  /** How often it was taken out. */
  @Column('integer')
  useCount: number;

  /** What a stock is counted in: `kg`, `pieces`. */
  @Column('text', { nullable: true })
  stockUnit: string | null;

  /** How many decimals an amount of it has. */
  @Column('smallint', { nullable: true })
  stockScale: number | null;

  /** What is there now. */
  @Column('bigint', { nullable: true })
  stockMinor: bigint | null;

  /** How many moves its record has. */
  @Column('bigint', { nullable: true })
  stockCount: bigint | null;

  /** How much of it each may take within a period; null for no bound. */
  @Column('bigint', { nullable: true })
  quotaMinor: bigint | null;

  @Column('text', { nullable: true })
  quotaPer: QuotaHolder | null;

  @Column('text', { nullable: true })
  quotaPeriod: QuotaPeriod | null;

  @Column('text', { nullable: true })
  addedByMembershipId: string | null;

  @Column('timestamptz')
  addedAt: Date;

  @Column('timestamptz', { nullable: true })
  retiredAt: Date | null;
}
