import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An exchange of one unit for another at a rate: two transfers, which belong together. */
@Entity('conversion')
export class Conversion {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  rateId: string;

  /** From the holder to the network, in the unit that is given. */
  @Column('text')
  fromTransferId: string;

  /** From the network to the holder, in the unit that is received. */
  @Column('text')
  toTransferId: string;

  @Column('timestamptz')
  createdAt: Date;
}
