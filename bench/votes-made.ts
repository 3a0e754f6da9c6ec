import type { App } from '../src/app.ts';
import { Proposal } from '../src/entities/proposal.ts';
import type { ProposalAction } from '../src/governance/actions.ts';
import type { VotingRule } from '../src/governance/voting-rule.ts';
import { after, DAY_MS } from '../src/kernel/clock.ts';
import { newId } from '../src/kernel/ids.ts';
import type { Community } from './community.ts';

const RULE: VotingRule = {
  method: 'MAJORITY',
  threshold: '>1/2',
  base: 'CAST',
  quorum: '1/2',
  periodDays: 1,
  delayDays: 0,
  isSecret: false,
  allowsEarlyClose: false,
  vetoRole: null,
  seats: 1,
  maxScore: null,
  credits: null,
  budget: null,
};

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
  const counts = await db.row<{ count: bigint }>('select count(*) from membership where network_id = $1', [
    networkId,
  ]);
  const eligible = counts?.count ?? 0n;
  const nothing = {
    seed: null,
    outcome: null,
    failure: null,
    closedAt: null,
    executeAt: null,
    executedAt: null,
  };
  await db.insert(Proposal, {
    ...nothing,
    networkId,
    id,
    version: 1,
    title: 'A garden for all',
    text: 'We turn the yard into a garden.',
    topic: null,
    state: 'OPEN',
    authorMembershipId: author.id,
    facilitatorMembershipId: null,
    createdByPersonId: author.personId,
    actingForMembershipId: null,
    actions,
    options: [],
    rule: { ...RULE, isSecret },
    wish: {},
    eligibleCount: Number(eligible),
    eligibleWeight: eligible,
    createdAt: now,
    openedAt: now,
    closesAt,
    vetoedByMembershipId: null,
    vetoReason: null,
  });
  await db.execute('insert into elector select network_id, $2, id, 1 from membership where network_id = $1', [
    networkId,
    id,
  ]);
  return id;
}

/** Lets a vote end at this instant: nobody has to wait for it. */
export async function endNow(
  { services: { db, clock } }: App,
  { networkId }: Community,
  proposalId: string,
): Promise<void> {
  await db.update(Proposal, { networkId, id: proposalId }, { closesAt: clock.now() });
}
