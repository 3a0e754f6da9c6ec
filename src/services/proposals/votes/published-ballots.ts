import { BallotBox, type BoxedBallot } from '../../../entities/ballot-box.ts';
import { BallotVersion } from '../../../entities/ballot-version.ts';
import { Membership } from '../../../entities/membership.ts';
import type { Proposal } from '../../../entities/proposal.ts';
import { contestOf } from '../../../governance/contest.ts';
import type { BallotInput } from '../../../governance/tally/method.ts';
import {
  PUBLISHED_FORMAT,
  writtenSettings,
  type PublishedBallot,
  type PublishedBallots,
} from '../../../governance/tally/published.ts';
import type { Db } from '../../../kernel/database.ts';
import { groupedBy, keysOf } from '../../../kernel/lists.ts';
import { lotOf } from '../../../kernel/lot.ts';
import { afterKey, CURSOR_TEXT, pageOf, type Page, type PageRequest } from '../../../kernel/page.ts';
import { isHelping, type Standing } from '../../access/standing.ts';
import { countedBallots, type CastBallot } from './cast-votes.ts';
import { NAMELESS, type VotersBallot } from './cast-ballot.ts';
import { SAID_UNDER_CONSENT } from '../discussion/consent.ts';

// A proposal has the one or the other.
const OPENLY_SAID = `(
  select network_id, proposal_id, membership_id from ballot union all (${SAID_UNDER_CONSENT})) as said`;

/** Whether a vote has been counted: what was said in it may be told. */
export function isCounted({ outcome }: Proposal): boolean {
  return outcome !== null;
}

/**
 * The ballot of one of these members in each vote. Null if there is none, and for a secret one, which nobody can find.
 *
 * @param membershipIds of one person, in the networks of the proposals
 */
export async function ownBallots(
  db: Db,
  membershipIds: readonly string[],
  proposals: readonly Proposal[],
): Promise<(VotersBallot | null)[]> {
  const rows = await db.select(
    BallotVersion,
    `where (network_id, proposal_id, number) in (
       select network_id, proposal_id, number from ballot
        where (network_id, proposal_id) in (select * from unnest($1::text[], $2::text[]))
          and membership_id = any($3))`,
    [...keysOf(proposals), membershipIds],
  );
  const byProposal = new Map(rows.map((row) => [row.proposalId, row]));
  return proposals.map(({ id, rule }) => {
    const version = rule.isSecret ? undefined : byProposal.get(id);
    return version ? votersBallot(version, null) : null;
  });
}

function votersBallot(version: BallotVersion, weight: bigint | null): VotersBallot {
  const { networkId, id: receipt, membershipId, vote, castAt, number } = version;
  return {
    ...vote,
    networkId,
    receipt,
    membershipId,
    castAt,
    weight: weight?.toString() ?? null,
    sealNumber: number,
  };
}

/** A proposal and how the viewer stands in its network. */
export interface ViewedVote {
  proposal: Proposal;
  standing: Standing;
}

/** Whether the viewer has voted on each. Of a secret vote that goes on only the member is told: null for a helper. */
export async function haveVoted(db: Db, votes: readonly ViewedVote[]): Promise<(boolean | null)[]> {
  const membershipIds = votes.flatMap(({ standing: { membership } }) => membership?.id ?? []);
  const rows = await db.rows<{ proposalId: string }>(
    `select proposal_id from ${OPENLY_SAID}
      where network_id = any($1) and proposal_id = any($2) and membership_id = any($3)
     union
     select proposal_id from ballot_roll
      where network_id = any($1) and proposal_id = any($2) and membership_ids && $3::text[]`,
    [...keysOf(votes.map(({ proposal }) => proposal)), membershipIds],
  );
  const voted = new Set(rows.map(({ proposalId }) => proposalId));
  return votes.map(({ proposal, standing }) => {
    if (isHelping(standing) && proposal.rule.isSecret && !isCounted(proposal)) return null;
    return voted.has(proposal.id);
  });
}

/** How many have voted on each; null for a secret vote that is not counted, and before a vote begins. */
export async function ballotCounts(db: Db, proposals: readonly Proposal[]): Promise<(number | null)[]> {
  const rows = await db.rows<{ proposalId: string; count: bigint }>(
    `select proposal_id, count(*) from ${OPENLY_SAID}
      where network_id = any($1) and proposal_id = any($2) group by proposal_id
     union all
     select proposal_id, sum(cardinality(membership_ids)) from ballot_roll
      where network_id = any($1) and proposal_id = any($2) group by proposal_id`,
    keysOf(proposals),
  );
  const counts = new Map(rows.map(({ proposalId, count }) => [proposalId, Number(count)]));
  return proposals.map((proposal) => {
    if (proposal.openedAt === null || (proposal.rule.isSecret && !isCounted(proposal))) return null;
    return counts.get(proposal.id) ?? 0;
  });
}

/** Who has voted on each, by id; null for a secret vote that is not counted. */
export async function votersOf(
  db: Db,
  proposals: readonly Proposal[],
  request: PageRequest,
): Promise<(Page<Membership> | null)[]> {
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const isTold = (proposal: Proposal) => !proposal.rule.isSecret || isCounted(proposal);
  const voters = await db.rows<{ proposalId: string; networkId: string; membershipId: string }>(
    `select vote.id as proposal_id, vote.network_id, voter.membership_id
       from unnest($1::text[], $2::text[]) as vote (network_id, id)
      cross join lateral (
        select said.membership_id collate "C" as membership_id from ${OPENLY_SAID}
         where network_id = vote.network_id and proposal_id = vote.id
           and ($3::text is null or said.membership_id > $3)
        union all
        select rolled.id collate "C" from ballot_roll cross join lateral unnest(membership_ids) as rolled (id)
         where network_id = vote.network_id and proposal_id = vote.id
           and ($3::text is null or rolled.id > $3 collate "C")
        order by membership_id limit $4) as voter`,
    [...keysOf(proposals.filter(isTold)), after, request.first + 1],
  );
  const members = await db.select(
    Membership,
    'where (network_id, id) in (select * from unnest($1::text[], $2::text[])) order by id',
    keysOf(voters.map(({ networkId, membershipId: id }) => ({ networkId, id }))),
  );
  const byId = new Map(members.map((member) => [member.id, member]));
  const votersOn = groupedBy(voters, ({ proposalId }) => proposalId);
  return proposals.map((proposal) => {
    if (!isTold(proposal)) return null;
    const rows = votersOn(proposal.id).flatMap(({ membershipId }) => byId.get(membershipId) ?? []);
    return pageOf(rows, request, (row) => [row.id]);
  });
}

