import { DuesRule } from '../../src/entities/dues-rule.ts';
import { newId } from '../../src/kernel/ids.ts';
import { codesOf, mutate, tryMutate, type Caller, type Json } from '../support/api.ts';
import { givenExchange, rateInput, setRate } from '../support/conversions.ts';
import { givenCommons, givenPolicy } from '../support/policies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
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
let commons: Member;
let ana: Member;
let ben: Member;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  network = await givenNetwork(server);
  commons = await givenCommons(server, network);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);
let keys = 0;
const closeInput = (account: Member | string, settlesBalance?: boolean) => ({
  networkId: network.id,
  idempotencyKey: `close-${++keys}`,
  accountId: typeof account === 'string' ? account : account.accountId,
  settlesBalance,
});
const close = (caller: Caller, input: object) =>
  mutate(server, caller, 'accountClose', input, 'account { state closedAt }');
const pay = (payer: Member, payee: Member, amount: string) =>
  mutate(server, payer, 'transferCreate', transferInput(network, payer, payee, amount), 'transfer { id }');
const closingPolicy = (change: object = {}) =>
  givenPolicy(server, network, {
    closing: { accountId: commons.accountId, takesSurplus: true, coversDeficit: true, ...change },
  });

async function transfersOf(accountId: string): Promise<Json[]> {
  return server.app.database.db.rows(
    `select kind, state, payer_account_id, payee_account_id, amount_minor, created_by_person_id from transfer
      where network_id = $1 and (payer_account_id = $2 or payee_account_id = $2) order by id`,
    [network.id, accountId],
  );
}

test('a surplus goes to the closing account by a transfer, if its holder says so', async () => {
  await closingPolicy();
  await pay(ana, ben, '2.50');
  const plain = await refused(ben, 'accountClose', closeInput(ben), 'ACCOUNT_NOT_EMPTY');
  await refused(ben, 'accountClose', closeInput(ben, false), 'ACCOUNT_NOT_EMPTY');

  const closed = await close(ben, closeInput(ben, true));

  expect(JSON.parse(plain.details)).toEqual({ accountId: ben.accountId, state: 'BALANCE' });
  expect(closed.account).toEqual({ state: 'CLOSED', closedAt: server.clock.now().toISOString() });
  expect((await transfersOf(ben.accountId)).at(-1)).toEqual({
    kind: 'CLOSING',
    state: 'POSTED',
    payerAccountId: ben.accountId,
    payeeAccountId: commons.accountId,
    amountMinor: 250n,
    createdByPersonId: ben.personId,
  });
  expect(await balanceOf(server, network, commons)).toBe('2.50');
  expect(await balanceOf(server, network, ben)).toBe('0.00');
});

test('an account closes once for its key, also if it was opened again meanwhile', async () => {
  await closingPolicy();
  await pay(ana, ben, '2.50');
  const input = closeInput(ben, true);

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => tryMutate(server, ben, 'accountClose', input, 'account { id state }')),
  );

  const closed = { account: { id: ben.accountId, state: 'CLOSED' }, errors: [] };
  for (const answer of answers) expect(answer).toEqual(closed);
  expect(await balanceOf(server, network, commons)).toBe('2.50');
  await refused(ben, 'accountClose', { ...input, settlesBalance: false }, 'IDEMPOTENCY_KEY_REUSED');
  await server.app.database.db.execute(
    `update account set state = 'OPEN', closed_at = null where network_id = $1 and id = $2`,
    [network.id, ben.accountId],
  );
  await pay(ana, ben, '1.00');
  expect((await close(ben, input)).account).toEqual({ state: 'OPEN', closedAt: null });
  expect(await balanceOf(server, network, ben)).toBe('1.00');
});

test('a key does not answer who is no member any more', async () => {
  const input = closeInput(ben);
  await close(ben, input);
  const leave = { networkId: network.id, membershipId: ben.membershipId };
  await mutate(server, ben, 'membershipLeave', leave, 'membership { state }');

  await refused(ben, 'accountClose', input, 'FORBIDDEN');
});

test('a deficit is made up for by the closing account, if a coordinator says so', async () => {
  await closingPolicy();
  await pay(ana, ben, '7.00');

  await close(network.founder, closeInput(ana, true));

  expect((await transfersOf(ana.accountId)).at(-1)).toEqual({
    kind: 'CLOSING',
    state: 'POSTED',
    payerAccountId: commons.accountId,
    payeeAccountId: ana.accountId,
    amountMinor: 700n,
    createdByPersonId: network.founder.personId,
  });
  expect(await balanceOf(server, network, commons)).toBe('-7.00');
});

