import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much of a thing belongs to a co-owner. */
@Entity('resource_share')
export class ResourceShare {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  resourceId: string;

  @PrimaryColumn('text')
  membershipId: string;

  @Column('integer')
  shareCount: number;
}
