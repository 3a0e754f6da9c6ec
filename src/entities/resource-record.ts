import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Condition, OwnerKind } from './resource.ts';

export const RECORD_KINDS = ['ADDED', 'CONDITION', 'CUSTODY', 'OWNERSHIP', 'MAINTENANCE', 'RETIRED'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** What happened to a thing, with all that held afterwards. Only ever added to. */
@Entity('resource_record')
export class ResourceRecord {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  resourceId: string;

  @Column('text')
  kind: RecordKind;

  @Column('text')
  condition: Condition;

  @Column('text')
  ownerKind: OwnerKind;

  @Column('text', { nullable: true })
  ownerMembershipId: string | null;

  @Column('text', { nullable: true })
  custodianMembershipId: string | null;

  @Column('text', { nullable: true })
  bookingId: string | null;

  /** A picture of it then. */
  @Column('text', { nullable: true })
  fileId: string | null;

  @Column('text')
  note: string;

  /** Who said so; null for the server. */
  @Column('text', { nullable: true })
  byMembershipId: string | null;

  @Column('timestamptz')
  at: Date;
}
