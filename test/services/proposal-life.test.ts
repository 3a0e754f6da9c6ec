import pg from 'pg';
import { Proposal } from '../../src/entities/proposal.ts';
import {
  PROPOSAL_STATES,
  stepFrom,
  type ProposalState,
  type ProposalStep,
} from '../../src/governance/proposal.ts';
import { newId } from '../../src/kernel/ids.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenVote } from '../support/votes.ts';
import { givenNetwork, type TestNetwork } from '../support/world.ts';

// The table of the life of a proposal says once what services and the functions of the database each keep to.

let server: TestServer;
let network: TestNetwork;
let client: pg.Client;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  client = new pg.Client(server.databaseUrl('app'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

const ROW = 'from proposal p where id = $1';
const OPEN = `select proposal_open(network_id, id, now(), rule, now() + interval '1 day', array[author_membership_id::text], '{1}') ${ROW}`;
const AMEND = `select proposal_amend(network_id, id, title, 'Other', topic, actions, options, closes_at) ${ROW}`;

function closeAs(state: ProposalState): string {
  const outcome = JSON.stringify({ isPassed: state !== 'FAILED' });
  const when = 'coalesce(closes_at, now())';
  return `select proposal_close(network_id, id, ${when}, '${state}', '00', '${outcome}', ${when}, '{}', '{}', '{}') ${ROW}`;
}

function moveTo(state: ProposalState): string {
  const failure = state === 'EXECUTION_FAILED' ? `'{"code": "X", "message": "X", "action": 0}'` : 'null';
  const veto = state === 'VETOED' ? `author_membership_id, 'No.'` : 'null, null';
  return `select proposal_move(network_id, id, '${state}', now(), ${failure}, ${veto}) ${ROW}`;
}

/** Which steps one function of the database takes, and to which state it is asked to go. */
const FUNCTIONS: {
  steps: ProposalStep[];
  to: readonly ProposalState[];
  call: (to: ProposalState) => string;
}[] = [
  { steps: ['open'], to: ['OPEN'], call: () => OPEN },
  { steps: ['amend'], to: ['OPEN'], call: () => AMEND },
  { steps: ['close'], to: PROPOSAL_STATES, call: closeAs },
  { steps: ['withdraw', 'veto', 'execute', 'retry'], to: PROPOSAL_STATES, call: moveTo },
];

/** How a vote that is open comes to each state. */
const WAYS: Record<ProposalState, string[]> = {
  DRAFT: [],
  OPEN: [],
  PASSED: [closeAs('PASSED')],
  FAILED: [closeAs('FAILED')],
  WITHDRAWN: [moveTo('WITHDRAWN')],
  VETOED: [closeAs('PASSED'), moveTo('VETOED')],
  EXECUTED: [closeAs('EXECUTED')],
  EXECUTION_FAILED: [closeAs('PASSED'), moveTo('EXECUTION_FAILED')],
};

async function givenProposalIn(state: ProposalState): Promise<string> {
  const { networkId, proposalId } = await givenVote(server, network, [network.founder], {
    rule: { method: 'CONSENT' },
  });
  if (state === 'DRAFT') return givenDraftLike({ networkId, id: proposalId });
  for (const statement of WAYS[state]) await client.query(statement, [proposalId]);
  return proposalId;
}

async function givenDraftLike(key: { networkId: string; id: string }): Promise<string> {
  const { db } = server.app.database;
  const proposal = await db.one(Proposal, key);
  const draft = { ...proposal!, id: newId('proposal'), state: 'DRAFT' as const };
  await db.insert(Proposal, draft);
  return draft.id;
}

/** Whether the database does it; it is undone. */
async function isTaken(statement: string, proposalId: string): Promise<boolean> {
  await client.query('begin');
  try {
    await client.query(statement, [proposalId]);
    return true;
  } catch (error) {
    // Refused by what the function says, and by nothing that a wrong call could cause.
    expect((error as Error).message).toMatch(/another state|no vote ends like this|case not found/);
    return false;
  } finally {
    await client.query('rollback');
  }
}

test.each(PROPOSAL_STATES)('the database goes on from %s as the table of states has it', async (from) => {
  const proposalId = await givenProposalIn(from);
  const wanted: string[] = [];
  const found: string[] = [];

  for (const { steps, to, call } of FUNCTIONS) {
    for (const state of to) {
      const step = `${steps.join('/')} to ${state}`;
      if (steps.some((each) => isOfDatabase(each, from) && stepFrom(from, each).includes(state)))
        wanted.push(step);
      if (await isTaken(call(state), proposalId)) found.push(step);
    }
  }

  const row = await server.app.database.db.one(Proposal, { networkId: network.id, id: proposalId });
  expect(row?.state).toBe(from);
  expect(found).toEqual(wanted);
});

/** A draft is written anew without a function: nobody votes on it yet. */
function isOfDatabase(step: ProposalStep, from: ProposalState): boolean {
  return step !== 'amend' || from !== 'DRAFT';
}
