import type { DelegatedVote } from '../../../entities/delegated-vote.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { resolveDelegations } from '../../../governance/delegation.ts';
import type { Db } from '../../../kernel/database.ts';
import { groupedBy, keysOf } from '../../../kernel/lists.ts';
import { delegationsIn } from './delegations.ts';
import { weightsOf } from './weights.ts';

/** Whose vote counts for an elector who did not vote. */
export interface VoteForAnother extends Pick<
  DelegatedVote,
  'fromMembershipId' | 'delegateMembershipId' | 'voterMembershipId'
> {
  /** How many votes the elector has. */
  weight: bigint;
}

/**
 * Finds out whose votes count for electors who did not vote, by the delegations of this instant and the electorate that was
 * stored when the vote opened. In a secret vote nobody votes for others.
 *
 * @param voterIds members who voted themselves
 */
export async function findDelegatedVotes(
  db: Db,
  proposal: Proposal,
  voterIds: readonly string[],
): Promise<VoteForAnother[]> {
  if (proposal.rule.isSecret) return [];
  const delegations = await delegationsIn(db, proposal.networkId);
  if (delegations.length === 0) return [];
  const electors = await weightsOf(db, proposal);
  const vote = { electors, voters: new Set(voterIds), topic: proposal.topic };
  const { votedBy, delegateOf } = resolveDelegations(vote, delegations);
  return [...votedBy].map(([fromMembershipId, voterMembershipId]) => ({
    fromMembershipId,
    delegateMembershipId: delegateOf(fromMembershipId) ?? voterMembershipId,
    voterMembershipId,
    weight: vote.electors.get(fromMembershipId) ?? 0n,
  }));
}

/** Whose votes counted for others in a vote that is over. */
export async function storedDelegatedVotes(
  db: Db,
  proposal: Pick<Proposal, 'networkId' | 'id'>,
): Promise<VoteForAnother[]> {
  const votes = await db.rows<Omit<VoteForAnother, 'weight'>>(
    `select from_membership_id, delegate_membership_id, voter_membership_id from delegated_vote
      where network_id = $1 and proposal_id = $2 order by from_membership_id`,
    [proposal.networkId, proposal.id],
  );
  if (votes.length === 0) return [];
  const weights = await weightsOf(db, proposal);
  return votes.map((vote) => ({ ...vote, weight: weights.get(vote.fromMembershipId) ?? 0n }));
}

/** How others took part in a vote through somebody else, and what of it concerns the viewer. */
export interface DelegatedPart {
  networkId: string;
  /** How many electors others voted for. */
  count: number;
  /** For how many of them the viewer voted. */
  viewerVotedForCount: number;
  /** From the viewer's delegate to whoever voted for the viewer; empty if nobody did. Of a long way the first 50. */
  path: string[];
}

const LONGEST_PATH = 50;

/**
 * How others took part in each vote through somebody else, and what of it concerns the viewer.
 *
 * @param membershipIds of one person, in the networks of the proposals
 */
export async function delegatedPartsOf(
  db: Db,
  membershipIds: readonly string[],
  proposals: readonly Proposal[],
): Promise<DelegatedPart[]> {
  const counts = await db.rows<{ proposalId: string; count: bigint; viewerVotedForCount: bigint }>(
    `select proposal_id, count(*), count(*) filter (where voter_membership_id = any($3)) as viewer_voted_for_count
       from delegated_vote
      where (network_id, proposal_id) in (select * from unnest($1::text[], $2::text[])) group by proposal_id`,
    [...keysOf(proposals), membershipIds],
  );
  const steps = await db.rows<{ proposalId: string; delegateMembershipId: string }>(
    `with recursive way as (
       select network_id, proposal_id, delegate_membership_id, 1 as step from delegated_vote
        where (network_id, proposal_id) in (select * from unnest($1::text[], $2::text[]))
          and from_membership_id = any($3)
       union all
       select v.network_id, v.proposal_id, v.delegate_membership_id, w.step + 1 from way w
         join delegated_vote v on v.network_id = w.network_id and v.proposal_id = w.proposal_id
          and v.from_membership_id = w.delegate_membership_id
        where w.step < $4)
     select proposal_id, delegate_membership_id from way order by step`,
    [...keysOf(proposals), membershipIds, LONGEST_PATH],
  );
  const countsOn = new Map(counts.map((row) => [row.proposalId, row]));
  const stepsOn = groupedBy(steps, ({ proposalId }) => proposalId);
  return proposals.map(({ networkId, id }) => ({
    networkId,
    count: Number(countsOn.get(id)?.count ?? 0),
    viewerVotedForCount: Number(countsOn.get(id)?.viewerVotedForCount ?? 0),
    path: stepsOn(id).map(({ delegateMembershipId }) => delegateMembershipId),
  }));
}
