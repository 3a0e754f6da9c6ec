import type { Pool } from '../../src/entities/pool.ts';
import { mutate, type Json } from '../support/api.ts';
import { rule, vote } from '../support/bylaws.ts';
import { actionKit, givenRules } from '../support/decisions.ts';
import { givenCommons } from '../support/policies.ts';
import { givenPool, givenResource } from '../support/pools.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
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
let tom: Member;
let ben: Member;
let sue: Member;
let pot: Member;
let pool: Pool;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  fay = network.founder;
  pot = await givenCommons(server, network, 'Pot');
  cora = await givenOfficer(server, network, 'COORDINATOR');
  tom = await givenOfficer(server, network, 'TREASURER');
  ben = await givenMember(server, network, 'Ben');
  sue = await givenMember(server, network, 'Sue');
  pool = await givenPool(server, network, { stewards: [sue, tom], name: 'Tool library' });
});
afterAll(() => server.close());

const { submit, sign } = actionKit(() => ({ server, network }));
const inNetwork = (input: object) => ({ networkId: network.id, ...input });
const TWO = { by: 'SIGNATURES', role: 'COORDINATOR', count: 2 } as const;
let keys = 0;

const purchase = (change: object = {}) => ({
  poolId: pool.id,
  resource: { kind: 'ITEM', name: 'Stove', quantity: 2, rules: { leadMinutes: 60 } },
  payerAccountId: pot.accountId,
  payeeAccountId: ben.accountId,
  amount: '3.00',
  description: 'two stoves',
  ...change,
});
const keyed = (input: object) => inNetwork({ idempotencyKey: `buy-${++keys}`, ...input });

const thingsIn = (): Promise<Json[]> =>
  server.app.database.db.rows('select id, name, quantity, lead_minutes from resource where network_id = $1', [
    network.id,
  ]);

test('a steward who may pay buys a thing: it is there and paid for, once for its key', async () => {
  const input = keyed(purchase());

  const bought = await mutate(server, tom, 'resourceAcquire', input, 'resource { id state quantity }');
  const again = await mutate(server, tom, 'resourceAcquire', input, 'resource { id }');

  expect(bought.resource).toMatchObject({ state: 'ACTIVE', quantity: 2 });
  expect(again.resource.id).toBe(bought.resource.id);
  expect(await thingsIn()).toEqual([{ id: bought.resource.id, name: 'Stove', quantity: 2, leadMinutes: 60 }]);
  expect(await balanceOf(server, network, ben)).toBe('3.00');
  const { db } = server.app.database;
  const transfers = await db.rows('select cause_id from transfer where network_id = $1', [network.id]);
  expect(transfers).toEqual([{ causeId: bought.resource.id }]);
});

test.each([
  ['without paying from the account', () => sue, {}, 'FORBIDDEN'],
  ['from an account of nobody', () => tom, { payerAccountId: 'acc_00000000000000000000000000' }, 'NOT_FOUND'],
  ['for nothing', () => tom, { amount: '0' }, 'INVALID_AMOUNT'],
  ['that is nameless', () => tom, { resource: { kind: 'ITEM', name: '' } }, 'TEXT_TOO_SHORT'],
])('nothing is bought %s', async (_, who, change, code) => {
  await expectRefusal(server, who(), ['resourceAcquire', keyed(purchase(change)), code]);
});

test('bylaws that do not speak of buying have it decided as other payments', async () => {
  await givenRules(server, network, [
    rule('transferPost', { by: 'ROLE', role: 'TREASURER' }, '2'),
    rule('transferPost', TWO),
  ]);

  await expectRefusal(server, tom, ['resourceAcquire', keyed(purchase()), 'DECISION_REQUIRED']);
  const { signedAction } = await submit(fay, { resourceAcquire: purchase() });
  expect(signedAction).toMatchObject({ state: 'PENDING', rule: { action: 'transferPost', upTo: null } });
  const signed = await sign(cora, signedAction.id);

  expect(signed.signedAction).toMatchObject({ state: 'EXECUTED', failure: null });
  expect(await thingsIn()).toMatchObject([{ name: 'Stove', quantity: 2 }]);
  expect(await balanceOf(server, network, ben)).toBe('3.00');
});

test('what is bought by a decision is told with its seller, its price and all that is said of it', async () => {
  await givenRules(server, network, [rule('resourceAcquire', TWO)]);

  const { signedAction } = await submit(fay, { resourceAcquire: purchase() });

  expect(signedAction.sentence).toBe(
    'The common account Pot pays 3.00 HOUR to the account of Ben: two stoves. For that a thing comes into the pool Tool library: ' +
      'kind ITEM, name Stove, quantity 2, rules (leadMinutes 60).',
  );
});

test('who sells does not sign', async () => {
  await givenRules(server, network, [rule('resourceAcquire', TWO)]);
  const { signedAction } = await submit(fay, {
    resourceAcquire: purchase({ payeeAccountId: cora.accountId }),
  });

  await expectRefusal(server, cora, ['actionSign', keyed({ actionId: signedAction.id }), 'OWN_BENEFIT']);
});

describe.each([
  {
    kind: 'poolRuleSet',
    input: () => ({
      poolId: pool.id,
      rules: { leadMinutes: 60, longestMinutes: null, opening: { weekly: [] } },
    }),
    fact: 'PoolRulesSet',
    sentence:
      'The rules of the pool Tool library change: leadMinutes 60, longestMinutes none, opening (weekly none).',
  },
  {
    kind: 'resourceRetire',
    input: async () => ({ resourceId: (await givenResource(server, pool)).id, reason: 'It is broken.' }),
    fact: 'ResourceRetired',
    sentence: 'Cordless drill leaves the pool Tool library: It is broken.',
  },
] as const)('$kind', ({ kind, input, fact, sentence }) => {
  test('is refused to who calls it alone where others decide, and done by the decision', async () => {
    const given = await input();
    await givenRules(server, network, [rule(kind, TWO)]);

    await expectRefusal(server, sue, [kind, inNetwork(given), 'DECISION_REQUIRED']);
    const { signedAction } = await submit(fay, { [kind]: given });
    expect(signedAction.sentence).toBe(sentence);
    await sign(cora, signedAction.id);

    const facts = await server.app.database.db.rows(
      `select kind, actor_system from event where network_id = $1 and data->>'decisionId' = $2 and kind = $3`,
      [network.id, signedAction.id, fact],
    );
    expect(facts).toEqual([{ kind: fact, actorSystem: 'decision' }]);
  });

  test('is refused to who calls it alone where members vote', async () => {
    const given = await input();
    await givenRules(server, network, [rule(kind, vote())]);

    await expectRefusal(server, cora, [kind, inNetwork(given), 'DECISION_REQUIRED']);
    await expectRefusal(server, (await givenNetwork(server)).founder, [kind, inNetwork(given), 'FORBIDDEN']);
  });
});
