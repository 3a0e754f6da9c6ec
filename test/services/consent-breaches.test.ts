import pg from 'pg';
import { verifyProposal } from '../../src/services/proposals/verify/verify.ts';
import { amended, discussionKit, givenConsent } from '../support/discussion.ts';
import { endVote } from '../support/end-vote.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { asOwner, givenVote, type TestVote } from '../support/votes.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

// Whoever has taken over the server rewrites nothing of what was said to those who ask for consent; and what the owner of the
// tables changes is found.

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let client: pg.Client;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  client = new pg.Client(server.databaseUrl('app'));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

const { stance, object, resolve, facilitate } = discussionKit(() => ({ server, network }));

interface SaidTo {
  vote: TestVote;
  objectionId: string;
}

/** Ana consents, Ben objects. */
async function givenSaid(): Promise<SaidTo> {
  const vote = await givenConsent(server, network, [network.founder, ana, ben]);
  await stance(ana, vote, 'ABSTAIN');
  await stance(ana, vote, 'CONSENT', 'It is near.');
  return { vote, objectionId: await object(ben, vote) };
}

async function faultsOf({ proposalId }: TestVote): Promise<string[]> {
  const lines = await verifyProposal(server.databaseUrl('app'), proposalId);
  return lines!.flatMap(({ faults }) => faults.map(({ table, key }) => `${table} ${key}`));
}

const TABLES = ['stance', 'objection', 'consent_record', 'ballot_box'];

/** All that was said, as text. */
async function said({ proposalId }: TestVote): Promise<unknown> {
  const rows = TABLES.map(
    (table) => `(select jsonb_agg(t order by t::text) from ${table} t where t.proposal_id = $1) as ${table}`,
  );
  return asOwner(server, `select ${rows.join(', ')}`, [proposalId]);
}

function written(statement: string, { vote, objectionId }: SaidTo): string {
  return statement
    .replaceAll('VOTE', vote.proposalId)
    .replaceAll('ANA', ana.membershipId)
    .replaceAll('BEN', ben.membershipId)
    .replaceAll('OBJECTION', objectionId);
}

const say = (word: string, member: string, objection: string, when = "closes_at - interval '1 hour'") =>
  `select consent_say(network_id, id, ${when}, '${word}', '${member}', ${objection}, 'Said.') from proposal where id = 'VOTE'`;

test.each([
  [`update stance set stance = 'ABSTAIN' where proposal_id = 'VOTE'`, /permission denied/],
  [`delete from stance where proposal_id = 'VOTE'`, /permission denied/],
  [
    `insert into stance select network_id, id, 1, 'BEN', 'CONSENT', null, now() from proposal where id = 'VOTE'`,
    /permission denied/,
  ],
  [`update objection set state = 'WITHDRAWN' where proposal_id = 'VOTE'`, /permission denied/],
  [`delete from objection where proposal_id = 'VOTE'`, /permission denied/],
  [`update consent_record set reason = null where proposal_id = 'VOTE'`, /permission denied/],
  [`delete from consent_record where proposal_id = 'VOTE'`, /permission denied/],
  [say('CONSENT', 'BEN', 'null'), /who objects says nothing else/],
  [say('OBJECT', 'BEN', `'obj_00000000000000000000000001'`), /who objects says nothing else/],
  [say('INTEGRATED', 'BEN', `'OBJECTION'`), /no objection is settled like this/],
  [say('INVALID', 'ANA', `'OBJECTION'`), /no objection is settled like this/],
  [say('WITHDRAWN', 'ANA', `'OBJECTION'`), /ck_objection_own/],
  [say('RAISED', 'BEN', `'OBJECTION'`), /no objection is settled like this/],
  [say('CONSENT', 'ANA', 'null', 'closes_at'), /nothing is said to this any more/],
  [say('CONSENT', 'mbr_00000000000000000000000001', 'null'), /fk_stance_elector/],
])('the serving role rewrites nothing of what was said: %s', async (statement, refusal) => {
  const given = await givenSaid();
  const { vote } = given;
  const before = await said(vote);

  await expect(client.query(written(statement, given))).rejects.toThrow(refusal);

  expect(await said(vote)).toEqual(before);
  expect(await faultsOf(vote)).toEqual([]);
});

test('nothing is said to what is voted on otherwise, or is closed', async () => {
  const vote = await givenVote(server, network, [ana, ben]);
  const { vote: closed } = await givenSaid();
  await endVote(server, closed);

  for (const { proposalId } of [vote, closed]) {
    const statement = say('CONSENT', ana.membershipId, 'null').replaceAll('VOTE', proposalId);
    await expect(client.query(statement)).rejects.toThrow(/nothing is said to this any more/);
  }
});

