import type { App } from '../src/app.ts';
import { Proposal } from '../src/entities/proposal.ts';
import type { ProposalAction } from '../src/governance/actions.ts';
import { DEFAULT_VOTE } from '../src/governance/bylaws.ts';
import type { VotingRule } from '../src/governance/voting-rule.ts';
import { after, DAY_MS } from '../src/kernel/clock.ts';
import { newId } from '../src/kernel/ids.ts';
import { NOTHING_YET } from '../src/services/proposals/life/draft.ts';
import { withClient, type Community } from './community.ts';

const RULE: VotingRule = { ...DEFAULT_VOTE, quorum: '1/2', periodDays: 1 };

export interface MadeVote {
  isSecret: boolean;
  closesAt?: Date;
  actions?: ProposalAction[];
}

/** A vote that is open, in which every member of the community may vote; made in the database itself. */
export async function givenVote(
  { services: { db, clock } }: App,
  { networkId }: Community,
  { isSecret, closesAt = after(clock.now(), DAY_MS), actions = [] }: MadeVote,
): Promise<string> {
  const id = newId('proposal');
  const now = clock.now();
  const [author] = await db.rows<{ id: string; personId: string }>(
    'select id, person_id from membership where network_id = $1 order by id limit 1',
    [networkId],
  );
  if (!author) throw new Error('The network has no members');
  await db.insert(Proposal, {
    ...NOTHING_YET,
    networkId,
    id,
    version: 1,
    title: 'A garden for all',
    text: 'We turn the yard into a garden.',
    topic: null,
    state: 'DRAFT',
    authorMembershipId: author.id,
    facilitatorMembershipId: null,
    createdByPersonId: author.personId,
    actingForMembershipId: null,
    actions,
    options: [],
    rule: { ...RULE, isSecret },
    wish: {},
    createdAt: now,
  });
  await db.execute(
    `select proposal_open($1, $2, $3, $4::jsonb, $5, array_agg(id::text), array_agg(1::bigint))
       from membership where network_id = $1`,
    [networkId, id, now, JSON.stringify({ ...RULE, isSecret }), closesAt],
  );
  return id;
}

/** Lets a vote end at this instant, as only the owner of the tables can: nobody has to wait for it. */
export async function endNow(ownerUrl: string, proposalId: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    await client.query('update proposal set closes_at = now() where id = $1', [proposalId]);
    const freeze = 'update proposal p set frozen_hash = proposal_frozen_hash(p) where id = $1';
    await client.query(freeze, [proposalId]);
  });
}
