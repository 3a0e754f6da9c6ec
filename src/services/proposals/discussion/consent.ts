import { Elector } from '../../../entities/elector.ts';
import { Objection } from '../../../entities/objection.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { Stance, type TakenStance } from '../../../entities/stance.ts';
import type { BallotInput } from '../../../governance/tally/method.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert } from '../../../kernel/errors.ts';
import { optionalText } from '../../../kernel/text.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize, type Subject } from '../../access/may.ts';
import type { Permission } from '../../access/permissions.ts';
import type { Standing } from '../../access/standing.ts';
import { NotAnElector } from '../votes/ballot-errors.ts';
import { weightsOf } from '../votes/weights.ts';
import { say } from './consent-record.ts';
import { NotByConsent, ObjectionConflict, ProposalWasAmended } from './discussion-errors.ts';
import { requireStep } from '../life/proposal-access.ts';
import { lockProposal, standingAmongVoters, type NamedProposal } from '../life/take-proposal.ts';

export const REASON_BOUNDS = { max: 2_000 };

export interface TakeStance extends NamedProposal {
  /** The version that the member has read. */
  version: number;
  stance: TakenStance;
  reason?: string | null;
}

/**
 * Consents to a proposal or stands aside, as it reads now; until the vote closes one may say otherwise. To say the same again
 * changes nothing.
 *
 * @throws Forbidden, NotFound, NotByConsent, ProposalStateConflict, NotAnElector, ProposalWasAmended if another version is
 *   asked about by now, ObjectionConflict OPEN_ALREADY for who objects, InvalidInput
 * @emits StanceTaken
 */
export async function takeStance(tx: Tx, command: TakeStance): Promise<Proposal> {
  const { standing, proposal } = await takeOpenConsent(tx, command, 'stance.take');
  const { networkId, id: proposalId, version } = proposal;
  const membershipId = await requireElector(tx, standing, proposal);
  if (command.version !== version) throw new ProposalWasAmended(version);
  if (await openObjectionOf(tx.db, proposal, membershipId)) throw new ObjectionConflict('OPEN_ALREADY');
  const { stance } = command;
  const reason = optionalText(command.reason, 'reason', REASON_BOUNDS);
  const key = { networkId, proposalId, version, membershipId };
  const before = await tx.db.one(Stance, key);
  if (before?.stance === stance && before.reason === reason) return proposal;
  const said = { networkId, proposalId, said: stance, membershipId, objectionId: null, reason };
  const sealing = await say(tx, said);
  tx.emit({
    networkId,
    kind: 'StanceTaken',
    subjectId: proposalId,
    data: { membershipId, version, stance, reason, ...sealing },
  });
  return proposal;
}

export interface ConsentInHand {
  standing: Standing;
  proposal: Proposal;
}

/**
 * An open proposal that is decided by consent, locked: it is neither closed nor amended before the transaction ends, and what is
 * said to it is said one after the other.
 *
 * @throws Forbidden, NotFound, NotByConsent, ProposalStateConflict, InvalidInput INVALID_ID
 */
export async function takeOpenConsent(
  tx: Tx,
  { networkId, proposalId }: NamedProposal,
  permission: Permission,
  subject: Subject = {},
): Promise<ConsentInHand> {
  const standing = await standingAmongVoters(tx, networkId, 'shared');
  authorize(standing, permission, subject);
  const proposal = await lockProposal(tx, standing.network.id, proposalId);
  if (proposal.rule.method !== 'CONSENT') throw new NotByConsent();
  requireStep(proposal, 'takeStance', tx.now);
  return { standing, proposal };
}

/** @throws NotAnElector */
export async function requireElector(
  tx: Tx,
  { membership }: Standing,
  { networkId, id: proposalId }: Proposal,
): Promise<string> {
  assert(membership, 'who takes a stance is a member');
  const isElector = await tx.db.exists(Elector, { networkId, proposalId, membershipId: membership.id });
  if (!isElector) throw new NotAnElector();
  return membership.id;
}

export function openObjectionOf(
  db: Db,
  { networkId, id: proposalId }: Proposal,
  membershipId: string,
): Promise<Objection | undefined> {
  return db.one(Objection, { networkId, proposalId, membershipId, state: 'RAISED' });
}

/** What an elector says to a proposal, as a ballot. */
export interface SaidToProposal {
  membershipId: string;
  vote: BallotInput;
  weight: bigint;
}

/**
 * What counts of what was said to a proposal: stances to its present version, and objections that are open, whatever version
 * they were raised against. Who objects has no other stance.
 */
export async function stancesThatCount(db: Db, proposal: Proposal): Promise<SaidToProposal[]> {
  const { networkId, id, version } = proposal;
  const weights = await weightsOf(db, proposal);
  const stances = await db.rows<{ membershipId: string; choice: string }>(
    `select membership_id, stance as choice from stance
      where network_id = $1 and proposal_id = $2 and version = $3`,
    [networkId, id, version],
  );
  const objections = await db.rows<{ membershipId: string; reason: string }>(
    `select membership_id, reason from objection
      where network_id = $1 and proposal_id = $2 and state = 'RAISED'`,
    [networkId, id],
  );
  const said = new Map<string, BallotInput>([
    ...stances.map(({ membershipId, choice }) => [membershipId, { choice }] as const),
    ...objections.map(({ membershipId, reason }) => [membershipId, { choice: 'OBJECT', reason }] as const),
  ]);
  return [...weights].flatMap(([membershipId, weight]) => {
    const vote = said.get(membershipId);
    return vote ? [{ membershipId, weight, vote }] : [];
  });
}

/** Who has said what counts, as rows of network, proposal and membership; for statements that ask who has voted. */
export const SAID_UNDER_CONSENT = `
  select s.network_id, s.proposal_id, s.membership_id from stance s
    join proposal p on p.network_id = s.network_id and p.id = s.proposal_id and p.version = s.version
  union
  select o.network_id, o.proposal_id, o.membership_id from objection o where o.state = 'RAISED'`;
