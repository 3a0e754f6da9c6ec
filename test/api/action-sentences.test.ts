import { mutate, type Json } from '../support/api.ts';
import { givenCommons, policyOf } from '../support/policies.ts';
import { draftInput } from '../support/proposals.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  expectRefusal,
  givenApplicant,
  givenMember,
  givenNetwork,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let pot: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server, { slug: 'told' });
  pot = await givenCommons(server, network, 'Pot');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

/** What voters read of an action. */
async function told(action: object): Promise<string> {
  const input = draftInput(network, { actions: [action] });
  const { proposal } = await mutate(server, network.founder, 'proposalDraft', input, SENTENCES);
  return proposal.actions.map(({ sentence }: Json) => sentence).join();
}

const SENTENCES = 'proposal { actions { sentence } }';
const text = (...texts: string[]) =>
  texts.map((each, index) => ({ locale: ['en', 'de'][index], text: each }));

test('new settings of the network are told with what holds before', async () => {
  const networkId = network.id;
  const before = { networkId, description: text('We give.') };
  await mutate(server, network.founder, 'networkUpdate', before, '__typename');
  const change = {
    name: text('Upriver', 'Flussaufwärts'),
    description: text('We share.'),
    sponsorsNeeded: 2,
    place: { name: 'Xanadu', latitude: 1.5, longitude: 2.25 },
  };

  expect(await told({ networkUpdate: change })).toBe(
    'The settings of the network change: sponsorsNeeded from 0 to 2, ' +
      'name from “told” (en) to “Upriver” (en) “Flussaufwärts” (de), ' +
      'description from “We give.” (en) to “We share.” (en), ' +
      'placeName from none to Xanadu, latitude from none to 1.5, longitude from none to 2.25.',
  );
});

test('a policy is told with the accounts that it names', async () => {
  const { version } = await policyOf(server, network);
  const { accountId } = pot;

  const sentence = await told({
    unitPolicySet: {
      unitId: network.unitId,
      version,
      levies: { payerRate: '1.00', payeeRate: '0', accountId },
      closing: { accountId, takesSurplus: true, coversDeficit: false },
      requestDays: 7,
    },
  });

  expect(sentence).toBe(
    'The policy of HOUR changes: levies payerRate 1.00, payeeRate 0, account the common account Pot; ' +
      'closing takesSurplus true, coversDeficit false, account the common account Pot; requestDays 7.',
  );
});

test('dues are told with whom they are of, where they go and how long members have', async () => {
  const dues = { unitId: network.unitId, amount: '1.00', period: 'MONTH', graceDays: 14 };

  expect(await told({ duesSet: { ...dues, accountId: pot.accountId, from: '2030-01-01' } })).toBe(
    'All members give 1.00 HOUR each month from 2030-01-01 on, within 14 days, to the common account Pot.',
  );
  const byBen = { ...dues, memberClass: 'MEMBER', graceDays: 1, accountId: ben.accountId };
  expect(await told({ duesSet: byBen })).toBe(
    'Members of the class MEMBER give 1.00 HOUR each month, within 1 day, to the account of Ben.',
  );
});

test('dues to an account that is not there are refused', async () => {
  const dues = { unitId: network.unitId, amount: '1.00', period: 'MONTH', graceDays: 14 };
  const accountId = (await givenNetwork(server)).founder.accountId;
  const input = draftInput(network, { actions: [{ duesSet: { ...dues, accountId } }] });

  await expectRefusal(server, network.founder, ['proposalDraft', input, 'NOT_FOUND']);
});

test('an admission is told with the class and the reason', async () => {
  const { membershipId } = await givenApplicant(server, network, 'Max');

  expect(await told({ membershipAdmit: { membershipId } })).toBe('Max becomes a member.');
  expect(
    await told({ membershipAdmit: { membershipId, memberClass: 'MEMBER', reason: 'a good neighbour' } }),
  ).toBe('Max becomes a member of the class MEMBER: a good neighbour');
});

test('a role is told with its term', async () => {
  const role = { membershipId: ben.membershipId, role: 'AUDITOR' };

  expect(await told({ roleAssign: role })).toBe('Ben gets the role AUDITOR.');
  expect(
    await told({
      roleAssign: { ...role, startsAt: '2030-01-01T00:00:00Z', endsAt: '2031-01-01T18:30:15Z' },
    }),
  ).toBe('Ben gets the role AUDITOR from 2030-01-01 00:00 UTC on until 2031-01-01 18:30:15 UTC.');
});

test('a payment and a limit are told in sentences that begin with a capital letter', async () => {
  const payment = { payerAccountId: pot.accountId, payeeAccountId: ben.accountId, amount: '2.00' };

  expect(await told({ transferPost: { ...payment, description: 'a stove' } })).toBe(
    'The common account Pot pays 2.00 HOUR to the account of Ben: a stove',
  );
  expect(await told({ limitSet: { accountId: ben.accountId, followsPolicy: false, floor: '-5.00' } })).toBe(
    'The account of Ben has limits of its own: floor -5.00 HOUR, ceiling none.',
  );
});

test('a rule of the bylaws is told with all its numbers', async () => {
  const score = { method: 'SCORE', maxScore: 5, allowsEarlyClose: true, quorum: '1/3' };
  const memberClasses = [
    { code: 'MEMBER', name: text('Neighbour'), votes: 1 },
    { code: 'GUEST', name: text('Guest', 'Gast'), votes: 0 },
  ];
  const rules = [{ action: 'statement', decidedBy: { vote: score } }];

  expect(await told({ bylawsAmend: { version: 1, memberClasses, rules } })).toBe(
    'The member classes are MEMBER “Neighbour” (en) with 1 vote, GUEST “Guest” (en) “Gast” (de) with 0 votes. ' +
      'All rules are replaced. A vote by SCORE, up to 5 points for each option, closed early once all have voted, ' +
      'a turnout of at least 1/3, open for 7 days decides statement.',
  );
});