test('nobody writes off what they owe themselves, and nobody gives away what is another’s', async () => {
  await closingPolicy();
  const coordinator = await givenOfficer(server, network, 'COORDINATOR');
  await pay(ana, ben, '3.00');
  await pay(coordinator, ben, '4.00');

  const debtor = await refused(ana, 'accountClose', closeInput(ana, true), 'FORBIDDEN');
  await refused(coordinator, 'accountClose', closeInput(coordinator, true), 'OWN_DEBT');
  const other = await refused(network.founder, 'accountClose', closeInput(ben, true), 'FORBIDDEN');
  await refused(ben, 'accountClose', closeInput(ana, true), 'FORBIDDEN');
  const sign = { networkId: network.id, accountId: ana.accountId, membershipId: coordinator.membershipId };
  await mutate(server, ana, 'signatoryAdd', sign, 'account { id }');
  await refused(coordinator, 'accountClose', closeInput(ana, true), 'OWN_DEBT');
  const closed = await close(network.founder, closeInput(coordinator, true));

  expect([debtor.reason, other.reason]).toEqual(['ROLE_REQUIRED', 'NOT_YOURS']);
  expect(closed.account.state).toBe('CLOSED');
});

test.each<[string, object | null, string]>([
  ['no policy at all', null, 'ana'],
  ['no word of surpluses', { takesSurplus: false }, 'ben'],
  ['no word of deficits', { coversDeficit: false }, 'ana'],
])('with %s a balance is not settled', async (_, policy, name) => {
  if (policy) await closingPolicy(policy);
  await pay(ana, ben, '1.00');
  const [caller, account] = name === 'ana' ? [network.founder, ana] : [ben, ben];

  const error = await refused(caller, 'accountClose', closeInput(account, true), 'ACCOUNT_NOT_EMPTY');

  expect(JSON.parse(error.details)).toEqual({ accountId: account.accountId, state: 'POLICY' });
});

test('a closing account that is frozen settles nothing, and its limits hold', async () => {
  await closingPolicy();
  await pay(ana, ben, '1.00');
  const common = { networkId: network.id, accountId: commons.accountId };
  const freeze = (isFrozen: boolean) =>
    mutate(server, network.founder, 'accountUpdate', { ...common, isFrozen }, 'account { id }');
  const limits = { ...common, followsPolicy: false, floor: '-0.99', ceiling: '0.99' };

  await freeze(true);
  await refused(ben, 'accountClose', closeInput(ben, true), 'ACCOUNT_NOT_EMPTY');
  await freeze(false);
  await mutate(server, network.founder, 'limitSet', limits, 'account { id }');
  await refused(ben, 'accountClose', closeInput(ben, true), 'CEILING_EXCEEDED');
  await refused(network.founder, 'accountClose', closeInput(ana, true), 'INSUFFICIENT_CREDIT');
});

test('an account at zero closes with or without a word of settling, and a frozen one does not', async () => {
  const freeze = { networkId: network.id, accountId: ana.accountId, isFrozen: true };
  await mutate(server, network.founder, 'accountUpdate', freeze, 'account { id }');

  await refused(ana, 'accountClose', closeInput(ana, true), 'ACCOUNT_NOT_OPEN');
  const closed = await close(ben, closeInput(ben, true));

  expect(closed.account.state).toBe('CLOSED');
  await refused(ben, 'accountClose', closeInput(ben), 'ACCOUNT_NOT_OPEN');
  expect(await transfersOf(ben.accountId)).toEqual([]);
});

test('an account with an open hold does not close, whatever its balance', async () => {
  await closingPolicy();
  const place = {
    networkId: network.id,
    idempotencyKey: 'closing-hold',
    accountId: ben.accountId,
    amount: '0.50',
    description: 'a room',
    expiresAt: '2026-04-01T00:00:00Z',
  };
  const { hold } = await mutate(server, ben, 'holdPlace', place, 'hold { id }');
  const error = await refused(ben, 'accountClose', closeInput(ben), 'ACCOUNT_NOT_EMPTY');
  await pay(ana, ben, '1.00');
  await refused(ben, 'accountClose', closeInput(ben, true), 'ACCOUNT_NOT_EMPTY');

  await mutate(server, ben, 'holdRelease', { networkId: network.id, holdId: hold.id }, 'hold { id }');
  await close(ben, closeInput(ben, true));

  expect(JSON.parse(error.details)).toEqual({ accountId: ben.accountId, state: 'HOLDS' });
});

