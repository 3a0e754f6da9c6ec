import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { codesOf, mutate, tryMutate } from '../support/api.ts';
import { castAll, givenDraft, givenOpen, letClose, openInput, readProposal } from '../support/proposals.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { asOwner } from '../support/votes.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const RESULT = 'state result { reason participants participantWeight invalidBallots }';
const KEY = 'read while it was a draft';

/** Ends when a statement waits for another transaction. */
async function somebodyWaits(): Promise<void> {
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await server.app.database.db.rows(waiting)).length === 0) await sleep(5);
}

test('no ballot that was read by a draft is taken once the draft was written anew and opened', async () => {
  const options = [{ name: 'Well' }, { name: 'Shed' }];
  const draft = await givenDraft(server, network, { rule: { method: 'APPROVAL' }, options }, ana);
  const holder = new pg.Client(server.databaseUrl('app'));
  await holder.connect();
  // Who has the key lets a ballot wait between being read and being cast.
  await holder.query('begin');
  await holder.query(
    `insert into idempotency_key (network_id, owner, key, content_hash, result_id, created_at)
     values ($1, $2, $3, '', $4, now())`,
    [network.id, ana.personId, KEY, draft.proposalId],
  );
  const input = { ...draft, idempotencyKey: KEY, ballot: { approvals: ['2'] } };
  const casting = tryMutate(server, ana, 'ballotCast', input, 'ballot { receipt }');
  await Promise.race([casting, somebodyWaits()]);
  const anew = { ...draft, rule: { method: 'MAJORITY' }, options: [] };
  await mutate(server, ana, 'proposalAmend', anew, '__typename');
  await mutate(server, ana, 'proposalOpen', openInput(draft), '__typename');
  await holder.query('rollback');
  await holder.end();
  const answer = await casting;
  const ballots = await asOwner(server, 'select 1 from ballot where proposal_id = $1', [draft.proposalId]);
  await letClose(server, draft);

  expect(codesOf([answer])).toEqual(['VOTE_CLOSED']);
  expect(ballots).toEqual([]);
  expect(await readProposal(server, ben, draft, RESULT)).toEqual({
    state: 'FAILED',
    result: { reason: 'NOBODY_VOTED', participants: 0, participantWeight: '0', invalidBallots: 0 },
  });
});

test('a ballot that cannot be counted holds up nobody’s vote, and is told', async () => {
  const proposal = await givenOpen(server, network);
  await castAll(server, [network.founder, ana, ben], proposal);
  await asOwner(
    server,
    `update ballot set vote = '{"approvals": ["2"]}' where proposal_id = $1 and membership_id = $2`,
    [proposal.proposalId, ben.membershipId],
  );

  await letClose(server, proposal);

  expect(await readProposal(server, ben, proposal, RESULT)).toEqual({
    state: 'EXECUTED',
    result: { reason: 'PASSED', participants: 3, participantWeight: '3', invalidBallots: 1 },
  });
});
