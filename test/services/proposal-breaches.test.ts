import pg from 'pg';
import { verifyProposal } from '../../src/services/proposals/verify/verify.ts';
import { endVote } from '../support/end-vote.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { asOwner, cast, givenVote, type TestVote } from '../support/votes.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

// Whoever has taken over the server has the rights of its role. They change nothing of what members vote on, nor of what comes
// of it; and what the owner of the tables changes is found.

let server: TestServer;
let network: TestNetwork;
let voters: Member[];
let stranger: Member;
let client: pg.Client;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  voters = [network.founder, await givenMember(server, network, 'Ana')];
  stranger = await givenMember(server, network, 'Ben');
  client = new pg.Client(server.databaseUrl('app'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

async function faultsOf({ proposalId }: TestVote): Promise<string[]> {
  const lines = await verifyProposal(server.databaseUrl('app'), proposalId);
  return lines!.flatMap(({ faults }) => faults.map(({ table, key }) => `${table} ${key}`));
}

/** The proposal with its electors and delegated votes, as text. */
async function kept({ proposalId }: TestVote): Promise<unknown> {
  return asOwner(
    server,
    `select to_jsonb(p) as proposal,
            (select jsonb_agg(e order by e.membership_id) from elector e where e.proposal_id = p.id) as electors,
            (select count(*) from delegated_vote d where d.proposal_id = p.id) as delegated
       from proposal p where p.id = $1`,
    [proposalId],
  );
}

const CLOSE = `select proposal_close(network_id, id, closes_at, 'EXECUTED', '00', '{"isPassed": true}', closes_at, '{}', '{}', '{}')
  from proposal where id = 'VOTE'`;

test.each([
  [`update proposal set state = 'EXECUTED' where id = 'VOTE'`, /permission denied/],
  [`update proposal set outcome = '{"isPassed": true}' where id = 'VOTE'`, /permission denied/],
  [`update proposal set seed = '00' where id = 'VOTE'`, /permission denied/],
  [`update proposal set closes_at = now() where id = 'VOTE'`, /permission denied/],
  [`update proposal set frozen_hash = '' where id = 'VOTE'`, /permission denied/],
  [`delete from proposal where id = 'VOTE'`, /permission denied/],
  [
    `insert into elector select network_id, 'VOTE', 'STRANGER', 1000 from proposal where id = 'VOTE'`,
    /permission/,
  ],
  [`update elector set weight = 5 where proposal_id = 'VOTE'`, /permission denied/],
  [
    `insert into delegated_vote select network_id, id, 'STRANGER', 'STRANGER', 'STRANGER' from proposal where id = 'VOTE'`,
    /permission denied/,
  ],
  [CLOSE, /another state/],
  [
    `select proposal_open(network_id, id, now(), rule, now() + '1 day', '{STRANGER}', '{1000}') from proposal where id = 'VOTE'`,
    /another state/,
  ],
  [
    `select proposal_amend(network_id, id, title, 'Other', topic, actions, options, closes_at) from proposal where id = 'VOTE'`,
    /another state/,
  ],
  [
    `select proposal_move(network_id, id, 'EXECUTED', now(), null, null, null) from proposal where id = 'VOTE'`,
    /another state/,
  ],
])('the serving role rewrites nothing of a vote that failed: %s', async (statement, refusal) => {
  const vote = await givenVote(server, network, voters);
  for (const voter of voters) await cast(server, voter, vote, { choice: 'NO' });
  await endVote(server, vote);
  const before = await kept(vote);

  const text = statement.replaceAll('VOTE', vote.proposalId).replaceAll('STRANGER', stranger.membershipId);
  await expect(client.query(text)).rejects.toThrow(refusal);

  expect(await kept(vote)).toEqual(before);
  expect(await faultsOf(vote)).toEqual([]);
});

test.each([
  [CLOSE.replace('closes_at,', `closes_at - interval '1 second',`), /the vote goes on/],
  [CLOSE.replace('"isPassed": true', '"isPassed": false'), /no vote ends like this/],
  [
    `select proposal_amend(network_id, id, title, 'Other', topic, actions, options, closes_at) from proposal where id = 'VOTE'`,
    /stays as it is/,
  ],
])('nor does it end an open vote otherwise than votes end: %s', async (statement, refusal) => {
  const vote = await givenVote(server, network, voters);
  const before = await kept(vote);

  await expect(client.query(statement.replaceAll('VOTE', vote.proposalId))).rejects.toThrow(refusal);

  expect(await kept(vote)).toEqual(before);
});

test('what it writes into an open proposal is found, and neither counted nor amended', async () => {
  const vote = await givenVote(server, network, voters);
  for (const voter of voters) await cast(server, voter, vote, { choice: 'NO' });
  await client.query(`update proposal set rule = jsonb_set(rule, '{method}', '"CONSENT"') where id = $1`, [
    vote.proposalId,
  ]);

  expect(await faultsOf(vote)).toContain('proposal frozen');
  await expect(endVote(server, vote)).rejects.toThrow(/what is voted on was changed/);
  const amend = `select proposal_amend(network_id, id, title, 'Other', topic, actions, options, closes_at) from proposal where id = $1`;
  await expect(client.query(amend, [vote.proposalId])).rejects.toThrow(/what is voted on was changed/);
});

test.each([
  ['title', `update proposal set title = 'Other' where id = $1`, 'proposal frozen'],
  ['text', `update proposal set text = 'Other' where id = $1`, 'proposal frozen'],
  [
    'rule',
    `update proposal set rule = jsonb_set(rule, '{quorum}', '"1/9"') where id = $1`,
    'proposal frozen',
  ],
  ['actions', `update proposal set actions = '[{"kind": "statement"}]' where id = $1`, 'proposal frozen'],
  ['end', `update proposal set closes_at = closes_at + interval '1 day' where id = $1`, 'proposal frozen'],
  ['hash', `update proposal set frozen_hash = repeat('0', 64) where id = $1`, 'proposal frozen'],
  ['state', `update proposal set state = 'FAILED', executed_at = null where id = $1`, 'proposal state'],
  [
    'register',
    `insert into resolution select network_id, number + 1000, source_id, kind, title, sentences, 'FAILED', summary, decided_at
       from resolution where source_id = $1`,
    'resolution VOTE',
  ],
])('what the owner of the tables changes is found: %s', async (_, statement, fault) => {
  const vote = await givenVote(server, network, voters);
  for (const voter of voters) await cast(server, voter, vote, { choice: 'YES' });
  await endVote(server, vote);

  await asOwner(server, statement, [vote.proposalId]);

  expect(await faultsOf(vote)).toContain(fault.replace('VOTE', vote.proposalId));
});

test('electors who were exchanged for others are found', async () => {
  const vote = await givenVote(server, network, voters);

  await asOwner(
    server,
    'update elector set membership_id = $2 where proposal_id = $1 and membership_id = $3',
    [vote.proposalId, stranger.membershipId, voters[1]!.membershipId],
  );

  expect(await faultsOf(vote)).toEqual(['proposal frozen']);
});
