import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProposalAction } from '../governance/actions.ts';
import type { ProposalOption } from './proposal.ts';

/** A proposal as it read at a time. */
@Entity('proposal_version')
export class ProposalVersion {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  @PrimaryColumn('integer')
  version: number;

  @Column('text')
  title: string;

  @Column('text')
  text: string;

  @Column('jsonb')
  actions: ProposalAction[];

  @Column('jsonb')
  options: ProposalOption[];

  @Column('text')
  writtenByMembershipId: string;

  @Column('timestamptz')
  writtenAt: Date;
}
