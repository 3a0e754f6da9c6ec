import { DAY_MS } from '../../src/kernel/clock.ts';
import { recordResolution } from '../../src/services/proposals/register/resolutions.ts';
import type { Resolution } from '../../src/entities/resolution.ts';
import { ask, send, type Caller } from '../support/api.ts';
import { endVote } from '../support/end-vote.ts';
import { startTestServer, START, type TestServer } from '../support/server.ts';
import { cast, givenVote } from '../support/votes.ts';
import {
  givenApplicant,
  givenMember,
  givenNetwork,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
});
afterAll(() => server.close());

const QUERY = `query($id: ID!, $locale: String, $from: DateTime, $to: DateTime) {
  network(id: $id) { resolutionsDocument(locale: $locale, from: $from, to: $to) } }`;

async function document(viewer: Caller, period: object = {}): Promise<string> {
  const { network: answer } = await ask(server, viewer, QUERY, { id: network.id, ...period });
  return answer.resolutionsDocument;
}

const RESOLUTION: Omit<Resolution, 'number' | 'networkId' | 'decidedAt'> = {
  sourceId: 'act_01h455vb4pex5vsknk084sn02q',
  kind: 'SIGNATURES',
  title: 'A new roof',
  sentences: ['Pays 12.00 h to Ana.'],
  outcome: 'PASSED',
  summary: { signers: [] },
};

function recorded(line: Partial<Resolution> = {}): Promise<Resolution> {
  const system = { kind: 'system', name: 'test' } as const;
  return server.app.services.run(system, (tx) =>
    recordResolution(tx, { ...RESOLUTION, networkId: network.id, decidedAt: tx.now, ...line }),
  );
}

test('the register is a whole page that needs nothing else', async () => {
  const page = await document(ana);

  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).toContain('<meta charset="utf-8">');
  expect(page).toContain('@page { size: A4');
  expect(page).toContain('Nothing was decided.');
  expect(page).not.toMatch(/<script|<link|<img|url\(|https?:/);
});

test('tells of a vote its number, its outcome and how it was counted', async () => {
  const vote = await givenVote(server, network, [ana, network.founder], { weights: [2n, 1n] });
  await cast(server, ana, vote, { choice: 'YES' });
  await endVote(server, vote);

  const page = await document(ana);

  expect(page).toContain('<h2>No. 1: A garden for all</h2>');
  expect(page).toContain('<p class="outcome">Passed.</p>');
  expect(page).toContain('1 of 2 took part, with 2 of 3 votes. Counted by MAJORITY.');
  expect(page).toContain('<tr><th scope="row">YES</th><td>2</td></tr>');
  expect(page).toContain('<tr><th scope="row">NO</th><td>0</td></tr>');
});

test('says why a vote did not pass, and what was chosen in another', async () => {
  await endVote(server, await givenVote(server, network, [ana]));
  const election = await givenVote(server, network, [ana], {
    rule: { method: 'APPROVAL' },
    options: ['A <b>garden</b>', 'A pond'],
  });
  await cast(server, ana, election, { approvals: ['1'] });
  await endVote(server, election);

  const page = await document(ana);

  expect(page).toContain('<p class="outcome">Did not pass: nobody took part.</p>');
  expect(page).toContain('<p class="outcome">Chosen: A &lt;b&gt;garden&lt;/b&gt;.</p>');
  expect(page).toContain('<tr><th scope="row">A pond</th><td>0</td></tr>');
});

test('nothing that people wrote is markup in it', async () => {
  const nasty = `<script>alert("x")</script> & 'so' on`;
  const ben = await givenMember(server, network, nasty);
  await recorded({ title: nasty, sentences: [nasty], summary: { signers: [ben.membershipId] } });
  await recorded({
    sourceId: 'act_01h455vb4pex5vsknk084sn02r',
    outcome: 'VETOED',
    summary: { reason: nasty },
  });

  const page = await document(ana);

  const escaped = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;so&#39; on';
  expect(page).not.toContain('<script');
  expect(page.split(escaped)).toHaveLength(5);
});

test('names who signed, and why something was stopped or declined', async () => {
  const ben = await givenMember(server, network, 'Ben');
  await recorded({ summary: { signers: [ben.membershipId, ana.membershipId] } });
  await recorded({ outcome: 'VETOED', summary: { role: 'TREASURER', reason: 'There is no money.' } });
  await recorded({ outcome: 'DECLINED', summary: { declinedBy: ben.membershipId, reason: 'Too dear.' } });

  const page = await document(ana);

  expect(page).toContain('<p>Signed by Ben, Ana.</p>');
  expect(page).toContain('<p class="outcome">Stopped after it had passed.</p>\n<p>There is no money.</p>');
  expect(page).toContain('<p class="outcome">Declined.</p>\n<p>Too dear.</p>');
});