test('who comes back after a debt was written off gets no credit anew', async () => {
  await closingPolicy();
  await pay(ana, ben, '10');
  await close(network.founder, closeInput(ana, true));
  const member = { networkId: network.id, membershipId: ana.membershipId };
  await mutate(server, ana, 'membershipLeave', member, 'membership { state }');
  const application = { networkId: network.id, acceptedTermsVersion: 1, application: 'again' };
  await mutate(server, ana, 'membershipApply', application, 'membership { state }');
  const admission = { ...member, reason: 'decided by the assembly' };
  await mutate(server, network.founder, 'membershipAdmit', admission, 'membership { state }');

  await refused(ana, 'transferCreate', transferInput(network, ana, ben, '0.01'), 'INSUFFICIENT_CREDIT');
  expect(await balanceOf(server, network, ana)).toBe('0.00');
});

describe('requests that wait', () => {
  const request = (payer: Member, payee: Member) =>
    mutate(
      server,
      payee,
      'transferRequest',
      transferInput(network, payer, payee, '1.00'),
      'transfer { id state }',
    );

  test('are rejected or cancelled when the account closes', async () => {
    await request(ben, ana);
    await request(ana, ben);
    await request(ana, network.founder);

    await close(ben, closeInput(ben));

    const states = async (id: string) => (await transfersOf(id)).map(({ state }) => state);
    expect(await states(ben.accountId)).toEqual(['REJECTED', 'CANCELLED']);
    expect(await states(ana.accountId)).toEqual(['REJECTED', 'CANCELLED', 'PENDING']);
    const events = await server.app.database.db.rows<{ kind: string }>(
      `select kind from event where network_id = $1 and kind in ('TransferRejected', 'TransferCancelled') order by kind`,
      [network.id],
    );
    expect(events.map(({ kind }) => kind)).toEqual(['TransferCancelled', 'TransferRejected']);
  });

  test('wait on when it does not', async () => {
    await pay(ana, ben, '1.00');
    await request(ben, ana);

    await refused(ben, 'accountClose', closeInput(ben), 'ACCOUNT_NOT_EMPTY');

    expect((await transfersOf(ben.accountId)).map(({ state }) => state)).toEqual(['POSTED', 'PENDING']);
  });

  test('end with who leaves', async () => {
    await request(ben, ana);
    await request(ana, ben);
    const leave = { networkId: network.id, membershipId: ben.membershipId };

    await mutate(server, ben, 'membershipLeave', leave, 'membership { state }');

    expect((await transfersOf(ben.accountId)).map(({ state }) => state)).toEqual(['REJECTED', 'CANCELLED']);
  });

  test('are accepted or end with the account, and none waits on a closed one', async () => {
    for (let round = 0; round < 10; round++) {
      const [payer, payee] = [
        await givenMember(server, network, 'Payer'),
        await givenMember(server, network, 'Payee'),
      ];
      const { transfer } = await request(payer, payee);
      const accept = { networkId: network.id, transferId: transfer.id, idempotencyKey: `accept-${round}` };

      const answers = await Promise.all([
        tryMutate(server, payer, 'transferAccept', accept, 'transfer { state }'),
        tryMutate(server, payee, 'accountClose', closeInput(payee), 'account { state }'),
        tryMutate(
          server,
          payee,
          'transferRequest',
          transferInput(network, payer, payee, '1.00'),
          'transfer { id }',
        ),
      ]);

      const [accepted, closed] = codesOf(answers);
      const state = (await transfersOf(payer.accountId))[0].state;
      expect([accepted, closed, state]).toEqual(
        accepted === 'DONE'
          ? ['DONE', 'ACCOUNT_NOT_EMPTY', 'POSTED']
          : ['TRANSFER_NOT_PENDING', 'DONE', 'CANCELLED'],
      );
      const waiting = (await transfersOf(payee.accountId)).filter((row) => row.state === 'PENDING');
      if (closed === 'DONE') expect(waiting).toEqual([]);
    }
  });
});

test('an account that the network has named for something stays', async () => {
  const { founder } = network;
  const [levies, demurrage] = [
    await givenCommons(server, network, 'Levies'),
    await givenCommons(server, network, 'Demurrage'),
  ];
  const exchange = await givenExchange(server, network);
  await closingPolicy();
  await givenPolicy(server, network, {
    levies: { payerRate: '0.01', payeeRate: '0', accountId: levies.accountId },
    demurrage: { rate: '0.01', exempt: '0', period: 'MONTH', accountId: demurrage.accountId },
  });
  const rate = await setRate(exchange, rateInput(exchange));

  for (const [account, use] of [
    [commons.accountId, 'CLOSING'],
    [levies.accountId, 'LEVIES'],
    [demurrage.accountId, 'DEMURRAGE'],
    [exchange.hoursId, 'CONVERSION'],
    [exchange.creditsId, 'CONVERSION'],
  ] as const) {
    const error = await refused(founder, 'accountClose', closeInput(account), 'ACCOUNT_IN_USE');
    expect(JSON.parse(error.details)).toEqual({ use });
  }
  await givenPolicy(server, network, { levies: null, demurrage: null, closing: null });
  const retire = { networkId: network.id, rateId: rate.id };
  await mutate(server, founder, 'conversionRateRetire', retire, 'conversionRate { id }');

  for (const account of [commons, levies, demurrage]) await close(founder, closeInput(account));
  await close(founder, closeInput(exchange.hoursId));
});

