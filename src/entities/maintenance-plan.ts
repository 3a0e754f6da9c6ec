import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often a thing is looked after. Overdue, it is not handed out. */
@Entity('maintenance_plan')
export class MaintenancePlan {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  resourceId: string;

  @Column('text')
  name: string;

  /** By time, by use, or by whichever comes first. */
  @Column('integer', { nullable: true })
  everyDays: number | null;

  @Column('integer', { nullable: true })
  everyUses: number | null;

  @Column('timestamptz')
  lastDoneAt: Date;

  /** How often the thing had been used then. */
  @Column('integer')
  lastDoneUses: number;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;
}
