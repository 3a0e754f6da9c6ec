import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A picture of a thing. */
@Entity('resource_photo')
export class ResourcePhoto {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  resourceId: string;

  @PrimaryColumn('text')
  fileId: string;

  @Column('text')
  caption: string;

  @Column('timestamptz')
  addedAt: Date;
}
