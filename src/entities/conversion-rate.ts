import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a network has decided an amount of one unit to be worth in another; the highest version is in force. */
@Entity('conversion_rate')
export class ConversionRate {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  fromUnitId: string;

  @Column('text')
  toUnitId: string;

  /** Counted from 1 for each pair of units. */
  @Column('integer')
  version: number;

  /** So many whole units of the one that is received… */
  @Column('integer')
  numerator: number;

  /** …for so many whole units of the one that is given. */
  @Column('integer')
  denominator: number;

  /** The common account that receives what is given. */
  @Column('text')
  fromAccountId: string;

  /** The common account that pays what is received. */
  @Column('text')
  toAccountId: string;

  /** False where the network has decided that there is no rate any more. */
  @Column('boolean')
  isActive: boolean;

  @Column('text', { nullable: true })
  setByPersonId: string | null;

  @Column('timestamptz')
  setAt: Date;
}
