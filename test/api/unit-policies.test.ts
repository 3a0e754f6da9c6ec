import { ask, codesOf, givenPerson, mutate, tryMutate, type Caller } from '../support/api.ts';
import { givenCommons, givenPolicy, policyInput, policyOf } from '../support/policies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const refused = (caller: Caller | null, input: object, code: string) =>
  expectRefusal(server, caller, ['unitPolicySet', input, code]);

describe('a policy', () => {
  test('begins with the limits of the unit and nothing else', async () => {
    const network = await givenNetwork(server);

    expect(await policyOf(server, network)).toEqual({
      version: 1,
      mode: 'BLOCK',
      requestDays: 30,
      limits: {
        kind: 'FIXED',
        floor: { value: '-20.00' },
        ceiling: { value: '40.00' },
        turnoverRate: null,
        turnoverDays: null,
        hardFloor: null,
      },
      levies: null,
      demurrage: null,
      payments: null,
      closing: null,
      setBy: { displayName: 'Fay' },
      setAt: server.clock.now().toISOString(),
    });
  });

  test('is set whole, in parts, and cleared in parts; each time as a new version', async () => {
    const network = await givenNetwork(server);
    const { accountId } = await givenCommons(server, network);
    const account = { id: accountId };

    const full = await givenPolicy(server, network, {
      limits: {
        kind: 'TURNOVER',
        floor: '-5',
        ceiling: '60.00',
        turnoverRate: '0.25',
        turnoverDays: 90,
        hardFloor: '-50',
      },
      mode: 'WARN',
      levies: { payerRate: '0.01', payeeRate: '0.000001', accountId },
      payments: {
        most: '10',
        day: { count: 3 },
        week: { amount: '20.5' },
        month: { amount: '40', count: 9 },
      },
      demurrage: { rate: '0.020', exempt: '10', period: 'MONTH', accountId },
      closing: { accountId, takesSurplus: true, coversDeficit: false },
      requestDays: 14,
    });
    const cleared = await givenPolicy(server, network, { limits: null, levies: null, payments: null });
    const rest = await givenPolicy(server, network, { demurrage: null, closing: null, mode: 'BLOCK' });

    expect(full).toMatchObject({
      version: 2,
      mode: 'WARN',
      requestDays: 14,
      limits: {
        kind: 'TURNOVER',
        floor: { value: '-5.00' },
        ceiling: { value: '60.00' },
        turnoverRate: '0.25',
        turnoverDays: 90,
        hardFloor: { value: '-50.00' },
      },
      levies: { payerRate: '0.01', payeeRate: '0.000001', account },
      payments: {
        most: { value: '10.00' },
        day: { amount: null, count: 3 },
        week: { amount: { value: '20.50' }, count: null },
        month: { amount: { value: '40.00' }, count: 9 },
      },
      demurrage: { rate: '0.02', exempt: { value: '10.00' }, period: 'MONTH', account },
      closing: { takesSurplus: true, coversDeficit: false, account },
      setBy: { displayName: 'Fay' },
    });
    expect(cleared).toMatchObject({
      version: 3,
      mode: 'WARN',
      requestDays: 14,
      limits: { kind: 'NONE', floor: null, ceiling: null, turnoverRate: null },
      levies: null,
      payments: null,
      demurrage: { rate: '0.02' },
      closing: { takesSurplus: true },
    });
    expect(rest).toMatchObject({ version: 4, mode: 'BLOCK', demurrage: null, closing: null });
  });

  test('has a history, newest first, and an event for each version', async () => {
    const network = await givenNetwork(server);
    for (const days of [10, 11]) await givenPolicy(server, network, { requestDays: days });

    const query = `query($id: ID!, $after: String) { network(id: $id) {
      units { policies(first: 2, after: $after) { nodes { version requestDays } pageInfo { hasNextPage endCursor } } }
      auditLog(filter: { kind: "UnitPolicySet" }) { nodes { subjectId data } } } }`;
    const first = await ask(server, network.founder, query, { id: network.id });
    const page = first.network.units[0].policies;
    const after = page.pageInfo.endCursor;
    const second = await ask(server, network.founder, query, { id: network.id, after });

    expect(page.nodes).toEqual([
      { version: 3, requestDays: 11 },
      { version: 2, requestDays: 10 },
    ]);
    expect(second.network.units[0].policies.nodes).toEqual([{ version: 1, requestDays: 30 }]);
    expect(first.network.auditLog.nodes).toEqual([
      { subjectId: network.unitId, data: '{"version":3}' },
      { subjectId: network.unitId, data: '{"version":2}' },
    ]);
  });

  test('is open to everybody; its history, its accounts and who set it to members', async () => {
    const network = await givenNetwork(server);
    const { accountId } = await givenCommons(server, network);
    await givenPolicy(server, network, { levies: { payerRate: '0.1', payeeRate: '0', accountId } });
    const stranger = await givenPerson(server, 'Stranger');
    const query = `query($id: ID!) { network(id: $id) { units { policies { nodes { version } } } } }`;

    const seen = await policyOf(server, network, stranger);
    const history = await tryQuery(stranger, query, { id: network.id });

    expect(seen).toMatchObject({ levies: { payerRate: '0.1', payeeRate: '0', account: null }, setBy: null });
    expect(history).toBe('FORBIDDEN');
  });

  test('says who may change it, set dues and charge', async () => {
    const network = await givenNetwork(server);
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const query = `query($id: ID!) { network(id: $id) { units { viewerCan {
      setPolicy { allowed } setDues { allowed } runCharges { allowed } } } } }`;

    const answers = [];
    for (const viewer of [network.founder, treasurer, await givenMember(server, network)]) {
      const { network: seen } = await ask(server, viewer, query, { id: network.id });
      const { setPolicy, setDues, runCharges } = seen.units[0].viewerCan;
      answers.push([setPolicy, setDues, runCharges].map(({ allowed }) => allowed));
    }

    expect(answers).toEqual([
      [true, true, true],
      [false, false, true],
      [false, false, false],
    ]);
  });

  test('is set by one of two who set it at the same time', async () => {
    const network = await givenNetwork(server);
    const inputs = [];
    for (let days = 1; days <= 8; days++)
      inputs.push(await policyInput(server, network, { requestDays: days }));

    const answers = await Promise.all(
      inputs.map((input) => tryMutate(server, network.founder, 'unitPolicySet', input, 'unit { id }')),
    );

    expect(codesOf(answers).toSorted()).toEqual([
      'DONE',
      ...Array.from({ length: 7 }, () => 'POLICY_CHANGED'),
    ]);
    expect(JSON.parse(answers.find(({ errors }) => errors.length > 0)?.errors[0].details)).toEqual({
      version: 2,
    });
    expect((await policyOf(server, network)).version).toBe(2);
  });

  test('that a request sets twice answers each time what it set', async () => {
    const network = await givenNetwork(server);
    const input = (version: number) =>
      `{ networkId: "${network.id}", unitId: "${network.unitId}", version: ${version}, requestDays: ${10 + version} }`;
    const selection = '{ unit { policy { version requestDays } } errors { code } }';

    const data = await ask(
      server,
      network.founder,
      `mutation { a: unitPolicySet(input: ${input(1)}) ${selection} b: unitPolicySet(input: ${input(2)}) ${selection} }`,
    );

    expect(data.a.unit.policy).toEqual({ version: 2, requestDays: 11 });
    expect(data.b.unit.policy).toEqual({ version: 3, requestDays: 12 });
  });
});

