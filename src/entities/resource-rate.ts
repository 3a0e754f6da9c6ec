import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The fee for members of a class, in place of that for all. */
@Entity('resource_rate')
export class ResourceRate {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  resourceId: string;

  @PrimaryColumn('text')
  memberClass: string;

  /** Minor units of the pool's unit for each piece. */
  @Column('bigint')
  feeMinor: bigint;
}