test('an account that receives dues stays until they end', async () => {
  const { db } = server.app.database;
  const rule = {
    networkId: network.id,
    id: newId('duesRule'),
    unitId: network.unitId,
    memberClass: null,
    amountMinor: 100n,
    period: 'MONTH' as const,
    graceDays: 30,
    accountId: commons.accountId,
    startsOn: '2026-01-01',
    endsOn: null,
    setByPersonId: null,
    setAt: server.clock.now(),
  };
  await db.insert(DuesRule, rule);
  const error = await refused(network.founder, 'accountClose', closeInput(commons), 'ACCOUNT_IN_USE');

  await db.update(DuesRule, { networkId: network.id, id: rule.id }, { endsOn: '2026-03-01' });
  const closed = await close(network.founder, closeInput(commons));

  expect(JSON.parse(error.details)).toEqual({ use: 'DUES' });
  expect(closed.account.state).toBe('CLOSED');
});

test('a common account with a surplus is emptied by treasurers', async () => {
  await closingPolicy();
  const treasurer = await givenOfficer(server, network, 'TREASURER');
  const coordinator = await givenOfficer(server, network, 'COORDINATOR');
  const pot = await givenCommons(server, network, 'Pot');
  const hole = await givenCommons(server, network, 'Hole');
  await pay(ana, pot, '5.00');
  await mutate(
    server,
    treasurer,
    'transferCreate',
    transferInput(network, hole, ana, '5.00'),
    'transfer { id }',
  );

  await refused(coordinator, 'accountClose', closeInput(pot, true), 'FORBIDDEN');
  await close(treasurer, closeInput(pot, true));
  await refused(treasurer, 'accountClose', closeInput(hole, true), 'FORBIDDEN');
  await close(coordinator, closeInput(hole, true));

  expect(await balanceOf(server, network, commons)).toBe('0.00');
});

test('who leaves still needs empty accounts: nothing is settled by the way', async () => {
  await closingPolicy();
  await pay(ana, ben, '1.00');

  for (const member of [ana, ben]) {
    const leave = { networkId: network.id, membershipId: member.membershipId };
    await refused(member, 'membershipLeave', leave, 'ACCOUNT_NOT_EMPTY');
  }
});

describe('many at once', () => {
  test('accounts that close at the same time are all settled, and the sum stays zero', async () => {
    await closingPolicy();
    const members = await Promise.all(
      ['C', 'D', 'E', 'F', 'G', 'H'].map((name) => givenMember(server, network, name)),
    );
    for (const member of members) await pay(ana, member, '0.50');

    const answers = await Promise.all(
      members.flatMap((member) =>
        Array.from({ length: 3 }, () =>
          tryMutate(server, member, 'accountClose', closeInput(member, true), 'account { state }'),
        ),
      ),
    );

    const codes = codesOf(answers);
    expect(codes.filter((code) => code === 'DONE')).toHaveLength(6);
    expect(codes.filter((code) => code === 'ACCOUNT_NOT_OPEN')).toHaveLength(12);
    expect(await balanceOf(server, network, commons)).toBe('3.00');
  });

  test('a payment and a closing of one account at the same time leave no balance behind', async () => {
    await closingPolicy();
    for (let round = 0; round < 10; round++) {
      const member = await givenMember(server, network, 'Closer');
      await pay(network.founder, member, '0.10');
      const payment = transferInput(network, network.founder, member, '0.20');

      const [paid, closed] = codesOf(
        await Promise.all([
          tryMutate(server, network.founder, 'transferCreate', payment, 'transfer { id }'),
          tryMutate(server, member, 'accountClose', closeInput(member, true), 'account { state }'),
        ]),
      );

      expect(closed).toBe('DONE');
      expect(['DONE', 'ACCOUNT_NOT_OPEN']).toContain(paid);
      expect(await balanceOf(server, network, member)).toBe('0.00');
    }
  });
});