async function tryQuery(caller: Caller, query: string, variables: object): Promise<unknown> {
  try {
    return await ask(server, caller, query, variables);
  } catch (error) {
    return /"code":"([A-Z_]+)"/.exec(String(error))?.[1];
  }
}

describe('a policy is refused', () => {
  let network: TestNetwork;
  let commons: Member;
  let member: Member;
  let elsewhere: TestNetwork;
  beforeAll(async () => {
    network = await givenNetwork(server);
    commons = await givenCommons(server, network);
    member = await givenMember(server, network, 'Ben');
    elsewhere = await givenNetwork(server);
  });
  const levies = (accountId: string, change: object = {}) => ({
    levies: { payerRate: '0.1', payeeRate: '0', accountId, ...change },
  });
  const limits = (of: object) => () => ({ limits: of });
  const payments = (of: object) => () => ({ payments: of });

  test.each<[string, () => object, string, string]>([
    ['fixed limits that are none', limits({ kind: 'FIXED' }), 'REQUIRED', 'limits.floor'],
    ['no limits with a floor', limits({ kind: 'NONE', floor: '-1' }), 'INVALID_CHOICE', 'limits.floor'],
    ['a floor above zero', limits({ kind: 'FIXED', floor: '1' }), 'INVALID_RANGE', 'limits.floor'],
    ['a ceiling below zero', limits({ kind: 'FIXED', ceiling: '-1' }), 'INVALID_RANGE', 'limits.ceiling'],
    ['±L below zero', limits({ kind: 'FIXED', symmetric: '-1' }), 'INVALID_RANGE', 'limits.symmetric'],
    [
      '±L beside a floor',
      limits({ kind: 'FIXED', symmetric: '1', floor: '-1' }),
      'INVALID_CHOICE',
      'limits.symmetric',
    ],
    ['±L for growth', limits({ kind: 'GROWTH', symmetric: '1' }), 'REQUIRED', 'limits.floor'],
    ['too fine a floor', limits({ kind: 'FIXED', floor: '-0.001' }), 'TOO_MANY_DECIMALS', 'limits.floor'],
    ['turnover without a rate', limits({ kind: 'TURNOVER', floor: '-1' }), 'REQUIRED', 'limits.turnoverRate'],
    [
      'turnover without days',
      limits({ kind: 'TURNOVER', floor: '-1', turnoverRate: '0.1' }),
      'REQUIRED',
      'limits.turnoverDays',
    ],
    [
      'turnover of no days',
      limits({ kind: 'TURNOVER', floor: '-1', turnoverRate: '0.1', turnoverDays: 0 }),
      'INVALID_RANGE',
      'limits.turnoverDays',
    ],
    [
      'too fine a rate',
      limits({ kind: 'TURNOVER', floor: '-1', turnoverRate: '0.0000001', turnoverDays: 9 }),
      'TOO_MANY_DECIMALS',
      'limits.turnoverRate',
    ],
    ['growth without a floor', limits({ kind: 'GROWTH' }), 'REQUIRED', 'limits.floor'],
    [
      'a hard floor above the floor',
      limits({ kind: 'GROWTH', floor: '-5', hardFloor: '-4' }),
      'INVALID_RANGE',
      'limits.hardFloor',
    ],
    [
      'growth with a rate',
      limits({ kind: 'GROWTH', floor: '-5', turnoverRate: '0.1' }),
      'INVALID_CHOICE',
      'limits.turnoverRate',
    ],
    ['no mode', () => ({ mode: null }), 'REQUIRED', 'mode'],
    ['no days for requests', () => ({ requestDays: null }), 'REQUIRED', 'requestDays'],
    ['requests of 0 days', () => ({ requestDays: 0 }), 'INVALID_RANGE', 'requestDays'],
    ['requests of 367 days', () => ({ requestDays: 367 }), 'INVALID_RANGE', 'requestDays'],
    ['a payment of nothing', payments({ most: '0' }), 'INVALID_AMOUNT', 'payments.most'],
    ['no payments a day', payments({ day: { count: 0 } }), 'INVALID_RANGE', 'payments.day.count'],
    [
      'too fine an amount a week',
      payments({ week: { amount: '0.001' } }),
      'TOO_MANY_DECIMALS',
      'payments.week.amount',
    ],
    [
      'a levy above all',
      () => levies(commons.accountId, { payerRate: '1.01' }),
      'INVALID_RANGE',
      'levies.payerRate',
    ],
    [
      'a levy below zero',
      () => levies(commons.accountId, { payeeRate: '-0.1' }),
      'INVALID_RANGE',
      'levies.payeeRate',
    ],
    ['levies to a member', () => levies(member.accountId), 'INVALID_CHOICE', 'levies.accountId'],
    ['levies to no account', () => levies(member.membershipId), 'INVALID_ID', 'levies.accountId'],
    [
      'demurrage below zero exempt',
      () => ({ demurrage: { rate: '0.1', exempt: '-1', period: 'YEAR', accountId: commons.accountId } }),
      'INVALID_RANGE',
      'demurrage.exempt',
    ],
    [
      'closing into an account of a member',
      () => ({ closing: { accountId: member.accountId, takesSurplus: true, coversDeficit: true } }),
      'INVALID_CHOICE',
      'closing.accountId',
    ],
  ])('with %s', async (_, change, code, path) => {
    const error = await refused(network.founder, await policyInput(server, network, change()), code);

    expect(error.path).toBe(path);
  });

  test('with an account that does not exist here, counts another unit, or is not open', async () => {
    const { founder } = network;
    const unit = {
      code: 'EUR',
      name: [{ locale: 'en', text: 'Euro' }],
      symbol: '€',
      kind: 'MONEY',
      scale: 2,
    };
    const made = await mutate(
      server,
      founder,
      'unitCreate',
      { networkId: network.id, ...unit },
      'unit { id }',
    );
    const euros = await givenCommons(server, { ...network, unitId: made.unit.id });
    const closed = await givenCommons(server, network, 'Old');
    const address = { networkId: network.id, accountId: closed.accountId };
    await mutate(server, founder, 'accountUpdate', { ...address, isFrozen: true }, 'account { id }');
    const foreign = await givenCommons(server, elsewhere);
    const input = async (accountId: string) => policyInput(server, network, levies(accountId));

    await refused(founder, await input(foreign.accountId), 'NOT_FOUND');
    await refused(founder, await input(euros.accountId), 'UNIT_MISMATCH');
    const frozen = await refused(founder, await input(closed.accountId), 'ACCOUNT_NOT_OPEN');
    await mutate(server, founder, 'accountUpdate', { ...address, isFrozen: false }, 'account { id }');
    await mutate(server, founder, 'accountClose', { ...address, idempotencyKey: 'close' }, 'account { id }');
    await refused(founder, await input(closed.accountId), 'ACCOUNT_NOT_OPEN');

    expect(frozen).toMatchObject({ path: 'levies.accountId', details: '{"state":"FROZEN"}' });
  });

  test('with an older version, or for a unit that is not there', async () => {
    const input = await policyInput(server, network, { requestDays: 7 });

    await refused(network.founder, { ...input, version: 0 }, 'POLICY_CHANGED');
    await refused(network.founder, { ...input, unitId: elsewhere.unitId }, 'NOT_FOUND');
    await refused(network.founder, { ...input, unitId: commons.accountId }, 'INVALID_ID');
    await refused(member, input, 'FORBIDDEN');
    await refused(await givenOfficer(server, network, 'TREASURER'), input, 'FORBIDDEN');
  });

  test.each([
    ['POINTS', { limits: { kind: 'FIXED', floor: '-1' } }],
    ['POINTS', { payments: { most: '1' } }],
    ['GIFT', { limits: { kind: 'FIXED', floor: '-1' } }],
    ['GIFT', { levies: { payerRate: '0.1', payeeRate: '0', accountId: 'x' } }],
    ['SHARE', { demurrage: { rate: '0.1', exempt: '0', period: 'YEAR', accountId: 'x' } }],
  ])('for a unit of the kind %s with %j', async (kind, change) => {
    const unit = { code: `U${++serial}`, name: [{ locale: 'en', text: 'U' }], symbol: 'u', kind, scale: 0 };
    const made = await mutate(
      server,
      network.founder,
      'unitCreate',
      { networkId: network.id, ...unit },
      'unit { id }',
    );
    const input = { networkId: network.id, unitId: made.unit.id, version: 1 };

    await refused(network.founder, { ...input, ...change }, 'INVALID_CHOICE');
    const { unit: set } = await mutate(
      server,
      network.founder,
      'unitPolicySet',
      { ...input, limits: { kind: 'NONE' }, levies: null, requestDays: 5 },
      'unit { policy { version requestDays limits { kind } } }',
    );

    expect(set.policy).toEqual({ version: 2, requestDays: 5, limits: { kind: 'NONE' } });
  });
});

let serial = 0;
