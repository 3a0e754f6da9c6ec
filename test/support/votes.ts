import { Elector } from '../../src/entities/elector.ts';
import { Proposal, type ProposalOption } from '../../src/entities/proposal.ts';
import type { VotingRule } from '../../src/governance/voting-rule.ts';
import { after, HOUR_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { ask, mutate, tryMutate, type Json } from './api.ts';
import { rowsAt, type TestServer } from './server.ts';
import type { Member, TestNetwork } from './world.ts';

export const MAJORITY: VotingRule = {
  method: 'MAJORITY',
  threshold: '>1/2',
  base: 'CAST',
  quorum: '0/1',
  periodDays: 7,
  delayDays: 0,
  isSecret: false,
  allowsEarlyClose: false,
  vetoRole: null,
  seats: 1,
  maxScore: null,
  credits: null,
  budget: null,
};

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
}

/** So short that nobody's session ends with it. */
export const VOTE_MS = HOUR_MS;

/** Lets members vote from now on. */
export async function givenVote(
  server: TestServer,
  network: TestNetwork,
  electors: Member[],
  { rule = {}, options = [], weights = [] }: VoteOptions = {},
): Promise<TestVote> {
  const { db } = server.app.database;
  const id = newId('proposal');
  const now = server.clock.now();
  const weightOf = (index: number) => weights[index] ?? 1n;
  await db.insert(Proposal, {
    networkId: network.id,
    id,
    version: 1,
    title: 'A garden for all',
    text: 'We turn the yard into a garden.',
    topic: null,
    state: 'OPEN',
    authorMembershipId: network.founder.membershipId,
    facilitatorMembershipId: null,
    createdByPersonId: network.founder.personId,
    actingForMembershipId: null,
    actions: [],
    options: options.map(optionOf),
    rule: { ...MAJORITY, ...rule },
    wish: {},
    eligibleCount: electors.length,
    eligibleWeight: electors.reduce((sum, _, index) => sum + weightOf(index), 0n),
    seed: null,
    outcome: null,
    failure: null,
    createdAt: now,
    openedAt: now,
    closesAt: after(now, VOTE_MS),
    closedAt: null,
    executeAt: null,
    executedAt: null,
    vetoedByMembershipId: null,
    vetoReason: null,
  });
  await db.insert(
    Elector,
    electors.map(({ membershipId }, index) => ({
      networkId: network.id,
      proposalId: id,
      membershipId,
      weight: weightOf(index),
    })),
  );
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
  viewer: Member,
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
