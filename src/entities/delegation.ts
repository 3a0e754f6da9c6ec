import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Says who votes for somebody who does not vote; as long as it is there it is in force. */
@Entity('delegation')
export class Delegation {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  fromMembershipId: string;

  @Column('text')
  toMembershipId: string;

  /** What it is for; null for everything for which there is no other one. */
  @Column('text', { nullable: true })
  topic: string | null;

  @Column('timestamptz')
  setAt: Date;
}