test('tells the same in fields of their own, each where it belongs', async () => {
  const ben = await givenMember(server, network, 'Ben');
  const vote = await givenVote(server, network, [network.founder, ana, ben]);
  await cast(server, ana, vote, { choice: 'YES' });
  await endVote(server, vote);
  await recorded({ summary: { signers: [ben.membershipId, ana.membershipId] } });
  await recorded({ outcome: 'VETOED', summary: { role: 'TREASURER', reason: 'There is no money.' } });
  await recorded({ outcome: 'DECLINED', summary: { declinedBy: ben.membershipId, reason: 'Too dear.' } });

  const query = `query($id: ID!) { network(id: $id) { resolutions(first: 4) { nodes {
    count { method reason participants participantWeight eligible eligibleWeight winners }
    signers { id } declinedBy { id } vetoRole reason } } } }`;
  const { nodes } = (await ask(server, ana, query, { id: network.id })).network.resolutions;

  const none = { count: null, signers: [], declinedBy: null, vetoRole: null, reason: null };
  const numbers = { participants: 1, participantWeight: '1', eligible: 3, eligibleWeight: '3' };
  expect(nodes).toEqual([
    { ...none, declinedBy: { id: ben.membershipId }, reason: 'Too dear.' },
    { ...none, vetoRole: 'TREASURER', reason: 'There is no money.' },
    { ...none, signers: [{ id: ben.membershipId }, { id: ana.membershipId }] },
    { ...none, count: { method: 'MAJORITY', reason: 'PASSED', ...numbers, winners: ['YES'] } },
  ]);
});

test('holds a period, in the order of numbers', async () => {
  await recorded({ title: 'The first' });
  server.clock.advance(DAY_MS);
  const from = server.clock.now().toISOString();
  await recorded({ title: 'The second', outcome: 'DECLINED' });
  server.clock.advance(DAY_MS);
  const to = server.clock.now().toISOString();
  await recorded({ title: 'The third', outcome: 'VETOED' });

  const titles = (page: string) => [...page.matchAll(/<h2>(.*)<\/h2>/g)].map(([, title]) => title);

  expect(titles(await document(ana))).toEqual(['No. 1: The first', 'No. 2: The second', 'No. 3: The third']);
  expect(titles(await document(ana, { from, to }))).toEqual(['No. 2: The second']);
  expect(await document(ana, { from, to })).toContain('No. 2 to 2, decided from');
});

test('dates stand in the language that is asked for, and in the time zone of the network', async () => {
  await recorded();

  expect(await document(ana, { locale: 'de' })).toMatch(/\d+\. [A-Z][a-zä]+ 20\d\d um /);
  expect(await document(ana, { locale: 'en' })).toMatch(/[A-Z][a-z]+ \d+, 20\d\d at /);
});

test.each<[string, object, string]>([
  [
    'a period that ends before it begins',
    { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
    'INVALID_RANGE',
  ],
  ['a language that is none', { locale: 'x' }, 'INVALID_LOCALE'],
])('is refused for %s', async (_, period, code) => {
  const { errors } = await send(server, QUERY, { id: network.id, ...period }, { token: ana.token });

  expect(errors?.map(({ extensions }) => extensions['code'])).toEqual([code]);
});

test('holds a thousand resolutions at most', async () => {
  await server.app.database.db.execute(
    `insert into resolution (network_id, number, source_id, kind, title, sentences, outcome, summary, decided_at)
     select $1, n, 'act_' || lpad(n::text, 26, '0'), 'ROLE', 'No. ' || n, '[]', 'PASSED', '{}', $2
       from generate_series(1, 1001) as n`,
    [network.id, server.clock.now()],
  );

  const { errors } = await send(server, QUERY, { id: network.id }, { token: ana.token });

  expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['INVALID_RANGE']);
});

test('is for members, and holds nothing of other networks', async () => {
  await recorded({ title: 'Ours alone' });
  const other = await givenNetwork(server);
  const applicant = await givenApplicant(server, network);

  for (const viewer of [other.founder, applicant, null]) {
    const { data, errors } = await send(server, QUERY, { id: network.id }, { token: viewer?.token ?? null });
    expect(data.network?.resolutionsDocument ?? null).toBeNull();
    expect(errors).toHaveLength(1);
  }
  const { network: elsewhere } = await ask(server, other.founder, QUERY, { id: other.id });
  expect(elsewhere.resolutionsDocument).not.toContain('Ours alone');
});
