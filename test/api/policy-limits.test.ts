import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { ask, mutate } from '../support/api.ts';
import { givenCommons, givenPolicy, tryPay } from '../support/policies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { travel } from '../support/time.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const pay = (network: TestNetwork, payer: Member, payee: Member, amount: string) =>
  tryPay(server, network, [payer, payee, amount]);
const balance = (network: TestNetwork, member: Member) => balanceOf(server, network, member);

interface Community {
  network: TestNetwork;
  ana: Member;
  ben: Member;
}

async function givenTwo(change?: object): Promise<Community> {
  const network = await givenNetwork(server);
  const [ana, ben] = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
  if (change) await givenPolicy(server, network, change);
  return { network, ana, ben };
}

describe('limits', () => {
  test('FIXED hold at both ends', async () => {
    const limits = { kind: 'FIXED', floor: '-3.50', ceiling: '2.00' };
    const { network, ana, ben } = await givenTwo({ limits });

    expect(await pay(network, ana, ben, '2.01')).toBe('CEILING_EXCEEDED');
    expect(await pay(network, ana, ben, '2.00')).toBe('POSTED');
    expect(await pay(network, ana, network.founder, '1.51')).toBe('INSUFFICIENT_CREDIT 1.50');
    expect(await pay(network, ana, network.founder, '1.50')).toBe('POSTED');
    expect(await balance(network, ana)).toBe('-3.50');
  });

  test('±L hold equally far from zero', async () => {
    const { network, ana, ben } = await givenTwo({ limits: { kind: 'FIXED', symmetric: '5' } });

    expect(await pay(network, ana, ben, '5.01')).toBe('INSUFFICIENT_CREDIT 5.00');
    expect(await pay(network, ana, ben, '5.00')).toBe('POSTED');
    expect(await pay(network, network.founder, ben, '0.01')).toBe('CEILING_EXCEEDED');
  });

  test('with only one end leave the other open', async () => {
    const { network, ana, ben } = await givenTwo({ limits: { kind: 'FIXED', ceiling: '500' } });

    expect(await pay(network, ana, ben, '500')).toBe('POSTED');
    expect(await pay(network, ana, network.founder, '499.99')).toBe('POSTED');
  });

  test('by TURNOVER grow with what came in within the days, rounded down, and shrink as it leaves', async () => {
    const limits = {
      kind: 'TURNOVER',
      floor: '-1.00',
      turnoverRate: '0.333333',
      turnoverDays: 30,
      hardFloor: '-4',
    };
    const { network, ana, ben } = await givenTwo({ limits });
    await givenOwnLimits(network, ben, { floor: '-1000.00' });

    expect(await floorOf(network, ana)).toBe('-1.00');
    expect(await pay(network, ben, ana, '3.00')).toBe('POSTED');
    // 1.00 and 0.333333 · 3.00 = 0.999999, of which 0.99 count.
    expect(await floorOf(network, ana)).toBe('-1.99');
    expect(await pay(network, ana, network.founder, '5.00')).toBe('INSUFFICIENT_CREDIT 4.99');
    expect(await pay(network, ana, network.founder, '4.99')).toBe('POSTED');
    await travel(server, 20 * DAY_MS);
    expect(await pay(network, ben, ana, '6.00')).toBe('POSTED');
    // Of 9.00 a third is 2.999997.
    expect(await floorOf(network, ana)).toBe('-3.99');
    await travel(server, 10 * DAY_MS);
    // What came in exactly so many days ago counts no more: of 6.00 a third is 1.999998.
    expect(await floorOf(network, ana)).toBe('-2.99');
    await travel(server, 20 * DAY_MS);
    expect(await floorOf(network, ana)).toBe('-1.00');
    expect(await pay(network, ben, ana, '100.00')).toBe('POSTED');
    expect(await floorOf(network, ana)).toBe('-4.00');
    expect(await pay(network, ana, network.founder, '108.02')).toBe('INSUFFICIENT_CREDIT 108.01');
    expect(await pay(network, ana, network.founder, '108.01')).toBe('POSTED');
    expect(await balance(network, ana)).toBe('-4.00');
  });

  test('by GROWTH deepen with all that ever came in, down to the hard floor', async () => {
    const limits = { kind: 'GROWTH', floor: '-2.00', hardFloor: '-6.00' };
    const { network, ana, ben } = await givenTwo({ limits });
    await givenOwnLimits(network, ben, { floor: '-1000.00' });

    expect(await pay(network, ana, network.founder, '2.01')).toBe('INSUFFICIENT_CREDIT 2.00');
    expect(await pay(network, ana, network.founder, '2.00')).toBe('POSTED');
    expect(await pay(network, ben, ana, '1.50')).toBe('POSTED');
    expect(await floorOf(network, ana)).toBe('-3.50');
    expect(await pay(network, ana, network.founder, '3.01')).toBe('INSUFFICIENT_CREDIT 3.00');
    expect(await pay(network, ana, network.founder, '3.00')).toBe('POSTED');
    await travel(server, 4_000 * DAY_MS);
    expect(await floorOf(network, ana)).toBe('-3.50');
    expect(await pay(network, ben, ana, '9.00')).toBe('POSTED');
    expect(await floorOf(network, ana)).toBe('-6.00');
    expect(await pay(network, ana, network.founder, '11.51')).toBe('INSUFFICIENT_CREDIT 11.50');
  });

  test('of the kind NONE refuse nothing', async () => {
    const { network, ana, ben } = await givenTwo({ limits: { kind: 'NONE' } });

    expect(await pay(network, ana, ben, '1000000.00')).toBe('POSTED');
    expect(await floorOf(network, ana)).toBeNull();
  });

  test('that WARN let pass and mark what lies beyond', async () => {
    const { network, ana, ben } = await givenTwo({ limits: { kind: 'FIXED', symmetric: '5' }, mode: 'WARN' });
    const selection = 'transfer { isBeyondLimit }';

    const within = transferInput(network, ana, ben, '5.00');
    const beyond = transferInput(network, ana, ben, '0.01');
    const back = transferInput(network, ben, ana, '0.01');
    const marks = [];
    for (const [payer, input] of [
      [ana, within],
      [ana, beyond],
      [ben, back],
    ] as const) {
      const { transfer } = await mutate(server, payer, 'transferCreate', input, selection);
      marks.push(transfer.isBeyondLimit);
    }

    expect(marks).toEqual([false, true, false]);
  });

  test('of one account stand above those of its unit, until it follows the unit again', async () => {
    const { network, ana, ben } = await givenTwo({ limits: { kind: 'FIXED', symmetric: '5' } });
    await givenOwnLimits(network, ana, { floor: '-7.00', ceiling: '1.00' });

    expect(await followsPolicy(network, ana)).toBe(false);
    expect(await followsPolicy(network, ben)).toBe(true);
    expect(await pay(network, ben, ana, '1.01')).toBe('CEILING_EXCEEDED');
    expect(await pay(network, ana, network.founder, '5.00')).toBe('POSTED');
    expect(await pay(network, ana, ben, '2.01')).toBe('INSUFFICIENT_CREDIT 2.00');
    await givenOwnLimits(network, ana, { followsPolicy: true });
    expect(await followsPolicy(network, ana)).toBe(true);
    expect(await pay(network, ana, ben, '0.01')).toBe('INSUFFICIENT_CREDIT 0.00');
    // A second account has no credit of its own, and says so.
    const opened = await mutate(
      server,
      ana,
      'accountOpen',
      { networkId: network.id, unitId: network.unitId, membershipId: ana.membershipId, name: 'More' },
      'account { followsPolicy }',
    );
    expect(opened.account.followsPolicy).toBe(false);
  });

  test('and whether an account follows them are shown to who may see them', async () => {
    const { network, ana, ben } = await givenTwo();

    expect(await followsPolicy(network, ana, ben)).toBeNull();
    expect(await followsPolicy(network, ana, network.founder)).toBe(true);
  });

  async function givenOwnLimits(network: TestNetwork, { accountId }: Member, limits: object): Promise<void> {
    const input = { networkId: network.id, accountId, followsPolicy: false, ...limits };
    await mutate(server, network.founder, 'limitSet', input, 'account { id }');
  }

  async function accountOf(network: TestNetwork, member: Member, viewer: Member) {
    const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { floor { value } followsPolicy } } }`;
    const data = await ask(server, viewer, query, { n: network.id, a: member.accountId });
    return data.network.account;
  }

  const floorOf = async (network: TestNetwork, member: Member): Promise<string | null> =>
    (await accountOf(network, member, member)).floor?.value ?? null;
  const followsPolicy = async (network: TestNetwork, member: Member, viewer = member) =>
    (await accountOf(network, member, viewer)).followsPolicy;
});

describe('levies', () => {
  async function givenLevies(rates: object, limits: object = { kind: 'FIXED', symmetric: '20' }) {
    const community = await givenTwo();
    const commons = await givenCommons(server, community.network);
    const levies = { payerRate: '0', payeeRate: '0', accountId: commons.accountId, ...rates };
    await givenPolicy(server, community.network, { limits, levies });
    return { ...community, commons };
  }

  test('are taken of both sides, rounded down, in the same transfer', async () => {
    const { network, ana, ben, commons } = await givenLevies({ payerRate: '0.015', payeeRate: '0.1' });

    // 0.015 · 3.99 = 0.05985 and 0.1 · 3.99 = 0.399.
    expect(await pay(network, ana, ben, '3.99')).toBe('POSTED');

    expect(await balance(network, ana)).toBe('-4.04');
    expect(await balance(network, ben)).toBe('3.60');
    expect(await balance(network, commons)).toBe('0.44');
  });

  test('below the smallest amount are none', async () => {
    const { network, ana, ben, commons } = await givenLevies({ payerRate: '0.015', payeeRate: '0.015' });

    expect(await pay(network, ana, ben, '0.66')).toBe('POSTED');
    expect(await balance(network, commons)).toBe('0.00');
    expect(await pay(network, ana, ben, '0.67')).toBe('POSTED');
    expect(await balance(network, commons)).toBe('0.02');
  });

  test('count in the limits', async () => {
    const { network, ana, ben } = await givenLevies(
      { payerRate: '0.25', payeeRate: '0.5' },
      {
        kind: 'FIXED',
        floor: '-5.00',
        ceiling: '2.00',
      },
    );

    // 4.01 and a quarter of it, 1.00, are above 5.00; of 4.00 half is 2.00 and reaches the payee's ceiling exactly.
    expect(await pay(network, ana, ben, '4.01')).toBe('INSUFFICIENT_CREDIT 5.00');
    expect(await pay(network, ana, ben, '4.00')).toBe('POSTED');
    expect(await balance(network, ana)).toBe('-5.00');
    expect(await balance(network, ben)).toBe('2.00');
    expect(await pay(network, network.founder, ben, '0.02')).toBe('CEILING_EXCEEDED');
  });

  test('are not taken of common accounts', async () => {
    const { network, ana, commons } = await givenLevies({ payerRate: '0.5', payeeRate: '0.5' });
    const pot = await givenCommons(server, network, 'Pot');

    expect(await pay(network, ana, pot, '2.00')).toBe('POSTED');
    expect(await balance(network, pot)).toBe('2.00');
    expect(await balance(network, commons)).toBe('1.00');
    expect(await balance(network, ana)).toBe('-3.00');
    expect(await pay(network, pot, ana, '1.00')).toBe('POSTED');
    expect(await balance(network, pot)).toBe('1.00');
    expect(await balance(network, commons)).toBe('1.50');
    expect(await balance(network, ana)).toBe('-2.50');
  });

  test('that nothing can receive or give back are named as such, and blame neither side', async () => {
    const { network, ana, ben, commons } = await givenLevies({ payerRate: '0.5' });
    const inNetwork = (input: object) => ({ networkId: network.id, ...input });
    const payment = transferInput(network, ana, ben, '2.00');
    const { transfer } = await mutate(server, ana, 'transferCreate', payment, 'transfer { id }');
    const freeze = inNetwork({ accountId: commons.accountId, isFrozen: true });
    await mutate(server, network.founder, 'accountUpdate', freeze, 'account { id }');

    const another = transferInput(network, ana, ben, '1.00');
    const paid = await expectRefusal(server, ana, ['transferCreate', another, 'LEVY_ACCOUNT_NOT_OPEN']);
    const undo = inNetwork({ idempotencyKey: 'levy-back', transferId: transfer.id, reason: 'a mistake' });
    const undone = await expectRefusal(server, ben, ['transferReverse', undo, 'LEVY_ACCOUNT_NOT_OPEN']);

    const shut = { path: null, details: '{"state":"FROZEN"}' };
    expect([paid, undone]).toEqual([expect.objectContaining(shut), expect.objectContaining(shut)]);
    expect(await pay(network, commons, ana, '1.00')).toBe('ACCOUNT_NOT_OPEN');
  });

  test('end with the policy', async () => {
    const { network, ana, ben, commons } = await givenLevies({ payerRate: '0.5' });
    await pay(network, ana, ben, '1.00');
    await givenPolicy(server, network, { levies: null });

    expect(await pay(network, ana, ben, '1.00')).toBe('POSTED');
    expect(await balance(network, commons)).toBe('0.50');
  });
});

describe('limits on payments', () => {
  test('hold for a single one', async () => {
    const { network, ana, ben } = await givenTwo({ payments: { most: '2.00' } });

    expect(await pay(network, ana, ben, '2.01')).toBe('PAYMENT_LIMIT_EXCEEDED PAYMENT 2.00');
    expect(await pay(network, ana, ben, '2.00')).toBe('POSTED');
  });

  test.each([
    ['DAY', 'day', DAY_MS],
    ['WEEK', 'week', 7 * DAY_MS],
    ['MONTH', 'month', 30 * DAY_MS],
  ])('hold within a %s for the sum', async (name, field, length) => {
    const { network, ana, ben } = await givenTwo({ payments: { [field]: { amount: '3.00' } } });

    expect(await pay(network, ana, ben, '1.00')).toBe('POSTED');
    await travel(server, HOUR_MS);
    expect(await pay(network, ana, ben, '1.50')).toBe('POSTED');
    expect(await pay(network, ana, ben, '0.51')).toBe(`PAYMENT_LIMIT_EXCEEDED ${name} 0.50`);
    await travel(server, length - HOUR_MS);
    // The first has left the window, the second has not.
    expect(await pay(network, ana, ben, '1.51')).toBe(`PAYMENT_LIMIT_EXCEEDED ${name} 1.50`);
    expect(await pay(network, ana, ben, '1.50')).toBe('POSTED');
  });

  test.each([
    ['DAY', 'day', DAY_MS],
    ['WEEK', 'week', 7 * DAY_MS],
    ['MONTH', 'month', 30 * DAY_MS],
  ])('hold within a %s for the count', async (name, field, length) => {
    const { network, ana, ben } = await givenTwo({ payments: { [field]: { count: 2 } } });

    for (let count = 0; count < 2; count++) expect(await pay(network, ana, ben, '0.01')).toBe('POSTED');
    expect(await pay(network, ana, ben, '0.01')).toBe(`PAYMENT_LIMIT_EXCEEDED ${name} 0.00`);
    expect(await pay(network, ben, ana, '0.01')).toBe('POSTED');
    await travel(server, length);
    expect(await pay(network, ana, ben, '0.01')).toBe('POSTED');
  });

  test('hold when many come at once', async () => {
    const { network, ana, ben } = await givenTwo({ payments: { day: { count: 3, amount: '2.00' } } });

    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(network, ana, ben, '0.50')));

    expect(answers.filter((answer) => answer === 'POSTED')).toHaveLength(3);
    expect(await balance(network, ana)).toBe('-1.50');
  });
});

test('payments go on while policies change, and each keeps to one of them', async () => {
  const { network, ana, ben } = await givenTwo({ limits: { kind: 'NONE' } });
  const commons = await givenCommons(server, network);
  const levies = { payerRate: '0.5', payeeRate: '0', accountId: commons.accountId };

  const payments = Array.from({ length: 60 }, () => pay(network, ana, ben, '1.00'));
  for (let count = 0; count < 6; count++) {
    await givenPolicy(server, network, { levies: count % 2 === 0 ? levies : null });
  }
  const answers = await Promise.all(payments);

  expect(new Set(answers)).toEqual(new Set(['POSTED']));
  const rows = await server.app.database.db.rows<{ levy: bigint; fund: string | null }>(
    'select payer_levy_minor as levy, levy_account_id as fund from transfer where network_id = $1',
    [network.id],
  );
  expect(rows).toHaveLength(60);
  const withLevy = rows.filter(({ fund }) => fund === commons.accountId);
  for (const { levy, fund } of rows) expect(levy).toBe(fund === null ? 0n : 50n);
  expect(await balance(network, commons)).toBe((withLevy.length * 0.5).toFixed(2));
  expect(await balance(network, ben)).toBe('60.00');
});
