import { ask, mutate, type Json } from '../support/api.ts';
import { rule } from '../support/bylaws.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
import { givenCommons } from '../support/policies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, givenOfficer, type Member, type TestNetwork } from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let tom: Member;
let una: Member;
let ana: Member;
let ben: Member;
let pot: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  tom = await givenOfficer(server, network, 'TREASURER');
  una = await givenOfficer(server, network, 'TREASURER');
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  pot = await givenCommons(server, network, 'Pot');
});
afterAll(() => server.close());

const { submit } = actionKit(() => ({ server, network }));

/** A payment that a first treasurer has signed. */
async function givenPayment(payee: Member): Promise<string> {
  const payment = { payerAccountId: pot.accountId, payeeAccountId: payee.accountId, amount: '20.00' };
  const { signedAction } = await submit(tom, { transferPost: { ...payment, description: 'a stove' } });
  return signedAction.id;
}

const QUERY = `query($first: Int, $after: String) { viewer { signaturesDue(first: $first, after: $after) {
  nodes { id } pageInfo { hasNextPage endCursor } } } }`;

async function due(member: Member, page: object = {}): Promise<Json> {
  const { viewer } = await ask(server, member, QUERY, page);
  const { nodes, pageInfo } = viewer.signaturesDue;
  return { ids: nodes.map(({ id }: Json) => id), ...pageInfo };
}

const letSignFor = (holder: Member, signatory: Member): Promise<Json> => {
  const input = {
    networkId: network.id,
    accountId: holder.accountId,
    membershipId: signatory.membershipId,
  };
  return mutate(server, holder, 'signatoryAdd', input, '__typename');
};

test('who has come to gain by an action is not asked to sign it', async () => {
  const id = await givenPayment(ben);
  expect((await due(una)).ids).toEqual([id]);

  await letSignFor(ben, una);

  expect((await due(una)).ids).toEqual([]);
});

test('nobody is asked to sign what others decide by now', async () => {
  await givenPayment(ben);

  await givenRules(server, network, [
    rule('transferPost', { by: 'SIGNATURES', role: 'TREASURER', count: 3 }),
  ]);

  expect((await due(una)).ids).toEqual([]);
});

test('pages are filled with what is due, whatever lies between', async () => {
  await givenPayment(ben);
  const first = await givenPayment(ana);
  await givenPayment(ben);
  await givenPayment(ben);
  const second = await givenPayment(ana);
  await givenPayment(ben);
  await letSignFor(ben, una);

  const page = await due(una, { first: 1 });
  const next = await due(una, { first: 1, after: page.endCursor });

  expect(page).toMatchObject({ ids: [first], hasNextPage: true });
  expect(next).toMatchObject({ ids: [second], hasNextPage: false });
});
