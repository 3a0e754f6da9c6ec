import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProposalAction } from '../governance/actions.ts';
import type { BylawRule } from '../governance/bylaws.ts';
import type { ExecutionFailure } from './proposal.ts';

export const SIGNED_ACTION_STATES = ['PENDING', 'EXECUTED', 'FAILED', 'DECLINED', 'EXPIRED'] as const;
export type SignedActionState = (typeof SIGNED_ACTION_STATES)[number];

// A function of the database alone writes how it ends.
const LATER = { nullable: true, insert: false, update: false } as const;

/** An action that so many holders of a role decide by signing. */
@Entity('signed_action')
export class SignedAction {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  state: SignedActionState;

  @Column('text')
  title: string;

  @Column('text')
  text: string;

  @Column('jsonb')
  action: ProposalAction;

  /** The rule of the bylaws under which it was submitted. */
  @Column('jsonb')
  rule: BylawRule;

  /** Members who gain by it, and therefore do not sign. */
  @Column('text', { array: true })
  beneficiaryIds: string[];

  @Column('text')
  submittedByMembershipId: string;

  @Column('text')
  createdByPersonId: string;

  @Column('text', { nullable: true })
  actingForMembershipId: string | null;

  @Column('timestamptz')
  submittedAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  /** When it was executed or declined, or ran out. */
  @Column('timestamptz', { ...LATER })
  endedAt: Date | null;

  @Column('jsonb', { ...LATER })
  failure: ExecutionFailure | null;

  @Column('text', { ...LATER })
  declinedByMembershipId: string | null;

  @Column('text', { ...LATER })
  declineReason: string | null;
}
