import { ask, codesOf, mutate, send, tryMutate, type Caller, type Json } from '../support/api.ts';
import {
  chargeOf,
  DUES_RULE,
  DUES_RUN,
  duesInput,
  givenBroke,
  givenCommunity,
  payInput,
  runDues,
  runInput,
  setDues,
} from '../support/dues.ts';
import { tryPay } from '../support/policies.ts';
import { rowsAt, START, startTestServer, type TestServer } from '../support/server.ts';
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
const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

describe('a rule of dues', () => {
  test('holds from the present period on, for everybody', async () => {
    const community = await givenCommunity(server);

    expect(await setDues(server, community)).toEqual({
      id: expect.stringMatching(/^dur_/),
      memberClass: null,
      period: 'MONTH',
      graceDays: 14,
      startsOn: '2026-03-01',
      endsOn: null,
      setAt: START.toISOString(),
      amount: { value: '1.50' },
      account: { id: community.commons.accountId },
    });
  });

  test('ends where the next one for the same class begins, and stays to be read', async () => {
    const community = await givenCommunity(server);
    const { network, ana } = community;
    await setDues(server, community, { amount: '1' });
    await setDues(server, community, { amount: '2', from: '2026-06' });
    await setDues(server, community, { amount: '3', from: '2026-04' });

    const query = `query($id: ID!) { network(id: $id) { units { dues { nodes { amount { value } startsOn endsOn } } } } }`;
    const data = await ask(server, ana, query, { id: network.id });

    expect(data.network.units[0].dues.nodes).toEqual([
      { amount: { value: '3.00' }, startsOn: '2026-04-01', endsOn: null },
      // It would have begun after the one that took its place.
      { amount: { value: '2.00' }, startsOn: '2026-06-01', endsOn: '2026-06-01' },
      { amount: { value: '1.00' }, startsOn: '2026-03-01', endsOn: '2026-04-01' },
    ]);
  });

  test('is ended once, and charges what began before', async () => {
    const community = await givenCommunity(server);
    const { network } = community;
    const rule = await setDues(server, community);
    const input = { networkId: network.id, duesRuleId: rule.id };
    await travelTo(server, '2026-04-10T00:00:00Z');

    const query = `query($id: ID!) { network(id: $id) { units { dues { nodes { viewerCan { retire { allowed reason } } } } } } }`;
    const mayRetire = async (caller: Caller) => {
      const data = await ask(server, caller, query, { id: network.id });
      return data.network.units[0].dues.nodes[0].viewerCan.retire;
    };
    expect(await mayRetire(community.ana)).toEqual({ allowed: false, reason: 'ROLE_REQUIRED' });
    expect(await mayRetire(network.founder)).toEqual({ allowed: true, reason: null });

    const { duesRule } = await mutate(server, network.founder, 'duesRetire', input, DUES_RULE);
    expect(await mayRetire(network.founder)).toEqual({ allowed: false, reason: 'NOT_IN_THIS_STATE' });
    await refused(network.founder, 'duesRetire', input, 'DUES_RULE_ENDED');
    await travelTo(server, '2026-05-02T00:00:00Z');

    expect(duesRule.endsOn).toBe('2026-04-10');
    expect((await runDues(server, network, { period: '2026-04' })).chargedCount).toBe(3);
    await refused(network.founder, 'duesRun', runInput(network, '2026-05'), 'NO_DUES');
  });

  test.each<[string, object, string]>([
    ['nothing', { amount: '0' }, 'INVALID_AMOUNT'],
    ['less than nothing', { amount: '-1' }, 'INVALID_AMOUNT'],
    ['too fine an amount', { amount: '0.001' }, 'TOO_MANY_DECIMALS'],
    ['grace below zero', { graceDays: -1 }, 'INVALID_RANGE'],
    ['grace beyond a year', { graceDays: 367 }, 'INVALID_RANGE'],
    ['an unknown class', { memberClass: 'KING' }, 'INVALID_CHOICE'],
    ['a period that is over', { from: '2026-02' }, 'INVALID_RANGE'],
    ['another kind of period', { from: '2026-Q2' }, 'INVALID_PERIOD'],
    ['no period', { from: 'soon' }, 'INVALID_PERIOD'],
  ])('is refused with %s', async (_, change, code) => {
    const community = await givenCommunity(server);

    await refused(community.network.founder, 'duesSet', duesInput(community, change), code);
  });

  test('is refused for an account of a member, an unknown unit and units of points', async () => {
    const community = await givenCommunity(server);
    const { network, ana } = community;
    const { founder } = network;
    const unit = {
      code: 'PTS',
      name: [{ locale: 'en', text: 'Points' }],
      symbol: 'p',
      kind: 'POINTS',
      scale: 0,
    };
    const points = await mutate(
      server,
      founder,
      'unitCreate',
      { networkId: network.id, ...unit },
      'unit { id }',
    );
    const elsewhere = await givenNetwork(server);

    await refused(founder, 'duesSet', duesInput(community, { accountId: ana.accountId }), 'INVALID_CHOICE');
    await refused(founder, 'duesSet', duesInput(community, { unitId: elsewhere.unitId }), 'NOT_FOUND');
    await refused(founder, 'duesSet', duesInput(community, { unitId: points.unit.id }), 'INVALID_CHOICE');
    await refused(ana, 'duesSet', duesInput(community), 'FORBIDDEN');
    const retire = { networkId: network.id, duesRuleId: 'dur_01h455vb4pex5vsknk084sn02q' };
    await refused(founder, 'duesRetire', retire, 'NOT_FOUND');
  });
});

