import type { JoinMode } from '../../src/entities/network.ts';
import type { Decider } from '../../src/governance/bylaws.ts';
import { ask, givenPerson, mutate, type Caller, type Json } from '../support/api.ts';
import { rule, vote } from '../support/bylaws.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
import { lettersOf } from '../support/mail.ts';
import { castAll, letClose } from '../support/proposals.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import {
  asMember,
  givenApplicant,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let cora: Member;
let sponsors: Member[];

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(() => server.clock.moveTo(START));
afterAll(() => server.close());

const { submit, sign } = actionKit(() => ({ server, network }));
const TWO: Decider = { by: 'SIGNATURES', role: 'COORDINATOR', count: 2 };
const ONE: Decider = { by: 'ROLE', role: 'COORDINATOR' };
const STATE = 'membership { id state }';

/** A network that one joins like this, if the bylaws have nothing against it. */
async function givenDoors(joinMode: JoinMode, decider: Decider): Promise<void> {
  network = await givenNetwork(server);
  fay = network.founder;
  cora = await givenOfficer(server, network, 'COORDINATOR');
  sponsors = [await givenMember(server, network, 'S1'), await givenMember(server, network, 'S2')];
  const settings = { networkId: network.id, joinMode, sponsorsNeeded: 2 };
  await mutate(server, fay, 'networkUpdate', settings, '__typename');
  await givenRules(server, network, [rule('membershipAdmit', decider)]);
}

const apply = async (caller: Caller): Promise<Json> => {
  const input = { networkId: network.id, acceptedTermsVersion: 1, application: 'I bake bread.' };
  return (await mutate(server, caller, 'membershipApply', input, STATE)).membership;
};

const stateOf = async ({ membershipId }: Pick<Member, 'membershipId'>): Promise<string> => {
  const row = await server.app.database.db.row<{ state: string }>(
    'select state from membership where network_id = $1 and id = $2',
    [network.id, membershipId],
  );
  return row?.state ?? 'nothing';
};

/** Accepts a letter from somebody. */
async function accept(sender: Caller, guest: Caller): Promise<Json> {
  const input = { networkId: network.id, email: guest.email };
  await mutate(server, sender, 'membershipInvite', input, '__typename');
  const letter = (await lettersOf(server, guest.email)).findLast(({ text }) => text?.includes('net_'));
  const secret = /net_[0-9a-z]{26}\.[\w-]{43}/.exec(letter?.text ?? '')?.[0];
  const accepted = { secret, acceptedTermsVersion: 1 };
  return (await mutate(server, guest, 'membershipAcceptInvitation', accepted, STATE)).membership;
}

test('an open door leads to the vote where members vote on admissions, and the vote admits', async () => {
  await givenDoors('OPEN', vote());
  const ada = await givenPerson(server, 'Ada');

  const applied = await apply(ada);
  const { proposal } = await submit(fay, { membershipAdmit: { membershipId: applied.id } });
  await castAll(server, [fay, cora], { networkId: network.id, proposalId: proposal.id });
  await letClose(server, { networkId: network.id, proposalId: proposal.id });

  expect(applied.state).toBe('APPLIED');
  const member = await asMember(server, ada, network.id);
  expect(await stateOf(member)).toBe('ACTIVE');
  expect(member.accountId).toMatch(/^acc_/);
});

test('sponsors vouch, and do not admit, where signatures decide', async () => {
  await givenDoors('SPONSORED', TWO);
  const applicant = await givenApplicant(server, network, 'Ada');
  const input = { networkId: network.id, membershipId: applicant.membershipId };

  for (const sponsor of sponsors) await mutate(server, sponsor, 'membershipSponsor', input, STATE);

  expect(await stateOf(applicant)).toBe('APPLIED');
  const action = { membershipAdmit: { membershipId: applicant.membershipId } };
  const { signedAction } = await submit(fay, action);
  await sign(cora, signedAction.id);
  expect(await stateOf(applicant)).toBe('ACTIVE');
});

test.each<[JoinMode, Decider]>([
  ['OPEN', vote()],
  ['OPEN', TWO],
  ['APPROVAL', vote()],
  ['SPONSORED', TWO],
])('a letter makes an applicant where several decide, in a network that is %s', async (joinMode, decider) => {
  await givenDoors(joinMode, decider);
  const ada = await givenPerson(server, 'Ada');

  const { state } = await accept(fay, ada);

  expect(state).toBe('APPLIED');
});

test('all ways in stay open where one decides on admissions', async () => {
  await givenDoors('OPEN', ONE);

  const applied = await apply(await givenPerson(server, 'Ada'));
  const invited = await accept(fay, await givenPerson(server, 'Ben'));

  expect([applied.state, invited.state]).toEqual(['ACTIVE', 'ACTIVE']);
});

describe('who applies is known to members', () => {
  const QUERY = `query($n: ID!, $m: ID!) { network(id: $n) {
    members(filter: { states: [APPLIED] }) { nodes { id displayName application } }
    membership(id: $m) { displayName application } } }`;
  const seenBy = async (member: Member, { membershipId }: Member): Promise<Json> =>
    (await ask(server, member, QUERY, { n: network.id, m: membershipId })).network;

  test('where they vote on admissions', async () => {
    await givenDoors('APPROVAL', vote());
    const ada = await givenApplicant(server, network, 'Ada');

    const seen = await seenBy(sponsors[0]!, ada);

    const application = 'Ada would like to join';
    expect(seen).toEqual({
      members: { nodes: [{ id: ada.membershipId, displayName: 'Ada', application }] },
      membership: { displayName: 'Ada', application },
    });
  });

  test('and not where others sign for them', async () => {
    await givenDoors('APPROVAL', TWO);
    const ada = await givenApplicant(server, network, 'Ada');

    const query = 'query($n: ID!, $m: ID!) { network(id: $n) { membership(id: $m) { id } } }';
    const { network: seen } = await ask(server, sponsors[0]!, query, { n: network.id, m: ada.membershipId });

    expect(seen.membership).toBeNull();
  });
});
