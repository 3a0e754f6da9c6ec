import { mutate, type Caller, type Json } from '../support/api.ts';
import { until } from '../support/process.ts';
import { castAll, givenDraft, givenOpen, letClose, openInput } from '../support/proposals.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { connect, gauge, METRICS_TOKEN, type Connection, type Feed } from '../support/subscriptions.ts';
import { givenMember, givenNetwork, transferInput, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let open: Connection[] = [];

beforeAll(async () => {
  server = await startTestServer({ metrics: { port: null, token: METRICS_TOKEN } });
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());
afterEach(async () => {
  for (const { client } of open) await client.dispose();
  open = [];
  await until('all sockets are closed', async () => (await gauge(server, 'websocket_connections')) === 0);
});

const PROPOSAL = `subscription($n: ID!, $p: ID!) {
  proposalChanged(networkId: $n, proposalId: $p) { id state version result { participants } }
}`;
const ACTIVITY = `subscription($n: ID!) { networkActivity(networkId: $n) { kind at subject { __typename id } } }`;

async function subscribed(who: Caller, query: string, proposalId: string | null = null): Promise<Feed> {
  const before = await gauge(server, 'subscriptions');
  const connection = connect(server, who.token);
  open.push(connection);
  const feed = connection.subscribe(query, { n: network.id, ...(proposalId && { p: proposalId }) });
  await until('the subscription runs', async () => {
    if (feed.isOver) throw new Error(`It was refused: ${JSON.stringify(feed.error)}`);
    return (await gauge(server, 'subscriptions')) > before;
  });
  return feed;
}

const proposalsIn = (feed: Feed): Json[] => feed.results.map(({ data }) => data.proposalChanged);
const kindsIn = (feed: Feed): string[] => feed.results.map(({ data }) => data.networkActivity.kind);
const untilState = (feed: Feed, state: string) =>
  until(`it is ${state}`, () => proposalsIn(feed).some((proposal) => proposal.state === state));

test('a proposal is told as it is after each step, and of others nothing', async () => {
  const proposal = await givenDraft(server, network, {}, ana);
  const { proposalId } = proposal;
  const feed = await subscribed(ben, PROPOSAL, proposalId);

  await givenDraft(server, network, {}, ana);
  await mutate(server, ana, 'proposalOpen', openInput(proposal), '__typename');
  await untilState(feed, 'OPEN');
  await castAll(server, [ben], proposal);
  await letClose(server, proposal);
  await untilState(feed, 'EXECUTED');

  expect(proposalsIn(feed).every(({ id }) => id === proposalId)).toBe(true);
  expect(proposalsIn(feed)[0]).toEqual({ id: proposalId, state: 'OPEN', version: 1, result: null });
  expect(proposalsIn(feed).at(-1).result).toEqual({ participants: 1 });
});

test('a ballot in a secret vote is told to nobody', async () => {
  const secret = await givenOpen(server, network, { rule: { isSecret: true } }, ana);
  const ofProposal = await subscribed(ben, PROPOSAL, secret.proposalId);
  const ofNetwork = await subscribed(ben, ACTIVITY);

  await castAll(server, [ana, ben, network.founder], secret);
  // What comes next shows that nothing came before.
  await mutate(server, ana, 'proposalWithdraw', secret, '__typename');
  await untilState(ofProposal, 'WITHDRAWN');
  await until('the network tells it', () => kindsIn(ofNetwork).includes('ProposalWithdrawn'));

  expect(proposalsIn(ofProposal)).toHaveLength(1);
  expect(kindsIn(ofNetwork)).toEqual(['ProposalWithdrawn']);
});

test('of what goes on, everybody learns what they may see', async () => {
  const [ofAna, ofBen] = [await subscribed(ana, ACTIVITY), await subscribed(ben, ACTIVITY)];

  const payment = transferInput(network, network.founder, ana, '1.00');
  await mutate(server, network.founder, 'transferCreate', payment, '__typename');
  const proposal = await givenDraft(server, network, {}, ana);
  await until('both learn of the draft', () =>
    [ofAna, ofBen].every((feed) => kindsIn(feed).includes('ProposalDrafted')),
  );

  expect(kindsIn(ofAna)).toEqual(['TransferPosted', 'ProposalDrafted']);
  expect(ofBen.results.map(({ data }) => data.networkActivity)).toEqual([
    {
      kind: 'ProposalDrafted',
      at: server.clock.now().toISOString(),
      subject: { __typename: 'Proposal', id: proposal.proposalId },
    },
  ]);
});

test('who is suspended learns nothing more', async () => {
  const leaver = await givenMember(server, network, 'Leaver');
  const [ofLeaver, ofBen] = [await subscribed(leaver, ACTIVITY), await subscribed(ben, ACTIVITY)];
  const input = { networkId: network.id, membershipId: leaver.membershipId, reason: 'absent' };
  await mutate(server, network.founder, 'membershipSuspend', input, '__typename');

  await givenDraft(server, network, {}, ana);
  await until('others learn of it', () => kindsIn(ofBen).includes('ProposalDrafted'));

  expect(kindsIn(ofLeaver)).toEqual([]);
});

test('a proposal of another network cannot be followed', async () => {
  const elsewhere = await givenNetwork(server);
  const proposal = await givenDraft(server, elsewhere);
  const connection = connect(server, ana.token);
  open.push(connection);

  const codes = await connection.refusal(PROPOSAL, { n: network.id, p: proposal.proposalId });

  expect(codes).toEqual(['NOT_FOUND']);
});
