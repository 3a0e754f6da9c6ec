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

/** The viewer's own ballot in an open vote. Null if there is none, and for a secret one, which nobody can find. */
export async function viewerBallot(
  db: Db,
  { membership }: Standing,
  { networkId, id, rule }: Proposal,
): Promise<VotersBallot | null> {
  if (!membership || rule.isSecret) return null;
  const [version] = await db.select(
    BallotVersion,
    `where network_id = $1 and proposal_id = $2 and number =
       (select number from ballot where network_id = $1 and proposal_id = $2 and membership_id = $3)`,
    [networkId, id, membership.id],
  );
  return version ? votersBallot(version, null) : null;
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

/** Whether the viewer has voted. Of a secret vote that goes on only the member is told: null for a helper. */
export async function viewerHasVoted(
  db: Db,
  standing: Standing,
  proposal: Proposal,
): Promise<boolean | null> {
  const { membership } = standing;
  if (isHelping(standing) && proposal.rule.isSecret && !isCounted(proposal)) return null;
  if (!membership) return false;
  const row = await db.row<{ found: boolean }>(
    `select exists (select 1 from ${OPENLY_SAID}
                     where network_id = $1 and proposal_id = $2 and membership_id = $3)
         or exists (select 1 from ballot_roll
                     where network_id = $1 and proposal_id = $2 and $3 = any(membership_ids)) as found`,
    [proposal.networkId, proposal.id, membership.id],
  );
  return row?.found ?? false;
}

/** How many have voted on each; null for a secret vote that is not counted, and before a vote begins. */
export async function ballotCounts(db: Db, proposals: readonly Proposal[]): Promise<(number | null)[]> {
  const rows = await db.rows<{ proposalId: string; count: bigint }>(
    `select proposal_id, count(*) from ${OPENLY_SAID}
      where network_id = any($1) and proposal_id = any($2) group by proposal_id
     union all
     select proposal_id, sum(cardinality(membership_ids)) from ballot_roll
      where network_id = any($1) and proposal_id = any($2) group by proposal_id`,
    [proposals.map(({ networkId }) => networkId), proposals.map(({ id }) => id)],
  );
  const counts = new Map(rows.map(({ proposalId, count }) => [proposalId, Number(count)]));
  return proposals.map((proposal) => {
    if (proposal.openedAt === null || (proposal.rule.isSecret && !isCounted(proposal))) return null;
    return counts.get(proposal.id) ?? 0;
  });
}

/** Who has voted, by id; null for a secret vote that is not counted. */
export async function listVoters(
  db: Db,
  proposal: Proposal,
  request: PageRequest,
): Promise<Page<Membership> | null> {
  const { networkId, id, rule } = proposal;
  if (rule.isSecret && !isCounted(proposal)) return null;
  const [after] = afterKey(request, [CURSOR_TEXT]);
  const voters = rule.isSecret
    ? 'select unnest(membership_ids) from ballot_roll'
    : `select membership_id from ${OPENLY_SAID}`;
  const rows = await db.select(
    Membership,
    `where network_id = $1 and id in (${voters} where network_id = $1 and proposal_id = $2)
        and ($3::text is null or id > $3)
      order by id limit $4`,
    [networkId, id, after, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.id]);
}

/** The last seal of the box, as a hash; null before the first one. */
export async function boxHash(db: Db, { networkId, id: proposalId }: Proposal): Promise<string | null> {
  const box = await db.one(BallotBox, { networkId, proposalId });
  return box && box.head.length > 0 ? box.head.toString('hex') : null;
}

/** The ballots of a vote that is counted, in an order that tells nothing; null before. */
export async function listPublishedBallots(
  db: Db,
  proposal: Proposal,
  request: PageRequest,
): Promise<Page<VotersBallot> | null> {
  if (!isCounted(proposal)) return null;
  const [after = null] = afterKey(request, [CURSOR_TEXT]);
  const limit = request.first + 1;
  const rows = proposal.rule.isSecret
    ? await secretPage(db, proposal, { after, limit })
    : await openPage(db, proposal, { after, limit });
  return pageOf(rows, request, ({ membershipId, receipt }) => [membershipId ?? receipt]);
}

interface Slice {
  after: string | null;
  limit: number;
}

async function openPage(
  db: Db,
  { networkId, id }: Proposal,
  { after, limit }: Slice,
): Promise<VotersBallot[]> {
  const rows = await db.rows<BallotVersion & { weight: bigint }>(
    `select v.*, e.weight from ballot b
       join ballot_version v using (network_id, proposal_id, number)
       join elector e on e.network_id = b.network_id and e.proposal_id = b.proposal_id
        and e.membership_id = b.membership_id
      where b.network_id = $1 and b.proposal_id = $2 and ($3::text is null or b.membership_id > $3)
      order by b.membership_id limit $4`,
    [networkId, id, after, limit],
  );
  return rows.map((row) => votersBallot(row, row.weight));
}

async function secretPage(
  db: Db,
  { networkId, id }: Proposal,
  { after, limit }: Slice,
): Promise<VotersBallot[]> {
  const rows = await db.rows<{ receipt: string; ballot: BoxedBallot; sealNumber: number }>(
    `select e.key as receipt, e.value as ballot, s.number as seal_number
       from ballot_seal s cross join lateral jsonb_each(s.ballots) as e
      where s.network_id = $1 and s.proposal_id = $2 and ($3::text is null or e.key collate "C" > $3)
      order by e.key collate "C" limit $4`,
    [networkId, id, after, limit],
  );
  return rows.map(({ receipt, ballot: { vote, weight }, sealNumber }) => ({
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
