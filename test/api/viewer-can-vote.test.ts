import { ask, type Caller, type Json } from '../support/api.ts';
import { castAll, givenOpen, readProposal, type NamedProposal } from '../support/proposals.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let ana: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  fay = network.founder;
  ana = await givenMember(server, network, 'Ana');
});
afterAll(() => server.close());

/** Why somebody may not; null for what they may. */
async function reasons(viewer: Caller, proposal: NamedProposal): Promise<Json> {
  const selection = 'viewerCan { castBallot { reason } takeStance { reason } close { reason } }';
  const { viewerCan } = await readProposal(server, viewer, proposal, selection);
  return Object.fromEntries(
    Object.entries(viewerCan as Record<string, Json>).map(([deed, { reason }]) => [deed, reason]),
  );
}

test('who joined later can neither vote nor take a stance, and is told why', async () => {
  const vote = await givenOpen(server, network);
  const consent = await givenOpen(server, network, { rule: { method: 'CONSENT' } });
  const late = await givenMember(server, network, 'Late');

  expect(await reasons(ana, vote)).toMatchObject({ castBallot: null, takeStance: 'NOT_IN_THIS_STATE' });
  expect(await reasons(late, vote)).toMatchObject({ castBallot: 'NOT_AN_ELECTOR' });
  expect(await reasons(ana, consent)).toMatchObject({ castBallot: 'NOT_IN_THIS_STATE', takeStance: null });
  expect(await reasons(late, consent)).toMatchObject({ takeStance: 'NOT_AN_ELECTOR' });
});

test('who has voted in secret cannot vote again, and is told why; in an open vote the ballot can be changed', async () => {
  const secret = await givenOpen(server, network, { rule: { isSecret: true } });
  const open = await givenOpen(server, network);
  await castAll(server, [ana], secret);
  await castAll(server, [ana], open);

  expect(await reasons(ana, secret)).toMatchObject({ castBallot: 'ALREADY_VOTED' });
  expect(await reasons(fay, secret)).toMatchObject({ castBallot: null });
  expect(await reasons(ana, open)).toMatchObject({ castBallot: null });
});

test('a vote can be closed early once all have voted, and not before', async () => {
  const proposal = await givenOpen(server, network, { rule: { allowsEarlyClose: true } });
  await castAll(server, [ana], proposal);

  expect(await reasons(fay, proposal)).toMatchObject({ close: 'NOT_IN_THIS_STATE' });

  await castAll(server, [fay], proposal);

  expect(await reasons(fay, proposal)).toMatchObject({ close: null });
});

test('a list of proposals takes as many statements for many as for few', async () => {
  const gil = await givenMember(server, network, 'Gil');
  for (const author of [fay, ana, gil, fay, ana, gil]) await givenOpen(server, network, {}, author);
  const query = `query($n: ID!, $first: Int) { network(id: $n) { proposals(first: $first) { nodes {
    turnout { ballots } resolution { number } viewerCan { castBallot { allowed } close { allowed } } } } } }`;
  const statements = async (first: number) => {
    const queries = jest.spyOn(server.app.database.pool, 'query');
    const data = await ask(server, ana, query, { n: network.id, first });
    const calls = queries.mock.calls.length;
    queries.mockRestore();
    return { found: data.network.proposals.nodes.length, calls };
  };

  // Jobs of the server may ask something meanwhile: the quietest of some requests counts.
  const fewest = async (first: number) => {
    const answers = [await statements(first), await statements(first), await statements(first)];
    return { found: answers[0]?.found, calls: Math.min(...answers.map(({ calls }) => calls)) };
  };
  const few = await fewest(2);
  const many = await fewest(6);

  expect([few.found, many.found]).toEqual([2, 6]);
  expect(many.calls).toBe(few.calls);
});
