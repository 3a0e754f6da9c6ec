import type { BoxedBallot } from '../../../entities/ballot-box.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import type { BallotInput } from '../../../governance/tally/method.ts';
import type { Db } from '../../../kernel/database.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { sealRest } from './ballot-box.ts';
import { stancesThatCount } from '../discussion/consent.ts';
import { findDelegatedVotes, storedDelegatedVotes, type VoteForAnother } from './delegated-votes.ts';
import { weightsOf } from './weights.ts';

/** All that was cast on a proposal. */
export interface CastVotes {
  /** With the weights with which they count. */
  ballots: CastBallot[];
  /** How many took part, themselves or by delegation, and with which weight. */
  participants: number;
  participantWeight: bigint;
  /** How many voted themselves. */
  ballotCount: number;
  /** Whose votes count for electors who did not vote. */
  delegated: VoteForAnother[];
}

/** A ballot that was cast, or under consent a stance. */
export interface CastBallot {
  /** Null for a secret one. */
  membershipId: string | null;
  vote: BallotInput;
  /** The voter's own; with those for whom they voted, once that is known. */
  weight: bigint;
}

/**
 * The votes on a proposal that is being closed. The box of a secret vote is sealed by this.
 *
 * @param proposal locked by the caller
 * @emits BallotBoxSealed if ballots of a secret vote were left to seal
 */
export async function castVotes(tx: Tx, proposal: Proposal): Promise<CastVotes> {
  const { networkId, id: proposalId } = proposal;
  if (proposal.rule.isSecret) await sealRest(tx, { networkId, proposalId });
  const ballots = await ballotsOf(tx.db, proposal);
  const voterIds = ballots.flatMap(({ membershipId }) => membershipId ?? []);
  return totalled(ballots, await findDelegatedVotes(tx.db, proposal, voterIds));
}

/** The same for a vote that is over, by the delegations that counted in it. */
export async function votesCast(db: Db, proposal: Proposal): Promise<CastVotes> {
  return totalled(await ballotsOf(db, proposal), await storedDelegatedVotes(db, proposal));
}

function totalled(ballots: CastBallot[], delegated: VoteForAnother[]): CastVotes {
  const counted = withDelegated(ballots, delegated);
  return {
    ballots: counted,
    participants: ballots.length + delegated.length,
    participantWeight: counted.reduce((sum, { weight }) => sum + weight, 0n),
    ballotCount: ballots.length,
    delegated,
  };
}

/** The ballots of a vote that is over, with the weights with which they counted. */
export async function countedBallots(db: Db, proposal: Proposal): Promise<CastBallot[]> {
  return withDelegated(await ballotsOf(db, proposal), await storedDelegatedVotes(db, proposal));
}

function withDelegated(ballots: readonly CastBallot[], delegated: readonly VoteForAnother[]): CastBallot[] {
  const received = new Map<string, bigint>();
  for (const { voterMembershipId, weight } of delegated) {
    received.set(voterMembershipId, (received.get(voterMembershipId) ?? 0n) + weight);
  }
  return ballots.map((ballot) => ({
    ...ballot,
    weight: ballot.weight + (received.get(ballot.membershipId ?? '') ?? 0n),
  }));
}

/** All ballots of a vote, in an order that tells nothing: open ones by their voters, secret ones by their receipts. */
function ballotsOf(db: Db, proposal: Proposal): Promise<CastBallot[]> {
  if (proposal.rule.method === 'CONSENT') return stancesThatCount(db, proposal);
  return proposal.rule.isSecret ? secretBallots(db, proposal) : openBallots(db, proposal);
}

async function openBallots(db: Db, proposal: Proposal): Promise<CastBallot[]> {
  const weights = await weightsOf(db, proposal);
  const ballots = await db.rows<{ membershipId: string; vote: BallotInput }>(
    'select membership_id, vote from ballot where network_id = $1 and proposal_id = $2 order by membership_id',
    [proposal.networkId, proposal.id],
  );
  return ballots.flatMap((ballot) => {
    const weight = weights.get(ballot.membershipId);
    return weight === undefined ? [] : [{ ...ballot, weight }];
  });
}

async function secretBallots(db: Db, { networkId, id }: Proposal): Promise<CastBallot[]> {
  const seals = await db.rows<{ ballots: Record<string, BoxedBallot> }>(
    'select ballots from ballot_seal where network_id = $1 and proposal_id = $2',
    [networkId, id],
  );
  return seals
    .flatMap(({ ballots }) => Object.entries(ballots))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { vote, weight }]) => ({ membershipId: null, vote, weight: BigInt(weight) }));
}
