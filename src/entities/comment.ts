import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a member says about a proposal, or to what another one said. */
@Entity('comment')
export class Comment {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  id: string;

  @Column('text')
  proposalId: string;

  /** What it answers; null if it begins a thread. */
  @Column('text', { nullable: true })
  parentId: string | null;

  /** 1 for what begins a thread, at most 3. */
  @Column('integer')
  depth: number;

  @Column('text')
  membershipId: string;

  @Column('text')
  text: string;

  @Column('timestamptz')
  writtenAt: Date;

  @Column('timestamptz', { nullable: true })
  editedAt: Date | null;

  @Column('timestamptz', { nullable: true })
  hiddenAt: Date | null;

  @Column('text', { nullable: true })
  hiddenByMembershipId: string | null;

  @Column('text', { nullable: true })
  hiddenReason: string | null;
}
