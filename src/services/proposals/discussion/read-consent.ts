import { Objection, type ObjectionState } from '../../../entities/objection.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { Stance } from '../../../entities/stance.ts';
import { isPossible } from '../../../governance/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import { authorize, may, type Verdict } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';
import { openObjectionOf } from './consent.ts';

/**
 * Stances to the present version of a proposal, in the order of the ids of members. Consent is never secret.
 *
 * @throws Forbidden
 */
export async function listStances(
  db: Db,
  standing: Standing,
  { networkId, id, version }: Proposal,
  request: PageRequest,
): Promise<Page<Stance>> {
  authorize(standing, 'proposal.read');
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Stance,
    `where network_id = $1 and proposal_id = $2 and version = $3 and ($4::text is null or membership_id > $4)
      order by membership_id limit $5`,
    [networkId, id, version, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.membershipId]);
}

/** What the viewer says to a proposal as it reads now; null for nothing, or for an objection that is open. */
export async function stanceOf(db: Db, { membership }: Standing, proposal: Proposal): Promise<Stance | null> {
  if (!membership || (await openObjectionOf(db, proposal, membership.id))) return null;
  const { networkId, id: proposalId, version } = proposal;
  return (await db.one(Stance, { networkId, proposalId, version, membershipId: membership.id })) ?? null;
}

/**
 * Objections to a proposal, whatever version they were raised against, oldest first.
 *
 * @throws Forbidden
 */
export async function listObjections(
  db: Db,
  standing: Standing,
  of: { proposal: Proposal; state: ObjectionState | null },
  request: PageRequest,
): Promise<Page<Objection>> {
  authorize(standing, 'proposal.read');
  const { proposal, state } = of;
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Objection,
    `where network_id = $1 and proposal_id = $2 and ($3::text is null or state = $3)
       and ($4::text is null or id > $4)
      order by id limit $5`,
    [proposal.networkId, proposal.id, state, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** What can be done with an objection: say that it is met, take it back, rule that it is none. */
export type ObjectionDeed = 'integrate' | 'withdraw' | 'rule';

/** What the viewer may do with an objection as it stands. */
export function objectionVerdicts(
  standing: Standing,
  { objection, proposal }: { objection: Objection; proposal: Proposal },
  now: Date,
): Record<ObjectionDeed, Verdict> {
  const own = standing.membership?.id;
  const isRaiser = objection.membershipId === own;
  const isOpen = objection.state === 'RAISED' && isPossible(proposal, 'takeStance', now);
  const when = (fits: boolean, byPerson: Verdict): Verdict =>
    byPerson.allowed && !fits ? { allowed: false, reason: 'NOT_IN_THIS_STATE' } : byPerson;
  const settle = may(standing, 'objection.settle', { isOwn: isRaiser });
  const rule = may(standing, 'objection.rule', {
    isOwn: proposal.facilitatorMembershipId === own && !isRaiser,
  });
  return {
    integrate: when(isOpen && proposal.version > objection.version, settle),
    withdraw: when(isOpen, settle),
    rule: when(isOpen, rule),
  };
}
