import { Column, Entity, PrimaryColumn } from 'typeorm';

export const TRANSFER_STATES = ['PENDING', 'POSTED', 'REJECTED', 'CANCELLED', 'EXPIRED', 'REVERSED'] as const;
export const TRANSFER_KINDS = ['PAYMENT', 'REQUEST', 'RECORDED'] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];
export type TransferState = (typeof TRANSFER_STATES)[number];

/** Moves an amount of one unit between accounts of one network. */
@Entity('transfer')
export class Transfer {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  unitId: string;

  @Column('text')
  kind: TransferKind;

  @Column('text')
  state: TransferState;

  @Column('text')
  payerAccountId: string;

  @Column('text')
  payeeAccountId: string;

  @Column('bigint')
  amountMinor: bigint;

  @Column('text')
  description: string;

  @Column('text', { nullable: true })
  createdByPersonId: string | null;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  postedAt: Date | null;
}
