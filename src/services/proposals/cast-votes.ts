import type { BoxedBallot } from '../../entities/ballot-box.ts';
import type { Proposal } from '../../entities/proposal.ts';
import type { BallotInput, WeightedVote } from '../../governance/tally/method.ts';
import type { Db } from '../../kernel/database.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { sealRest } from './ballot-box.ts';
import { votesIn } from './ballots.ts';

/** All that was cast on a proposal. */
export interface CastVotes {
  votes: WeightedVote<unknown>[];
  /** How many took part, themselves or by delegation, and with which weight. */
  participants: number;
  participantWeight: bigint;
}

/** A ballot that was cast. */
export interface CastBallot {
  /** Null for a secret one. */
  membershipId: string | null;
  receipt: string;
  vote: BallotInput;
  /** The voter's own. */
  weight: bigint;
}

/**
 * The votes on a proposal that is being closed, as its way of counting reads them. The box of a secret vote is sealed by this.
 *
 * @param proposal locked by the caller
 * @emits BallotBoxSealed if ballots of a secret vote were left to seal
 */
export async function castVotes(tx: Tx, proposal: Proposal): Promise<CastVotes> {
  const { networkId, id: proposalId } = proposal;
  if (proposal.rule.isSecret) await sealRest(tx, { networkId, proposalId });
  return votesCast(tx.db, proposal);
}

/** The same for a vote that is over. */
export async function votesCast(db: Db, proposal: Proposal): Promise<CastVotes> {
  const ballots = await ballotsOf(db, proposal);
  return {
    votes: votesIn(proposal, ballots),
    participants: ballots.length,
    participantWeight: ballots.reduce((sum, { weight }) => sum + weight, 0n),
  };
}

/** All ballots of a vote, in an order that tells nothing: open ones by their voters, secret ones by their receipts. */
export function ballotsOf(db: Db, proposal: Proposal): Promise<CastBallot[]> {
  return proposal.rule.isSecret ? secretBallots(db, proposal) : openBallots(db, proposal);
}

function openBallots(db: Db, { networkId, id }: Proposal): Promise<CastBallot[]> {
  return db.rows<CastBallot>(
    `select b.membership_id, v.id as receipt, b.vote, e.weight from ballot b
       join ballot_version v using (network_id, proposal_id, number)
       join elector e on e.network_id = b.network_id and e.proposal_id = b.proposal_id
        and e.membership_id = b.membership_id
      where b.network_id = $1 and b.proposal_id = $2
      order by b.membership_id`,
    [networkId, id],
  );
}

async function secretBallots(db: Db, { networkId, id }: Proposal): Promise<CastBallot[]> {
  const seals = await db.rows<{ ballots: Record<string, BoxedBallot> }>(
    'select ballots from ballot_seal where network_id = $1 and proposal_id = $2',
    [networkId, id],
  );
  return seals
    .flatMap(({ ballots }) => Object.entries(ballots))
    .map(([receipt, { vote, weight }]) => ({ membershipId: null, receipt, vote, weight: BigInt(weight) }))
    .toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1));
}
