import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who looks after a pool. */
@Entity('pool_steward')
export class PoolSteward {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  poolId: string;

  @PrimaryColumn('text')
  membershipId: string;

  @Column('timestamptz')
  addedAt: Date;
}
