import type { BoxedBallot } from '../../entities/ballot-box.ts';
import type { Proposal } from '../../entities/proposal.ts';
import type { BallotInput, WeightedVote } from '../../governance/tally/method.ts';
import type { Db } from '../../kernel/database.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { sealRest } from './ballot-box.ts';
import { votesIn, type CastBallot } from './ballots.ts';

/** All that was cast on a proposal. */
export interface CastVotes {
  votes: WeightedVote<unknown>[];
  /** How many took part, themselves or by delegation, and with which weight. */
  participants: number;
  participantWeight: bigint;
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
  const { ballots, participants } = proposal.rule.isSecret
    ? await secretBallots(db, proposal)
    : await openBallots(db, proposal);
  const participantWeight = ballots.reduce((sum, { weight }) => sum + weight, 0n);
  return { votes: votesIn(proposal, ballots), participants, participantWeight };
}

interface BallotsFound {
  ballots: CastBallot[];
  participants: number;
}

async function openBallots(db: Db, { networkId, id }: Proposal): Promise<BallotsFound> {
  const ballots = await db.rows<CastBallot>(
    `select b.vote, e.weight from ballot b
       join elector e using (network_id, proposal_id, membership_id)
      where b.network_id = $1 and b.proposal_id = $2
      order by b.membership_id`,
    [networkId, id],
  );
  return { ballots, participants: ballots.length };
}

async function secretBallots(db: Db, { networkId, id }: Proposal): Promise<BallotsFound> {
  const seals = await db.rows<{ ballots: Record<string, BoxedBallot> }>(
    'select ballots from ballot_seal where network_id = $1 and proposal_id = $2 order by number',
    [networkId, id],
  );
  const boxed = seals.flatMap(({ ballots }) => Object.values<{ vote: BallotInput; weight: string }>(ballots));
  const ballots = boxed.map(({ vote, weight }) => ({ vote, weight: BigInt(weight) }));
  return { ballots, participants: ballots.length };
}
