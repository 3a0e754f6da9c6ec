import { Column, Entity, PrimaryColumn } from 'typeorm';

export const ACCOUNT_STATES = ['OPEN', 'FROZEN', 'CLOSED'] as const;
export const HOLDER_KINDS = ['MEMBERSHIP', 'GROUP', 'NETWORK'] as const;
export type HolderKind = (typeof HOLDER_KINDS)[number];
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** Holds one unit for one holder. */
@Entity('account')
export class Account {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  unitId: string;

  @Column('text')
  holderKind: HolderKind;

  @Column('text', { nullable: true })
  membershipId: string | null;

  @Column('text', { nullable: true })
  groupId: string | null;

  @Column('text')
  name: string;

  @Column('text')
  state: AccountState;

  /** Whether its limits are those of the unit's policy; its own are then null. */
  @Column('boolean')
  followsPolicy: boolean;

  @Column('bigint', { nullable: true })
  floorMinor: bigint | null;

  @Column('bigint', { nullable: true })
  ceilingMinor: bigint | null;

  @Column('bigint')
  balanceMinor: bigint;

  @Column('bigint')
  reservedMinor: bigint;

  @Column('bigint')
  entryCount: bigint;

  /** All that ever came in, less what was returned of it; what went out is this less the balance. */
  @Column('bigint')
  receivedMinor: bigint;

  @Column('timestamptz', { nullable: true })
  lastPostedAt: Date | null;

  @Column('timestamptz')
  openedAt: Date;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;
}
