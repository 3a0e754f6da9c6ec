import { Objection, type ObjectionState } from '../../../entities/objection.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { Stance } from '../../../entities/stance.ts';
import { isPossible } from '../../../governance/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import { keysOf, pagesOf, type Lists } from '../../../kernel/lists.ts';
import type { Page, PageRequest } from '../../../kernel/page.ts';
import { may, type Verdict } from '../../access/may.ts';
import type { Standing } from '../../access/standing.ts';

const STANCES: Lists<Stance> = {
  entity: Stance,
  table: 'stance',
  of: 'proposal_id',
  by: 'membership_id',
  where: `version = (select p.version from proposal p
                      where p.network_id = stance.network_id and p.id = stance.proposal_id)`,
};

/**
 * Stances to the present version of each proposal, in the order of the ids of members. Consent is never secret; the caller has
 * found that it may be read.
 */
export function stancesTo(
  db: Db,
  proposals: readonly Proposal[],
  request: PageRequest,
): Promise<Page<Stance>[]> {
  return pagesOf(db, STANCES, { owners: proposals, request });
}

/**
 * What one of these members says to each proposal as it reads now; null for nothing, or for an objection that is open.
 *
 * @param membershipIds of one person, in the networks of the proposals
 */
export async function ownStances(
  db: Db,
  membershipIds: readonly string[],
  proposals: readonly Proposal[],
): Promise<(Stance | null)[]> {
  const rows = await db.select(
    Stance,
    `where (network_id, proposal_id) in (select * from unnest($1::text[], $2::text[]))
        and membership_id = any($3) and ${STANCES.where}
        and not exists (select 1 from objection o
                         where o.network_id = stance.network_id and o.proposal_id = stance.proposal_id
                           and o.membership_id = stance.membership_id and o.state = 'RAISED')`,
    [...keysOf(proposals), membershipIds],
  );
  const byProposal = new Map(rows.map((row) => [row.proposalId, row]));
  return proposals.map(({ id }) => byProposal.get(id) ?? null);
}

const OBJECTIONS: Lists<Objection> = {
  entity: Objection,
  table: 'objection',
  of: 'proposal_id',
  by: 'id',
  where: '($5::text is null or state = $5)',
};

export interface ObjectionsAsked extends PageRequest {
  /** Only those in this state; null for all. */
  state: ObjectionState | null;
}

/**
 * Objections to each proposal, whatever version they were raised against, oldest first. The caller has found that they may be
 * read.
 */
export function objectionsTo(
  db: Db,
  proposals: readonly Proposal[],
  { state, ...request }: ObjectionsAsked,
): Promise<Page<Objection>[]> {
  return pagesOf(db, OBJECTIONS, { owners: proposals, request, values: [state] });
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
