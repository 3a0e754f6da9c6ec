import type { App } from '../src/app.ts';
import { personActor } from '../src/commands/with-app.ts';
import { Proposal } from '../src/entities/proposal.ts';
import { draftProposal } from '../src/services/proposals/life/draft.ts';
import { openProposal } from '../src/services/proposals/life/open.ts';
import { addMembers, type Community } from './community.ts';
import { median } from './samples.ts';

const TURNS = 5;

/**
 * Opens votes in a community that has grown to so many, through the services, and finds in each that all of them may vote. The
 * first one makes plans and compiled code; it is not counted.
 */
export async function measureOpening(
  app: App,
  { networkId, holders }: Community,
  { ownerUrl, members }: { ownerUrl: string; members: number },
): Promise<Record<string, number>> {
  const { db, run, decisions } = app.services;
  await addMembers(ownerUrl, members - holders.length - 1);
  // Somebody who has opened no vote yet: only so many of one author go on at the same time.
  const author = holders.at(-1);
  if (!author) throw new Error('The network has no members');
  const actor = personActor(author.personId);
  const limitSet = { accountId: holders[0]?.accountId, followsPolicy: false, floor: '-50', ceiling: '50' };
  const taken: number[] = [];
  for (let turn = 0; turn <= TURNS; turn++) {
    const motion = { networkId, title: 'More credit', text: 'For flour in autumn.', actions: [{ limitSet }] };
    const { id } = await run(actor, (tx) => draftProposal(tx, decisions.handlers, motion));
    const begun = performance.now();
    await run(actor, (tx) => openProposal(tx, decisions, { networkId, proposalId: id }));
    if (turn > 0) taken.push(performance.now() - begun);
    const proposal = await db.one(Proposal, { networkId, id });
    if (proposal?.eligibleCount !== members) throw new Error(`So many may vote: ${proposal?.eligibleCount}`);
  }
  return { openMs: Math.round(median(taken)), openSlowestMs: Math.round(Math.max(...taken)) };
}
