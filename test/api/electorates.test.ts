import { DAY_MS } from '../../src/kernel/clock.ts';
import { ask, codesOf, mutate, tryMutate, type Json } from '../support/api.ts';
import { actionKit } from '../support/decisions.ts';
import { castAll, draftInput, givenDraft, letClose, openInput, readProposal } from '../support/proposals.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { travel } from '../support/time.ts';
import { expectRefusal, givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let ana: Member;
let ben: Member;
let groupId: string;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  fay = network.founder;
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  const garden = inNetwork({ name: 'Garden', joinMode: 'OPEN' });
  groupId = (await mutate(server, ana, 'groupCreate', garden, 'group { id }')).group.id;
});
afterAll(() => server.close());

const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const { submitInput } = actionKit(() => ({ server, network }));
const MOTION = { networkUpdate: { isListed: false } };

/** An amendment of the bylaws under which these vote on the settings of the network. */
const amendment = (electorate: object, action = 'networkUpdate') => ({
  bylawsAmend: { version: 1, rules: [{ action, decidedBy: { vote: { electorate } } }] },
});

/** Lets all members amend the bylaws. */
async function givenElectorate(electorate: object): Promise<Json> {
  const input = submitInput(amendment(electorate));
  const { proposal } = await mutate(
    server,
    fay,
    'actionSubmit',
    input,
    'proposal { id actions { sentence } }',
  );
  const vote = inNetwork({ proposalId: proposal.id }) as { networkId: string; proposalId: string };
  await castAll(server, [fay, ana, ben], vote);
  await letClose(server, vote);
  await server.app.jobs.runDue();
  return proposal;
}

const join = (member: Member) => mutate(server, member, 'groupJoin', inNetwork({ groupId }), 'group { id }');

const ELECTORS =
  'rule { electorate { groupId groupName minimumDays } } electorate(first: 9) { nodes { member { id } } }';
const electorsOf = async (proposal: { networkId: string; proposalId: string }): Promise<Json> => {
  const { rule, electorate } = await readProposal(server, fay, proposal, ELECTORS);
  return { rule: rule.electorate, ids: electorate.nodes.map(({ member }: Json) => member.id) };
};

async function open(): Promise<{ networkId: string; proposalId: string }> {
  const proposal = await givenDraft(server, network, { actions: [MOTION] });
  await mutate(server, fay, 'proposalOpen', openInput(proposal), 'proposal { id }');
  return proposal;
}

test('a group decides what the bylaws leave to it, and who joins later does not vote on it', async () => {
  const { actions } = await givenElectorate({ groupId });
  const vote = await open();
  await join(ben);

  const before = await electorsOf(vote);
  const refused = await tryMutate(server, ben, 'ballotCast', ballotOn(vote), '__typename');
  await castAll(server, [ana], vote);
  await letClose(server, vote);

  expect(actions[0].sentence).toContain('A vote of members of the group Garden by MAJORITY');
  expect(before).toEqual({
    rule: { groupId, groupName: 'Garden', minimumDays: null },
    ids: [ana.membershipId],
  });
  expect(codesOf([refused])).toEqual(['NOT_AN_ELECTOR']);
  expect(await readProposal(server, ben, vote, 'state')).toEqual({ state: 'EXECUTED' });
  const query = `query($id: ID!) { network(id: $id) { bylaws { rules { sentence decidedBy { vote {
    electorate { groupId groupName minimumDays } } } } } } }`;
  const { rules } = (await ask(server, ben, query, { id: network.id })).network.bylaws;
  expect(rules[0].decidedBy.vote.electorate).toEqual({ groupId, groupName: 'Garden', minimumDays: null });
});

const ballotOn = (vote: object) => ({ ...vote, idempotencyKey: 'ballot', ballot: { choice: 'NO' } });

test('who was admitted lately does not vote where the bylaws ask for some days', async () => {
  await travel(server, 60 * DAY_MS);
  await givenElectorate({ minimumDays: 30 });
  const cem = await givenMember(server, network, 'Cem');
  const first = await open();
  await travel(server, 30 * DAY_MS);
  const second = await open();

  const elders = [fay, ana, ben].map(({ membershipId }) => membershipId).toSorted();
  expect((await electorsOf(first)).ids).toEqual(elders);
  expect((await electorsOf(second)).ids).toEqual([...elders, cem.membershipId].toSorted());
});

test('a group that has nobody any more opens no vote, and all members give it to others', async () => {
  await givenElectorate({ groupId });
  const draft = await givenDraft(server, network, { actions: [MOTION] });
  await mutate(server, ana, 'groupLeave', inNetwork({ groupId }), 'group { id }');

  await expectRefusal(server, fay, ['proposalOpen', openInput(draft), 'NO_ELECTORS']);
  const change = { bylawsAmend: { version: 2, rules: [] } };
  const { proposal } = await mutate(server, fay, 'actionSubmit', submitInput(change), 'proposal { state }');
  expect(proposal.state).toBe('OPEN');
});

test.each<[string, () => [object, string?], string]>([
  [
    'of another network',
    () => [{ groupId: 'grp_01h455vb4pex5vsknk084sn02q' }],
    'UNKNOWN_GROUP rules.0.decidedBy.electorate.groupId',
  ],
  [
    'who will be members long enough one day',
    () => [{ minimumDays: 300 }],
    'NOBODY_VOTES rules.0.decidedBy.electorate',
  ],
  ['without a term', () => [{ minimumDays: 0 }], 'INVALID_RANGE rules.0.decidedBy.electorate.minimumDays'],
  [
    'who alone could change the bylaws',
    () => [{ groupId }, 'bylawsAmend'],
    'GROUP_AMENDS rules.0.decidedBy.electorate.groupId',
  ],
])('bylaws are not left to members %s', async (_, given, fault) => {
  const input = submitInput(amendment(...given()));

  const error = await expectRefusal(server, fay, ['actionSubmit', input, 'BYLAWS_FAULTY']);

  expect(error.faults.map(({ code, path }: Json) => `${code} ${path}`)).toEqual([fault]);
});

test('an id that is no group is refused', async () => {
  const input = submitInput(amendment({ groupId: network.id }));

  await expectRefusal(server, fay, ['actionSubmit', input, 'INVALID_ID']);
});

test('who proposes chooses no electorate', async () => {
  const input = draftInput(network, { actions: [MOTION], rule: { electorate: { groupId } } });

  const { errors } = await tryMutate(server, fay, 'proposalDraft', input, '__typename');

  expect(errors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT' })]);
});
