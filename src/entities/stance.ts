import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What can be said to a proposal that asks for consent, beside an objection. */
export const TAKEN_STANCES = ['CONSENT', 'ABSTAIN'] as const;
export type TakenStance = (typeof TAKEN_STANCES)[number];

/** What an elector says to one version of a proposal that asks for consent. */
@Entity('stance')
export class Stance {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  @PrimaryColumn('integer')
  version: number;

  @PrimaryColumn('text')
  membershipId: string;

  @Column('text')
  stance: TakenStance;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('timestamptz')
  takenAt: Date;
}
