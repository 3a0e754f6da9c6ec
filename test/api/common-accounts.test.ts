import { ask, mutate } from '../support/api.ts';
import { rule, vote } from '../support/bylaws.ts';
import { givenExchange } from '../support/conversions.ts';
import { givenRules } from '../support/decisions.ts';
import { givenCommons, givenPolicy, tryPay } from '../support/policies.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let fay: Member;
let cora: Member;
let tom: Member;
let ben: Member;
let pot: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  server.clock.moveTo(START);
  network = await givenNetwork(server);
  fay = network.founder;
  cora = await givenOfficer(server, network, 'COORDINATOR');
  tom = await givenOfficer(server, network, 'TREASURER');
  ben = await givenMember(server, network, 'Ben');
  pot = await givenCommons(server, network, 'Pot');
});
afterAll(() => server.close());

let keys = 0;
const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const keyed = (input: object) => inNetwork({ idempotencyKey: `out-${++keys}`, ...input });
const paidIn = async (payer: Member, amount: string): Promise<string> => {
  const input = transferInput(network, payer, pot, amount);
  return (await mutate(server, payer, 'transferCreate', input, 'transfer { id }')).transfer.id;
};
const undoing = (transferId: string) => keyed({ transferId, reason: 'not meant for us' });
const closing = ({ accountId }: Member) => keyed({ accountId, settlesBalance: true });
const settling = (account: Member) =>
  givenPolicy(server, network, {
    closing: { accountId: account.accountId, takesSurplus: true, coversDeficit: true },
  });

test('is given back by a treasurer up to the first tier, and not beyond', async () => {
  const [small, large] = [await paidIn(ben, '4.00'), await paidIn(ben, '11.00')];

  await mutate(server, tom, 'transferReverse', undoing(small), '__typename');

  await expectRefusal(server, tom, ['transferReverse', undoing(large), 'DECISION_REQUIRED']);
  await expectRefusal(server, fay, ['transferReverse', undoing(large), 'DECISION_REQUIRED']);
  expect(await balanceOf(server, network, pot)).toBe('11.00');
});

test('is told beforehand where nobody may give it back alone', async () => {
  const transferId = await paidIn(ben, '4.00');
  await givenRules(server, network, [rule('transferPost', vote())]);
  const query = `query($t: ID!) { node(id: $t) { ... on Transfer {
    viewerCan { reverse { allowed reason } } } } }`;

  const data = await ask(server, tom, query, { t: transferId });

  expect(data.node.viewerCan.reverse).toEqual({
    allowed: false,
    reason: 'DECISION_REQUIRED',
  });
  await expectRefusal(server, tom, ['transferReverse', undoing(transferId), 'DECISION_REQUIRED']);
});

test('is not given back by who settles a dispute', async () => {
  const transferId = await paidIn(ben, '12.00');
  const opened = await mutate(
    server,
    ben,
    'transferDispute',
    inNetwork({ transferId, reason: 'paid by mistake' }),
    'dispute { id }',
  );
  const disputeId = opened.dispute.id;
  const mediator = inNetwork({ disputeId, membershipId: cora.membershipId });
  await mutate(server, fay, 'disputeMediatorSet', mediator, '__typename');
  const answer = { disputeId, resolution: 'It was a mistake.' };

  const refunded = keyed({ ...answer, outcome: 'REFUNDED', amount: '11.00' });
  await expectRefusal(server, cora, ['disputeResolve', refunded, 'DECISION_REQUIRED']);
  const reversed = keyed({ ...answer, outcome: 'REVERSED' });
  await expectRefusal(server, cora, ['disputeResolve', reversed, 'DECISION_REQUIRED']);
});

test('is not moved by closing the account', async () => {
  await settling(await givenCommons(server, network, 'Rest'));
  await paidIn(ben, '12.00');

  await expectRefusal(server, tom, ['accountClose', closing(pot), 'DECISION_REQUIRED']);
});

test('does not pay what a member owes because a coordinator closes their account', async () => {
  await settling(pot);
  await tryPay(server, network, [ben, fay, '12.00']);

  await expectRefusal(server, fay, ['accountClose', closing(ben), 'DECISION_REQUIRED']);
});

test('is not converted beyond the first tier', async () => {
  const exchange = await givenExchange(server, network);
  const desks = { fromAccountId: exchange.hoursId, toAccountId: exchange.creditsId };
  const terms = { fromUnitId: network.unitId, toUnitId: exchange.creditId, numerator: 1, denominator: 2 };
  const set = inNetwork({ ...terms, ...desks });
  const { conversionRate } = await mutate(server, fay, 'conversionRateSet', set, 'conversionRate { id }');
  const credits = inNetwork({ unitId: exchange.creditId, name: 'Pot of credit' });
  const { account } = await mutate(server, fay, 'accountOpen', credits, 'account { id }');
  const converting = (amount: string) =>
    keyed({ rateId: conversionRate.id, fromAccountId: pot.accountId, toAccountId: account.id, amount });

  await expectRefusal(server, tom, ['conversionCreate', converting('10.20'), 'DECISION_REQUIRED']);
  await mutate(server, tom, 'conversionCreate', converting('10.00'), '__typename');
});
