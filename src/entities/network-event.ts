import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EventData } from '../kernel/events.ts';

/** A fact about a network: who did what, when, and on whose behalf. */
@Entity('event')
export class NetworkEvent {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  kind: string;

  @Column('text')
  subjectId: string;

  @Column('text', { nullable: true })
  actorPersonId: string | null;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('text', { nullable: true })
  actorSystem: string | null;

  @Column('jsonb')
  data: EventData;

  @Column('timestamptz')
  at: Date;
}
