import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Whose vote counted for an elector who did not vote, as it was found when the vote closed. */
@Entity('delegated_vote')
export class DelegatedVote {
  @PrimaryColumn('text')
  networkId: string;

  @PrimaryColumn('text')
  proposalId: string;

  @PrimaryColumn('text')
  fromMembershipId: string;

  /** To whom the elector's own delegation led: whoever voted, or somebody who passed it on. */
  @Column('text')
  delegateMembershipId: string;

  @Column('text')
  voterMembershipId: string;
}
