import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Lets requests to an account be accepted without its holder's word. */
@Entity('request_rule')
export class RequestRule {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  accountId: string;

  /** Whose requests; null for everybody who has no rule of their own. */
  @Column('text', { nullable: true })
  fromMembershipId: string | null;

  /** The largest amount; null for any. */
  @Column('bigint', { nullable: true })
  upToMinor: bigint | null;

  /** After how many days without an answer; 0 for at once. */
  @Column('integer')
  afterDays: number;

  @Column('timestamptz')
  madeAt: Date;
}