/** The last seal of each box, as a hash; null before the first one. */
export async function boxHashes(db: Db, proposals: readonly Proposal[]): Promise<(string | null)[]> {
  const boxes = await db.select(
    BallotBox,
    'where (network_id, proposal_id) in (select * from unnest($1::text[], $2::text[]))',
    keysOf(proposals),
  );
  const heads = new Map(boxes.map(({ proposalId, head }) => [proposalId, head]));
  return proposals.map(({ id }) => heads.get(id)?.toString('hex') || null);
}

/** The ballots of each vote that is counted, in an order that tells nothing; null before. */
export async function publishedBallotsOf(
  db: Db,
  proposals: readonly Proposal[],
  request: PageRequest,
): Promise<(Page<VotersBallot> | null)[]> {
  const [after = null] = afterKey(request, [CURSOR_TEXT]);
  const slice = { after, limit: request.first + 1 };
  const counted = proposals.filter(isCounted);
  const isSecret = ({ rule }: Proposal) => rule.isSecret;
  const open = counted.filter((proposal) => !isSecret(proposal));
  const secretOn = await secretPages(db, counted.filter(isSecret), slice);
  const openOn = await openPages(db, open, slice);
  return proposals.map((proposal) => {
    if (!isCounted(proposal)) return null;
    const rows = isSecret(proposal) ? secretOn(proposal.id) : openOn(proposal.id);
    return pageOf(rows, request, ({ membershipId, receipt }) => [membershipId ?? receipt]);
  });
}

interface Slice {
  after: string | null;
  limit: number;
}

type PageRows = (proposalId: string) => VotersBallot[];

async function openPages(db: Db, proposals: readonly Proposal[], { after, limit }: Slice): Promise<PageRows> {
  const rows = await db.rows<BallotVersion & { weight: bigint }>(
    `select v.*, e.weight from unnest($1::text[], $2::text[]) as vote (network_id, id)
      cross join lateral (
        select * from ballot
         where ballot.network_id = vote.network_id and proposal_id = vote.id
           and ($3::text is null or membership_id > $3)
         order by membership_id limit $4) as b
       join ballot_version v on v.network_id = b.network_id and v.proposal_id = b.proposal_id and v.number = b.number
       join elector e on e.network_id = b.network_id and e.proposal_id = b.proposal_id
        and e.membership_id = b.membership_id
      order by b.membership_id`,
    [...keysOf(proposals), after, limit],
  );
  const rowsOn = groupedBy(rows, ({ proposalId }) => proposalId);
  return (id) => rowsOn(id).map((row) => votersBallot(row, row.weight));
}

interface PublishedRow {
  networkId: string;
  proposalId: string;
  receipt: string;
  ballot: BoxedBallot;
  sealNumber: number;
}

async function secretPages(
  db: Db,
  proposals: readonly Proposal[],
  { after, limit }: Slice,
): Promise<PageRows> {
  const rows = await db.rows<PublishedRow>(
    `select vote.network_id, vote.id as proposal_id, published.*
       from unnest($1::text[], $2::text[]) as vote (network_id, id)
      cross join lateral (
        select e.key as receipt, e.value as ballot, s.number as seal_number
          from ballot_seal s cross join lateral jsonb_each(s.ballots) as e
         where s.network_id = vote.network_id and s.proposal_id = vote.id
           and ($3::text is null or e.key collate "C" > $3)
         order by e.key collate "C" limit $4) as published`,
    [...keysOf(proposals), after, limit],
  );
  const rowsOn = groupedBy(rows, ({ proposalId }) => proposalId);
  return (id) =>
    rowsOn(id).map(({ networkId, receipt, ballot: { vote, weight }, sealNumber }) => ({
      ...vote,
      ...NAMELESS,
      networkId,
      receipt,
      weight,
      sealNumber,
    }));
}

/** A vote that is counted with all that it takes to count it again, as text that `cli tally` reads; null before. */
export async function publishedFile(db: Db, proposal: Proposal): Promise<string | null> {
  const { options, rule, seed } = proposal;
  if (!isCounted(proposal) || seed === null) return null;
  const contest = contestOf(proposal, lotOf(seed));
  const published: PublishedBallots = {
    format: PUBLISHED_FORMAT,
    method: rule.method,
    seats: rule.seats,
    seed,
    options: contest.options.map(({ id, cost, isWithdrawn = false }, index) => ({
      id,
      name: options[index]?.name ?? id,
      ...(cost !== undefined && { cost: cost.toString() }),
      ...(isWithdrawn && { isWithdrawn }),
    })),
    settings: writtenSettings(contest.settings),
    ballots: (await countedBallots(db, proposal)).map(publishedBallot),
  };
  return JSON.stringify(published);
}

function publishedBallot({ vote, weight }: CastBallot): PublishedBallot & BallotInput {
  return { ...vote, ...(weight !== 1n && { weight: weight.toString() }) };
}
