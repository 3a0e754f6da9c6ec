import { DAY_MS } from '../../src/kernel/clock.ts';
import { ask, mutate, tryMutate, type Caller, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import { travel, travelTo } from './time.ts';
import type { Member, TestNetwork } from './world.ts';

/** A proposal as inputs name it. */
export interface NamedProposal {
  networkId: string;
  proposalId: string;
}

/** What is proposed if a test says nothing else. */
export const MOTION = { title: 'A bench', text: 'We build a bench under the lime tree.' };
export const PERIOD_DAYS = 7;

let serial = 0;
const freshKey = () => `proposal-${++serial}`;

export function draftInput(network: TestNetwork, motion: object = {}): object {
  return { networkId: network.id, idempotencyKey: freshKey(), ...MOTION, ...motion };
}

/** A draft by a member. */
export async function givenDraft(
  server: TestServer,
  network: TestNetwork,
  motion: object = {},
  author: Caller = network.founder,
): Promise<NamedProposal> {
  const input = draftInput(network, motion);
  const { proposal } = await mutate(server, author, 'proposalDraft', input, 'proposal { id }');
  return { networkId: network.id, proposalId: proposal.id };
}

export function openInput(proposal: NamedProposal, more: object = {}): object {
  return { ...proposal, idempotencyKey: freshKey(), ...more };
}

/** A proposal on which members may vote. */
export async function givenOpen(
  server: TestServer,
  network: TestNetwork,
  motion: object = {},
  author: Caller = network.founder,
): Promise<NamedProposal> {
  const proposal = await givenDraft(server, network, motion, author);
  await mutate(server, author, 'proposalOpen', openInput(proposal), 'proposal { id }');
  return proposal;
}

/** Casts the same ballot for each. */
export async function castAll(
  server: TestServer,
  voters: readonly Member[],
  proposal: NamedProposal,
  ballot: object = { choice: 'YES' },
): Promise<void> {
  for (const voter of voters) {
    const input = { ...proposal, idempotencyKey: freshKey(), ballot };
    await mutate(server, voter, 'ballotCast', input, '__typename');
  }
}

/** Travels so many days, and does what has fallen due. */
export async function letPass(server: TestServer, days: number): Promise<void> {
  await travel(server, days * DAY_MS);
  await server.app.jobs.runDue();
}

/** Travels to the end of a vote, and does what has fallen due. */
export async function letClose(server: TestServer, { proposalId }: NamedProposal): Promise<void> {
  const row = await server.app.database.db.row<{ closesAt: Date }>(
    'select closes_at from proposal where id = $1',
    [proposalId],
  );
  if (!row) throw new Error('There is no such proposal');
  await travelTo(server, row.closesAt.toISOString());
  await server.app.jobs.runDue();
}

/** A proposal to which all of these have said yes, and whose vote is over. */
export async function givenPassed(
  server: TestServer,
  network: TestNetwork,
  voters: readonly Member[],
  motion: object,
): Promise<NamedProposal> {
  const proposal = await givenOpen(server, network, motion);
  await castAll(server, voters, proposal);
  await letClose(server, proposal);
  return proposal;
}

/** What somebody sees of a proposal. */
export async function readProposal(
  server: TestServer,
  viewer: Caller,
  { networkId, proposalId }: NamedProposal,
  selection: string,
): Promise<Json> {
  const query = `query($n: ID!, $p: ID!) { network(id: $n) { proposal(id: $p) { ${selection} } } }`;
  return (await ask(server, viewer, query, { n: networkId, p: proposalId })).network.proposal;
}

/** A mutation of a proposal, refused or not: the payload. */
export function tryOn(
  server: TestServer,
  caller: Caller,
  field: string,
  input: object,
  selection = 'state',
): Promise<Json> {
  return tryMutate(server, caller, field, input, `proposal { ${selection} }`);
}
