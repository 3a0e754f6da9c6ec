import { Elector } from '../../../entities/elector.ts';
import { ProposalVersion } from '../../../entities/proposal-version.ts';
import { Proposal } from '../../../entities/proposal.ts';
import { Resolution } from '../../../entities/resolution.ts';
import type { ActionKind } from '../../../governance/actions.ts';
import type { ProposalState } from '../../../governance/proposal.ts';
import type { Db } from '../../../kernel/database.ts';
import { assert } from '../../../kernel/errors.ts';
import { kindOfId } from '../../../kernel/ids.ts';
import { keysOf, pagesOf, type Lists } from '../../../kernel/lists.ts';
import {
  afterKey,
  CURSOR_INSTANT,
  CURSOR_TEXT,
  pageOf,
  type Page,
  type PageRequest,
} from '../../../kernel/page.ts';
import type { Tx } from '../../../kernel/unit-of-work.ts';
import { authorize, may } from '../../access/may.ts';
import { standingIn, type Standing } from '../../access/standing.ts';
import { likePattern } from '../../networks/read-networks.ts';

export interface ProposalFilter {
  states?: readonly ProposalState[] | null;
  /** Only those that would do something of this kind. */
  action?: ActionKind | null;
  topic?: string | null;
  authorId?: string | null;
  /** Part of the title or the text, in any case. */
  text?: string | null;
}

/**
 * Proposals of a network, newest first.
 *
 * @throws Forbidden
 */
export async function listProposals(
  db: Db,
  standing: Standing,
  filter: ProposalFilter,
  request: PageRequest,
): Promise<Page<Proposal>> {
  authorize(standing, 'proposal.read');
  const [before] = afterKey(request, [CURSOR_TEXT]);
  const rows = await db.select(
    Proposal,
    `where network_id = $1
        and ($2::text[] is null or state = any($2))
        and ($3::jsonb is null or actions @> $3::jsonb)
        and ($4::text is null or topic = $4)
        and ($5::text is null or author_membership_id = $5)
        and ($6::text is null or title ilike $6 or text ilike $6)
        and ($7::text is null or id < $7)
      order by id desc limit $8`,
    [
      standing.network.id,
      filter.states ?? null,
      filter.action ? JSON.stringify([{ kind: filter.action }]) : null,
      filter.topic ?? null,
      filter.authorId ?? null,
      likePattern(filter.text, 'filter.text'),
      before,
      request.first + 1,
    ],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** A proposal for whoever may read those of its network; null for others. */
export async function readableProposal(db: Db, standing: Standing, id: string): Promise<Proposal | null> {
  if (kindOfId(id) !== 'proposal' || !may(standing, 'proposal.read').allowed) return null;
  return (await db.one(Proposal, { networkId: standing.network.id, id })) ?? null;
}

const ELECTORS: Lists<Elector> = {
  entity: Elector,
  table: 'elector',
  of: 'proposal_id',
  by: 'membership_id',
};

/** Who may vote on each proposal, in the order of ids; nobody before it is opened. */
export function electorsOf(
  db: Db,
  proposals: readonly Proposal[],
  request: PageRequest,
): Promise<Page<Elector>[]> {
  return pagesOf(db, ELECTORS, { owners: proposals, request });
}

const VERSIONS: Lists<ProposalVersion> = {
  entity: ProposalVersion,
  table: 'proposal_version',
  of: 'proposal_id',
  by: 'version',
  type: 'bigint',
  isLatestFirst: true,
};

/** What each proposal has said, the latest first. */
export function versionsOf(
  db: Db,
  proposals: readonly Proposal[],
  request: PageRequest,
): Promise<Page<ProposalVersion>[]> {
  return pagesOf(db, VERSIONS, { owners: proposals, request });
}

/** The line of the register that says what came of each proposal; of two, that it was stopped. Null while there is none. */
export async function resolutionsOn(db: Db, proposals: readonly Proposal[]): Promise<(Resolution | null)[]> {
  const rows = await db.select(
    Resolution,
    'where (network_id, source_id) in (select * from unnest($1::text[], $2::text[])) order by number',
    keysOf(proposals),
  );
  const last = new Map(rows.map((row) => [row.sourceId, row]));
  return proposals.map(({ id }) => last.get(id) ?? null);
}

/** Whether one of these members stands in the electorate of each proposal. */
export async function hasElectors(
  db: Db,
  membershipIds: readonly string[],
  proposals: readonly Proposal[],
): Promise<boolean[]> {
  const rows = await db.rows<{ proposalId: string }>(
    `select proposal_id from elector
      where (network_id, proposal_id) in (select * from unnest($1::text[], $2::text[])) and membership_id = any($3)`,
    [...keysOf(proposals), membershipIds],
  );
  const found = new Set(rows.map(({ proposalId }) => proposalId));
  return proposals.map(({ id }) => found.has(id));
}

// Whoever lets somebody else vote may still do it themselves.
const NOT_VOTED = `
  not exists (select 1 from ballot b
    where b.network_id = e.network_id and b.proposal_id = e.proposal_id and b.membership_id = e.membership_id)
  and not exists (select 1 from ballot_roll r
    where r.network_id = e.network_id and r.proposal_id = e.proposal_id and e.membership_id = any(r.membership_ids))
  and not exists (select 1 from stance s
    where s.network_id = e.network_id and s.proposal_id = e.proposal_id and s.membership_id = e.membership_id
      and s.version = proposal.version)
  and not exists (select 1 from objection o
    where o.network_id = e.network_id and o.proposal_id = e.proposal_id and o.membership_id = e.membership_id
      and o.state = 'RAISED')`;

/** The proposals of all networks on which a person may vote and has not, those that close first first. */
export async function listVotesDue(
  db: Db,
  { personId, now }: { personId: string; now: Date },
  request: PageRequest,
): Promise<Page<Proposal>> {
  const [closesAt, id] = afterKey(request, [CURSOR_INSTANT, CURSOR_TEXT]);
  const rows = await db.select(
    Proposal,
    `where state = 'OPEN' and closes_at > $2 and rule->>'method' <> 'SORTITION'
        and network_id in (select network_id from person_network where person_id = $1)
        and network_id in (select id from network where archived_at is null)
        and ($3::timestamptz is null or (closes_at, id) > ($3::timestamptz, $4::text collate "C"))
        and exists (
          select 1 from membership m
            join elector e on e.network_id = m.network_id and e.membership_id = m.id
           where m.network_id = proposal.network_id and m.person_id = $1 and m.state = 'ACTIVE'
             and e.proposal_id = proposal.id and ${NOT_VOTED})
      order by closes_at, id limit $5`,
    [personId, now, closesAt, id, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.closesAt ?? row.createdAt, row.id]);
}

/**
 * What a repeated request has made.
 *
 * @throws Forbidden for who is no member any more
 */
export async function proposalMade(tx: Tx, networkId: string, id: string): Promise<Proposal> {
  authorize(await standingIn(tx, networkId), 'proposal.read');
  const proposal = await tx.db.one(Proposal, { networkId, id });
  assert(proposal, 'a proposal that was made is there');
  return proposal;
}
