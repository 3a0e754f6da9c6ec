import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Stands for all delegations of a network, so that they are changed one after the other. */
@Entity('delegation_book')
export class DelegationBook {
  @PrimaryColumn('text')
  networkId: string;

  @Column('bigint')
  changeCount: bigint;
}