test('what is said by the function alone, beside the record, is found', async () => {
  const given = await givenSaid();

  await client.query(written(say('ABSTAIN', 'ANA', 'null'), given));

  expect(await faultsOf(given.vote)).toEqual(['consent_record 4']);
});

test('a sound vote is found sound, whatever was said in it', async () => {
  const vote = await givenConsent(server, network, [network.founder, ana, ben]);
  await facilitate(network.founder, vote, ana.membershipId);
  await stance(ana, vote, 'ABSTAIN');
  await stance(ana, vote, 'CONSENT', 'It is near.');
  await resolve(ana, await object(ben, vote), 'INVALID', 'It is no harm.');
  await stance(ben, vote, 'CONSENT');
  const second = await object(ana, vote);
  await amended(server, network, vote);
  await resolve(ana, second, 'INTEGRATED');
  await stance(ana, vote, 'CONSENT');

  const lines = await verifyProposal(server.databaseUrl('app'), vote.proposalId);

  expect(lines!.flatMap(({ faults }) => faults)).toEqual([]);
  const rows = Object.fromEntries(lines!.map((line) => [line.name, line.rows]));
  expect(rows['each thing that was said follows from the one before it']).toBe(8);
  expect(rows['each stance and objection is the last word on it']).toBe(4);
});

test.each([
  ['a stance', `update stance set stance = 'ABSTAIN' where proposal_id = 'VOTE'`, 'stance ANA'],
  ['its reason', `update stance set reason = null where proposal_id = 'VOTE'`, 'stance ANA'],
  ['a stance that is gone', `delete from stance where proposal_id = 'VOTE'`, 'stance ANA'],
  [
    'a stance that nobody took',
    `insert into stance select network_id, id, 1, 'BEN', 'CONSENT', null, now() from proposal where id = 'VOTE'`,
    'stance BEN',
  ],
  [
    'an objection',
    `update objection set reason = 'Never mind.' where id = 'OBJECTION'`,
    'objection OBJECTION',
  ],
  [
    'its end',
    `update objection set state = 'WITHDRAWN', resolved_by_membership_id = membership_id, resolved_at = now()
      where id = 'OBJECTION'`,
    'objection OBJECTION',
  ],
  ['an objection that is gone', `delete from objection where id = 'OBJECTION'`, 'objection OBJECTION'],
  [
    'a stance with the line of it',
    `update stance set stance = 'ABSTAIN' where proposal_id = 'VOTE';
     update consent_record set said = 'ABSTAIN' where proposal_id = 'VOTE' and number = 2`,
    'consent_record 2',
  ],
  [
    'an objection with the line of it',
    `delete from objection where id = 'OBJECTION';
     delete from consent_record where proposal_id = 'VOTE' and number = 3`,
    'consent_record 3',
  ],
  [
    'the head of the chain',
    `update ballot_box set head = '\\x00' where proposal_id = 'VOTE'`,
    'ballot_box head',
  ],
])('what the owner of the tables changes is found: %s', async (_, statement, fault) => {
  const given = await givenSaid();
  const sound = await faultsOf(given.vote);

  await asOwner(server, written(statement, given));

  expect(sound).toEqual([]);
  expect(await faultsOf(given.vote)).toContain(written(fault, given));
});

test('a chain that was made anew from its middle on is not that of the record', async () => {
  const given = await givenSaid();

  await asOwner(
    server,
    written(
      `update stance set stance = 'ABSTAIN' where proposal_id = 'VOTE';
       update consent_record set said = 'ABSTAIN' where proposal_id = 'VOTE' and number = 2;
       update consent_record r set hash = consent_record_hash(
         (select b.hash from consent_record b where b.proposal_id = r.proposal_id and b.number = r.number - 1), r)
        where r.proposal_id = 'VOTE' and r.number = 2;
       update consent_record r set hash = consent_record_hash(
         (select b.hash from consent_record b where b.proposal_id = r.proposal_id and b.number = r.number - 1), r)
        where r.proposal_id = 'VOTE' and r.number = 3;
       update ballot_box b set head = (select hash from consent_record r where r.proposal_id = b.proposal_id and r.number = 3)
        where b.proposal_id = 'VOTE'`,
      given,
    ),
  );

  expect(await faultsOf(given.vote)).toEqual(['consent_record 2', 'consent_record 3']);
});
