import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A member signs an action once. */
@Entity('action_signature')
export class ActionSignature {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  actionId: string;

  @PrimaryColumn('text')
  membershipId: string;

  @Column('timestamptz')
  signedAt: Date;
}
