import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Things of a pool that are booked together or not at all. */
@Entity('kit')
export class Kit {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  poolId: string;

  @Column('text')
  name: string;

  @Column('text')
  description: string;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;
}
