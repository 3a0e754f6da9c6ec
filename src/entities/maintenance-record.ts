import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Work done on a thing. Only ever added to. */
@Entity('maintenance_record')
export class MaintenanceRecord {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  resourceId: string;

  /** The plan that it fulfils, if any. */
  @Column('text', { nullable: true })
  planId: string | null;

  @Column('text')
  note: string;

  @Column('text', { nullable: true })
  byMembershipId: string | null;

  @Column('timestamptz')
  doneAt: Date;
}
