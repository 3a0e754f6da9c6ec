import { Proposal, type ProposalOption } from '../../src/entities/proposal.ts';
import { DEFAULT_VOTE } from '../../src/governance/bylaws.ts';
import type { VotingRule } from '../../src/governance/voting-rule.ts';
import { after, HOUR_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { NOTHING_YET } from '../../src/services/proposals/life/draft.ts';
import { freeze } from '../../src/services/proposals/life/freeze.ts';
import { ask, mutate, tryMutate, type Caller, type Json } from './api.ts';
import { rowsAt, type TestServer } from './server.ts';
import type { Member, TestNetwork } from './world.ts';

/** A vote that is open, made in the database itself. */
export interface TestVote {
  networkId: string;
  proposalId: string;
}

export interface VoteOptions {
  rule?: Partial<VotingRule>;
  /** Names of what can be voted for; their ids count from 1. */
  options?: string[];
  /** What each member weighs, in their order; 1 if nothing is said. */
  weights?: bigint[];
  /** What it is about, for delegations. */
  topic?: string | null;
}

/** So short that nobody's session ends with it. */
export const VOTE_MS = HOUR_MS;

/** Lets members vote from now on. */
export async function givenVote(
  server: TestServer,
  network: TestNetwork,
  electors: Member[],
  { rule = {}, options = [], weights = [], topic = null }: VoteOptions = {},
): Promise<TestVote> {
  const { db } = server.app.database;
  const id = newId('proposal');
  const now = server.clock.now();
  const proposal = {
    networkId: network.id,
    id,
    version: 1,
    title: 'A garden for all',
    text: 'We turn the yard into a garden.',
    topic,
    state: 'DRAFT',
    authorMembershipId: network.founder.membershipId,
    facilitatorMembershipId: null,
    createdByPersonId: network.founder.personId,
    actingForMembershipId: null,
    actions: [],
    options: options.map(optionOf),
    rule: { ...DEFAULT_VOTE, ...rule },
    wish: {},
    ...NOTHING_YET,
    createdAt: now,
  } satisfies Proposal;
  await db.insert(Proposal, proposal);
  await server.app.services.run({ kind: 'system', name: 'test' }, async (tx) => {
    const weighed = electors.map(({ membershipId }, index) => ({
      membershipId,
      weight: weights[index] ?? 1n,
    }));
    const opening = { ...proposal, closesAt: after(now, VOTE_MS), electors: weighed };
    const hash = await freeze(tx, opening);
    tx.emit({ networkId: network.id, kind: 'ProposalOpened', subjectId: id, data: { version: 1, hash } });
  });
  return { networkId: network.id, proposalId: id };
}

function optionOf(name: string, index: number): ProposalOption {
  return { id: String(index + 1), name, membershipId: null, cost: null, isWithdrawn: false };
}

let keys = 0;

/** Input of a ballot with a fresh idempotency key. */
export function ballotInput(vote: TestVote, ballot: object, key = `ballot-${++keys}`): object {
  return { ...vote, idempotencyKey: key, ballot };
}

/** Casts a ballot, which must be taken, and returns it as the voter sees it. */
export async function cast(
  server: TestServer,
  voter: Member,
  vote: TestVote,
  ballot: object,
  key?: string,
): Promise<Json> {
  const input = ballotInput(vote, ballot, key);
  return (await mutate(server, voter, 'ballotCast', input, `ballot { ${BALLOT} }`)).ballot;
}

/** The same, refused or not: the payload. */
export function tryCast(
  server: TestServer,
  voter: Member,
  vote: TestVote,
  ballot: object,
  key?: string,
): Promise<Json> {
  return tryMutate(server, voter, 'ballotCast', ballotInput(vote, ballot, key), `ballot { ${BALLOT} }`);
}

export const BALLOT =
  'receipt choice approvals ranking scores { option value } weight castAt sealNumber voter { id }';

/** What somebody sees of a proposal. */
export async function proposalAs(
  server: TestServer,
  viewer: Caller,
  vote: TestVote,
  selection: string,
): Promise<Json> {
  const query = `query($id: ID!) { node(id: $id) { ... on Proposal { ${selection} } } }`;
  return (await ask(server, viewer, query, { id: vote.proposalId })).node;
}

/** Rows as the owner of the tables sees them, who can change what the serving role cannot. */
export function asOwner(
  server: TestServer,
  statement: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  return rowsAt(server.databaseUrl('owner'), statement, values);
}