describe('a run of dues', () => {
  test('charges every active member once, as its preview said, and is recorded', async () => {
    const community = await givenCommunity(server);
    const { network, commons, ana, ben } = community;
    await setDues(server, community);
    const query = `query($id: ID!) { network(id: $id) { units { duesPreview(period: "2026-03") { count total { value }
      quotes(first: 2) { nodes { membership { displayName } amount { value } isRepeated } pageInfo { hasNextPage } } } } } }`;

    const seen = await ask(server, network.founder, query, { id: network.id });
    const input = runInput(network);
    const { run: made } = await mutate(server, network.founder, 'duesRun', input, DUES_RUN);
    const { run: again } = await mutate(server, network.founder, 'duesRun', input, DUES_RUN);

    expect(seen.network.units[0].duesPreview).toEqual({
      count: 3,
      total: { value: '4.50' },
      quotes: {
        nodes: ['Fay', 'Ana'].map((displayName) => ({
          membership: { displayName },
          amount: { value: '1.50' },
          isRepeated: false,
        })),
        pageInfo: { hasNextPage: true },
      },
    });
    expect(made).toEqual({
      period: '2026-03',
      chargedCount: 3,
      total: { value: '4.50' },
      unpaidCount: 0,
      unpaid: [],
      finishedAt: START.toISOString(),
    });
    expect(again).toEqual(made);
    for (const member of [ana, ben, network.founder]) expect(await balance(network, member)).toBe('-1.50');
    expect(await balance(network, commons)).toBe('4.50');
    await refused(network.founder, 'duesRun', runInput(network), 'NOTHING_TO_CHARGE');
    const [event] = await server.app.database.db.rows<{ data: Json }>(
      `select data from event where kind = 'DuesRun' and network_id = $1`,
      [network.id],
    );
    expect(event?.data).toMatchObject({ period: '2026-03', charged: 3, total: '4.50', leftOut: 0 });
  });

  test('leaves unpaid who has no room, and takes it with a later run', async () => {
    const { network, commons, ana, ben } = await givenBroke(server);

    const first = await runDues(server, network);
    await refused(
      network.founder,
      'duesRun',
      { ...runInput(network), period: '2026-04' },
      'PERIOD_NOT_BEGUN',
    );
    const second = await runDues(server, network);
    await pay(network, ben, ana, '5.00');
    const third = await runDues(server, network);

    expect(first).toMatchObject({ chargedCount: 2, total: { value: '3.00' }, unpaidCount: 1 });
    expect(first.unpaid).toEqual([{ displayName: 'Ana' }]);
    expect(second).toMatchObject({ chargedCount: 0, total: { value: '0.00' }, unpaidCount: 1 });
    expect(third).toMatchObject({ chargedCount: 1, total: { value: '1.50' }, unpaidCount: 0 });
    expect(await balance(network, ana)).toBe('-15.50');
    expect(await balance(network, commons)).toBe('4.50');
  });

  test('asks each class for its own, and nobody of a class that is excused', async () => {
    const community = await givenCommunity(server);
    const { network, ana, ben } = community;
    const classes = ['MEMBER', 'ELDER', 'GUEST'].map((code) => ({ code, name: {}, votes: 1 }));
    await rowsAt(server.databaseUrl('superuser'), 'update network set member_classes = $2 where id = $1', [
      network.id,
      JSON.stringify(classes),
    ]);
    const classOf = (member: Member, code: string) =>
      rowsAt(server.databaseUrl('superuser'), 'update membership set member_class = $2 where id = $1', [
        member.membershipId,
        code,
      ]);
    await classOf(ana, 'ELDER');
    await classOf(ben, 'GUEST');
    await setDues(server, community);
    await setDues(server, community, { memberClass: 'ELDER', amount: '0.25' });
    await setDues(server, community, { memberClass: 'GUEST', amount: '0' });

    expect(await runDues(server, network)).toMatchObject({ chargedCount: 2, total: { value: '1.75' } });
    expect(await balance(network, ana)).toBe('-0.25');
    expect(await balance(network, ben)).toBe('0.00');
  });

  test('asks nothing of who is suspended, has left, or joined after the period', async () => {
    const community = await givenCommunity(server);
    const { network, ana, ben } = community;
    await setDues(server, community);
    const leave = { networkId: network.id, membershipId: ben.membershipId };
    await mutate(server, ben, 'membershipLeave', leave, 'membership { state }');
    const suspend = { networkId: network.id, membershipId: ana.membershipId, reason: 'absent' };
    await mutate(server, network.founder, 'membershipSuspend', suspend, 'membership { state }');
    await travelTo(server, '2026-04-01T00:00:00Z');
    await givenMember(server, network, 'Late');

    expect(await runDues(server, network, { period: '2026-03' })).toMatchObject({
      chargedCount: 1,
      unpaidCount: 0,
    });
    expect(await runDues(server, network, { period: '2026-04' })).toMatchObject({
      chargedCount: 2,
      unpaidCount: 0,
    });
  });

  test('leaves unpaid who has no account in the unit, or a frozen one', async () => {
    const community = await givenCommunity(server);
    const { network, ana, ben } = community;
    await setDues(server, community);
    await mutate(
      server,
      ana,
      'accountClose',
      { networkId: network.id, idempotencyKey: 'close', accountId: ana.accountId },
      'account { id }',
    );
    const frozen = { networkId: network.id, accountId: ben.accountId, isFrozen: true };
    await mutate(server, network.founder, 'accountUpdate', frozen, 'account { id }');

    const made = await runDues(server, network);

    expect(made.unpaid).toEqual([{ displayName: 'Ana' }, { displayName: 'Ben' }]);
    await refused(
      ana,
      'duesPay',
      payInput(network, await chargeOf(server, network, ana)),
      'NO_ACCOUNT_IN_UNIT',
    );
    await refused(
      ben,
      'duesPay',
      payInput(network, await chargeOf(server, network, ben)),
      'ACCOUNT_NOT_OPEN',
    );
  });

  test('is refused without a rule, for other periods, and when the account that receives is frozen', async () => {
    const community = await givenCommunity(server);
    const { network, commons } = community;
    const { founder } = network;
    await refused(founder, 'duesRun', runInput(network), 'NO_DUES');
    await setDues(server, community);

    await refused(founder, 'duesRun', runInput(network, '2026'), 'NO_DUES');
    await refused(founder, 'duesRun', runInput(network, '2026-02'), 'NO_DUES');
    await refused(founder, 'duesRun', runInput(network, 'March'), 'INVALID_PERIOD');
    const frozen = { networkId: network.id, accountId: commons.accountId, isFrozen: true };
    await mutate(server, founder, 'accountUpdate', frozen, 'account { id }');
    await refused(founder, 'duesRun', runInput(network), 'ACCOUNT_NOT_OPEN');
  });

  test('is for coordinators and treasurers, and so is its preview', async () => {
    const community = await givenCommunity(server);
    const { network, ana } = community;
    await setDues(server, community);
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    const query = `query($id: ID!) { network(id: $id) { units { duesPreview(period: "2026-03") { count } } } }`;

    for (const caller of [ana, auditor]) {
      await refused(caller, 'duesRun', runInput(network), 'FORBIDDEN');
      const answer = await send(server, query, { id: network.id }, { token: caller.token });
      expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    expect((await runDues(server, network, { period: '2026-03', caller: treasurer })).chargedCount).toBe(5);
  });

  test('charges each once, however many begin at the same instant and pay by themselves', async () => {
    const { network, commons, ana, ben } = await givenBroke(server, { amount: '2.00' });
    await runDues(server, network);
    const chargeId = await chargeOf(server, network, ana);
    await pay(network, ben, ana, '10.00');

    const payment = payInput(network, chargeId);
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () =>
        tryMutate(server, network.founder, 'duesRun', runInput(network), DUES_RUN),
      ),
      ...Array.from({ length: 5 }, () =>
        tryMutate(server, ana, 'duesPay', payInput(network, chargeId), 'charge { id }'),
      ),
      ...Array.from({ length: 5 }, () => tryMutate(server, ana, 'duesPay', payment, 'charge { id }')),
      server.app.jobs.runDue().then(() => ({ errors: [] })),
    ]);

    const codes = ['DONE', 'NOTHING_TO_CHARGE', 'DUES_PAID'];
    expect(codes).toEqual(expect.arrayContaining([...new Set(codesOf(answers))]));
    expect(await balance(network, ana)).toBe('-11.00');
    expect(await balance(network, commons)).toBe('6.00');
  });
});
