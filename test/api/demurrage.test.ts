import { ask, codesOf, mutate, send, tryMutate, type Caller, type Json } from '../support/api.ts';
import {
  DEMURRAGE_PREVIEW,
  DEMURRAGE_RUN,
  givenRule,
  previewDemurrage,
  runDemurrage,
  runInput,
} from '../support/demurrage.ts';
import { givenCommons, givenPolicy, tryPay } from '../support/policies.ts';
import { START, startTestServer, type TestServer } from '../support/server.ts';
import { travelTo } from '../support/time.ts';
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
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => travelTo(server, START.toISOString()));

const pay = (network: TestNetwork, payer: Member, payee: Member, amount: string) =>
  tryPay(server, network, [payer, payee, amount]);
const balance = (network: TestNetwork, member: Member) => balanceOf(server, network, member);
const refused = (caller: Caller | null, input: object, code: string) =>
  expectRefusal(server, caller, ['demurrageRun', input, code]);

describe('demurrage', () => {
  test('is taken of what is above the exempt amount, rounded down, and given to the community', async () => {
    const { network, commons, rich, poor } = await givenRule(server, { rate: '0.015', exempt: '50.00' });
    await pay(network, rich, network.founder, '16.67');
    await travelTo(server, '2026-04-01T00:00:00Z');

    // 0.015 · (83.33 − 50.00) = 0.49995.
    const seen = await previewDemurrage(server, network, { period: '2026-03' });
    const made = await runDemurrage(server, network, { period: '2026-03' });

    expect(seen).toEqual({
      period: '2026-03',
      count: 1,
      total: { value: '0.49' },
      quotes: {
        nodes: [{ account: { id: rich.accountId }, amount: { value: '0.49' }, isLeftOut: false }],
        pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
      },
    });
    expect(made).toEqual({
      period: '2026-03',
      chargedCount: 1,
      total: { value: '0.49' },
      finishedAt: server.clock.now().toISOString(),
      leftOutCount: 0,
      leftOut: [],
      unit: { id: network.unitId },
    });
    expect(await balance(network, rich)).toBe('82.84');
    expect(await balance(network, poor)).toBe('-100.00');
    expect(await balance(network, commons)).toBe('0.49');
    const statement = await ask(
      server,
      rich,
      `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { entries(first: 1) { nodes {
         amount { value } transfer { kind description createdBy { displayName } } } } } } }`,
      { n: network.id, a: rich.accountId },
    );
    expect(statement.network.account.entries.nodes).toEqual([
      {
        amount: { value: '-0.49' },
        transfer: { kind: 'DEMURRAGE', description: '2026-03', createdBy: { displayName: 'Fay' } },
      },
    ]);
  });

  test('takes the same each month of a year from a balance that rests, and begins anew with the next year', async () => {
    const { network, rich } = await givenRule(server);
    const balances: string[] = [];

    for (let month = 3; month <= 12; month++) {
      await travelTo(server, new Date(Date.UTC(2026, month, 1, 12)).toISOString());
      await runDemurrage(server, network, { period: `2026-${String(month).padStart(2, '0')}` });
      balances.push(await balance(network, rich));
    }
    await travelTo(server, '2027-02-01T12:00:00Z');
    await runDemurrage(server, network, { period: '2027-01' });

    expect(balances.slice(0, 3)).toEqual(['98.00', '96.00', '94.00']);
    expect(balances.at(-1)).toBe('80.00');
    expect(await balance(network, rich)).toBe('78.40');
  });

  test('takes no more than is above the exempt amount', async () => {
    const { network, rich } = await givenRule(server, { rate: '0.5', exempt: '10.00' });
    await travelTo(server, '2026-04-01T00:00:00Z');
    await runDemurrage(server, network, { period: '2026-03' });
    expect(await balance(network, rich)).toBe('55.00');
    await pay(network, rich, network.founder, '44.00');
    await travelTo(server, '2026-05-01T00:00:00Z');

    // Half of 1.00 + 45.00 would be 23.00.
    await runDemurrage(server, network, { period: '2026-04' });

    expect(await balance(network, rich)).toBe('10.00');
  });

  test('that was reversed counts as not given, and is not taken again', async () => {
    const { network, rich } = await givenRule(server, { rate: '0.1' });
    await travelTo(server, '2026-04-01T00:00:00Z');
    await runDemurrage(server, network, { period: '2026-03' });
    const [charge] = await server.app.database.db.rows<{ transferId: string }>(
      'select transfer_id from demurrage_charge where network_id = $1 and transfer_id is not null',
      [network.id],
    );
    const input = {
      networkId: network.id,
      transferId: charge?.transferId,
      reason: 'was ill',
      idempotencyKey: 'back',
    };
    await mutate(server, network.founder, 'transferReverse', input, 'transfer { id }');

    await refused(network.founder, runInput(network, '2026-03'), 'NOTHING_TO_CHARGE');
    await travelTo(server, '2026-05-01T00:00:00Z');
    await runDemurrage(server, network, { period: '2026-04' });

    expect(await balance(network, rich)).toBe('90.00');
  });

  test('by quarters and by years is charged for these', async () => {
    const { network, rich } = await givenRule(server, { period: 'QUARTER', rate: '0.1' });
    await travelTo(server, '2026-04-02T00:00:00Z');

    expect((await runDemurrage(server, network, { period: '2026-Q1' })).total).toEqual({ value: '10.00' });
    await refused(network.founder, runInput(network, '2026-03'), 'NO_DEMURRAGE');
    await refused(network.founder, runInput(network, '2025'), 'NO_DEMURRAGE');
    expect(await balance(network, rich)).toBe('90.00');
  });

  test('is left alone for accounts of the network, and for those opened after the period', async () => {
    const { network, commons, poor } = await givenRule(server, { rate: '0.1' });
    const pot = await givenCommons(server, network, 'Pot');
    await pay(network, poor, pot, '500.00');
    await travelTo(server, '2026-04-01T00:00:00Z');
    const late = await givenMember(server, network, 'Late');
    await pay(network, poor, late, '70.00');

    const made = await runDemurrage(server, network, { period: '2026-03' });

    expect(made).toMatchObject({ chargedCount: 1, total: { value: '10.00' } });
    expect(await balance(network, pot)).toBe('500.00');
    expect(await balance(network, late)).toBe('70.00');
    expect(await balance(network, commons)).toBe('10.00');
  });

  test('of a frozen account is named, and taken by a later run', async () => {
    const { network, rich, poor } = await givenRule(server);
    const other = await givenMember(server, network, 'Other');
    await pay(network, poor, other, '10.00');
    const account = { networkId: network.id, accountId: rich.accountId };
    await mutate(server, network.founder, 'accountUpdate', { ...account, isFrozen: true }, 'account { id }');
    await travelTo(server, '2026-04-01T00:00:00Z');

    const seen = await previewDemurrage(server, network, { period: '2026-03' });
    const first = await runDemurrage(server, network, { period: '2026-03' });
    await refused(network.founder, runInput(network, '2026-03'), 'NOTHING_TO_CHARGE');
    await mutate(server, network.founder, 'accountUpdate', { ...account, isFrozen: false }, 'account { id }');
    const second = await runDemurrage(server, network, { period: '2026-03' });

    expect(seen).toMatchObject({ count: 1, total: { value: '0.20' } });
    expect(seen.quotes.nodes.map(({ isLeftOut }: Json) => isLeftOut)).toEqual([true, false]);
    expect(first).toMatchObject({
      chargedCount: 1,
      total: { value: '0.20' },
      leftOutCount: 1,
      leftOut: [{ id: rich.accountId }],
    });
    expect(second).toMatchObject({ chargedCount: 1, total: { value: '2.00' }, leftOutCount: 0 });
  });

  test('does not take what is reserved for others', async () => {
    const { network, rich, poor } = await givenRule(server);
    await givenPolicy(server, network, { limits: { kind: 'FIXED', floor: '0' } });
    const hold = {
      networkId: network.id,
      accountId: rich.accountId,
      payeeAccountId: poor.accountId,
      amount: '99.00',
      description: 'a room',
      expiresAt: '2026-05-01T00:00:00Z',
      idempotencyKey: 'hold',
    };
    await mutate(server, rich, 'holdPlace', hold, 'hold { id }');
    await travelTo(server, '2026-04-01T00:00:00Z');

    const made = await runDemurrage(server, network, { period: '2026-03' });

    expect(made).toMatchObject({
      chargedCount: 0,
      total: { value: '0.00' },
      leftOut: [{ id: rich.accountId }],
    });
    expect(await balance(network, rich)).toBe('100.00');
  });

  test('follows the rule that was in force when the period ended, and goes where the present one says', async () => {
    const { network, commons } = await givenRule(server);
    await travelTo(server, '2026-04-02T00:00:00Z');
    const fund = await givenCommons(server, network, 'Fund');
    const demurrage = { rate: '0.5', exempt: '0', period: 'MONTH', accountId: fund.accountId };
    await givenPolicy(server, network, { demurrage });

    const made = await runDemurrage(server, network, { period: '2026-03' });

    expect(made.total).toEqual({ value: '2.00' });
    expect(await balance(network, fund)).toBe('2.00');
    expect(await balance(network, commons)).toBe('0.00');
  });
});

