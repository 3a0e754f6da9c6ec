import { BallotVersion } from '../../../entities/ballot-version.ts';
import { Proposal } from '../../../entities/proposal.ts';
import type { BallotInput } from '../../../governance/tally/method.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { after, DAY_MS, type Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert, Forbidden, NotFound, type DomainError } from '../../../kernel/errors.ts';
import type { Expiry } from '../../../kernel/housekeeping.ts';
import { IdempotencyKeyReused, keyClaim, requireKey } from '../../../kernel/idempotency.ts';
import { requireId } from '../../../kernel/ids.ts';
import { authorize } from '../../access/may.ts';
import { standingAt, type Standing } from '../../access/standing.ts';
import type { SecretBox } from '../../people/secret-box.ts';
import type { BallotBatcher, CastOutcome } from './ballot-box.ts';
import { AlreadyVoted, NotAnElector, VoteClosed } from './ballot-errors.ts';
import { readBallot, type GivenBallot } from './ballots.ts';
import { ByConsent } from '../discussion/discussion-errors.ts';

/**
 * A day after a vote nobody can make its receipts again, whatever keys they have: until then who repeats a request with the same
 * key is told the same receipt.
 */
export const ballotSaltExpiry: Expiry = {
  table: 'ballot_salt',
  column: 'closes_at',
  cutoff: (now) => after(now, -DAY_MS),
};

/** What voting works with: it opens no transaction of its own, since the batcher casts for many at once. */
export interface BallotDeps {
  db: Db;
  clock: Clock;
  batcher: BallotBatcher;
  secretBox: SecretBox;
}

export interface CastCommand {
  networkId: string;
  idempotencyKey: string;
  proposalId: string;
  ballot: GivenBallot;
}

/** A ballot as its voter is shown it. */
export interface VotersBallot extends BallotInput {
  networkId: string;
  receipt: string;
  /** Null for a secret ballot, of which nobody knows when it was cast. */
  castAt: Date | null;
  membershipId: string | null;
  /** Its own votes, a whole number as text; null before it is published. */
  weight: string | null;
  /** The seal that holds it fast; null as long as that would tell something. */
  sealNumber: number | null;
}

/**
 * Casts a ballot, or changes one in an open vote, together with what others cast at the same time.
 *
 * Whether one may is asked before; whether the vote is open and the member is an elector is looked at when the box is locked.
 * Of a secret ballot nothing is kept that leads to its voter. A repetition with the same key is told the same receipt.
 *
 * @throws Forbidden NOT_YOURS for a helper in a secret vote, of which no record could tell, NotFound, ByConsent, InvalidBallot,
 *   VoteClosed, NotAnElector, AlreadyVoted, IdempotencyKeyReused, Overloaded
 * @emits BallotCast for an open vote, BallotBoxSealed now and then for a secret one
 */
export async function castBallot(
  deps: BallotDeps,
  actor: Actor,
  command: CastCommand,
): Promise<VotersBallot> {
  const { db } = deps;
  const networkId = requireId('network', command.networkId, 'networkId');
  const proposalId = requireId('proposal', command.proposalId, 'proposalId');
  const [standing, proposal] = await Promise.all([
    standingAt({ db, actor, now: deps.clock.now() }, networkId),
    db.one(Proposal, { networkId, id: proposalId }),
  ]);
  authorize(standing, 'ballot.cast');
  if (!proposal) throw new NotFound('Proposal');
  if (proposal.rule.method === 'CONSENT') throw new ByConsent();
  // Until it is opened a proposal may be written anew: a ballot would be read by what is no longer voted on.
  if (proposal.openedAt === null) throw new VoteClosed();
  const vote = readBallot(proposal, command.ballot);
  return proposal.rule.isSecret
    ? castSecretBallot(deps, standing, { command, vote })
    : castOpenBallot(deps, standing, { command, vote });
}

interface Cast {
  command: CastCommand;
  vote: BallotInput;
}

async function castOpenBallot(
  { db, batcher }: BallotDeps,
  { actor, membership }: Standing,
  { command, vote }: Cast,
): Promise<VotersBallot> {
  assert(membership && actor.kind === 'person', 'who casts a ballot is a member');
  const { networkId, idempotencyKey } = command;
  const outcome = await batcher.castOpen(command, {
    membershipId: membership.id,
    vote,
    personId: actor.personId,
    actingForMembershipId: actor.actingForMembershipId,
    key: keyClaim(actor, { key: idempotencyKey, operation: 'ballotCast', content: command }),
  });
  const version = await db.one(BallotVersion, { networkId, id: receiptOf(outcome) });
  assert(version, 'a ballot that was cast is there');
  return {
    ...version.vote,
    networkId,
    receipt: version.id,
    castAt: version.castAt,
    membershipId: version.membershipId,
    weight: null,
    sealNumber: version.number,
  };
}

async function castSecretBallot(
  { batcher, secretBox }: BallotDeps,
  { actor, membership }: Standing,
  { command, vote }: Cast,
): Promise<VotersBallot> {
  assert(membership && actor.kind === 'person', 'who casts a ballot is a member');
  if (actor.actingForMembershipId !== null) throw new Forbidden('NOT_YOURS');
  const { networkId, proposalId } = command;
  const key = requireKey(command.idempotencyKey);
  const mark = secretBox.tagOf(['ballot', networkId, proposalId, membership.id, key]);
  const outcome = await batcher.castSecret(command, { membershipId: membership.id, vote, mark });
  const receipt = receiptOf(outcome);
  return { ...vote, ...NAMELESS, networkId, receipt, weight: null, sealNumber: null };
}

/** What a secret ballot never tells. */
export const NAMELESS = { castAt: null, membershipId: null };

const REFUSALS: Record<Exclude<CastOutcome['verdict'], 'CAST' | 'REPEATED'>, () => DomainError> = {
  KEY_REUSED: () => new IdempotencyKeyReused(),
  ALREADY_VOTED: () => new AlreadyVoted(),
  CLOSED: () => new VoteClosed(),
  NOT_AN_ELECTOR: () => new NotAnElector(),
};

/** @throws what stands for the verdict if the ballot does not lie in the box */
function receiptOf({ verdict, receipt }: CastOutcome): string {
  if (verdict !== 'CAST' && verdict !== 'REPEATED') throw REFUSALS[verdict]();
  assert(receipt, 'a ballot in the box has a receipt');
  return receipt;
}
