import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many pieces of a thing belong to a kit. */
@Entity('kit_item')
export class KitItem {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  kitId: string;

  @PrimaryColumn('text')
  resourceId: string;

  @Column('integer')
  quantity: number;
}