describe('a run of demurrage', () => {
  test('is recorded with its totals', async () => {
    const { network } = await givenRule(server);
    await travelTo(server, '2026-04-01T00:00:00Z');
    await runDemurrage(server, network, { period: '2026-03' });

    const query = `query($id: ID!) { network(id: $id) { auditLog(filter: { kind: "DemurrageRun" }) { nodes { subjectId data actor { displayName } } } } }`;
    const data = await ask(server, network.founder, query, { id: network.id });

    expect(data.network.auditLog.nodes).toEqual([
      { subjectId: network.unitId, data: expect.any(String), actor: { displayName: 'Fay' } },
    ]);
    expect(JSON.parse(data.network.auditLog.nodes[0].data)).toEqual({
      runId: expect.stringMatching(/^crn_/),
      period: '2026-03',
      charged: 1,
      total: '2.00',
      leftOut: 0,
    });
  });

  test('that finds nothing to do says so, and charges nobody twice', async () => {
    const { network, rich, poor } = await givenRule(server);
    await travelTo(server, '2026-04-01T00:00:00Z');
    const input = runInput(network, '2026-03');
    const { run: first } = await mutate(server, network.founder, 'demurrageRun', input, DEMURRAGE_RUN);
    // Who had nothing then owes nothing now, whatever came in since.
    await pay(network, rich, poor, '98.00');
    await pay(network, rich, poor, '150.00');

    await refused(network.founder, runInput(network, '2026-03'), 'NOTHING_TO_CHARGE');
    const { run: again } = await mutate(server, network.founder, 'demurrageRun', input, DEMURRAGE_RUN);

    expect(again).toEqual(first);
    await refused(network.founder, { ...input, period: '2026-02' }, 'IDEMPOTENCY_KEY_REUSED');
  });

  test('waits until the period is over where the network is', async () => {
    const { network } = await givenRule(server);
    const zone = { networkId: network.id, timeZone: 'America/Los_Angeles' };
    await mutate(server, network.founder, 'networkUpdate', zone, 'network { id }');
    await travelTo(server, '2026-04-01T06:59:59.999Z');

    const error = await refused(network.founder, runInput(network, '2026-03'), 'PERIOD_NOT_OVER');
    await travelTo(server, '2026-04-01T07:00:00Z');
    const made = await runDemurrage(server, network, { period: '2026-03' });

    expect(error).toMatchObject({ path: 'period', details: '{"endsAt":"2026-04-01T07:00:00.000Z"}' });
    expect(made.chargedCount).toBe(1);
  });

  test.each([
    ['before the rule was set', '2026-02', 'NO_DEMURRAGE'],
    ['that is none', '2026-3', 'INVALID_PERIOD'],
    ['in the future', '2026-05', 'PERIOD_NOT_OVER'],
  ])('is refused for a period %s', async (_, period, code) => {
    const { network } = await givenRule(server);
    await travelTo(server, '2026-04-15T00:00:00Z');

    await refused(network.founder, runInput(network, period), code);
  });

  test('is refused without a rule, for a foreign unit, and when the account that receives is closed', async () => {
    const network = await givenNetwork(server);
    await travelTo(server, '2026-04-15T00:00:00Z');
    const { network: other, commons } = await givenRule(server);
    await travelTo(server, '2026-05-01T00:00:00Z');
    const account = { networkId: other.id, accountId: commons.accountId, isFrozen: true };
    await mutate(server, other.founder, 'accountUpdate', account, 'account { id }');

    await refused(network.founder, runInput(network, '2026-03'), 'NO_DEMURRAGE');
    await refused(network.founder, { ...runInput(network, '2026-03'), unitId: other.unitId }, 'NOT_FOUND');
    await refused(other.founder, runInput(other, '2026-04'), 'ACCOUNT_NOT_OPEN');
  });

  test('is for coordinators and treasurers, and so is its preview', async () => {
    const { network, rich } = await givenRule(server);
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    await travelTo(server, '2026-04-01T00:00:00Z');

    for (const caller of [rich, auditor]) {
      await refused(caller, runInput(network, '2026-03'), 'FORBIDDEN');
      const variables = { id: network.id, period: '2026-03' };
      const answer = await send(server, DEMURRAGE_PREVIEW, variables, { token: caller.token });
      expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    expect((await previewDemurrage(server, network, { period: '2026-03', caller: treasurer })).count).toBe(1);
    expect((await runDemurrage(server, network, { period: '2026-03', caller: treasurer })).chargedCount).toBe(
      1,
    );
  });

  test('that somebody begins at the same instant as others is one run', async () => {
    const { network, rich, commons } = await givenRule(server);
    await travelTo(server, '2026-04-01T00:00:00Z');

    const inputs = Array.from({ length: 6 }, () => runInput(network, '2026-03'));
    const answers = await Promise.all(
      [...inputs, ...inputs].map((input) =>
        tryMutate(server, network.founder, 'demurrageRun', input, DEMURRAGE_RUN),
      ),
    );

    const done = answers.filter(({ errors }) => errors.length === 0);
    expect(['DONE', 'NOTHING_TO_CHARGE']).toEqual(expect.arrayContaining([...new Set(codesOf(answers))]));
    expect(done.length).toBeGreaterThan(0);
    for (const answer of done) expect(answer.run).toEqual(done[0]?.run);
    expect(await balance(network, rich)).toBe('98.00');
    expect(await balance(network, commons)).toBe('2.00');
    const events = await server.app.database.db.rows(
      `select 1 from event where kind = 'DemurrageRun' and network_id = $1`,
      [network.id],
    );
    expect(events).toHaveLength(1);
  });
});
