import { ask, mutate, send, type Caller, type Json } from '../support/api.ts';
import { givenCommons } from '../support/policies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  expectRefusal,
  givenMember,
  givenNetwork,
  givenOfficer,
  transferInput,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

describe('limits', () => {
  test('limits are set by coordinators, names by holders', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const input = { networkId: network.id, accountId: ben.accountId };
    const other = await givenMember(server, network, 'Other');
    const own = { ...input, followsPolicy: false };
    await refused(ben, 'limitSet', { ...own, floor: '-500.00' }, 'FORBIDDEN');
    await refused(other, 'accountUpdate', { ...input, name: 'Not yours' }, 'FORBIDDEN');
    await refused(network.founder, 'limitSet', { ...own, floor: '5.00' }, 'INVALID_RANGE');
    const both = { ...own, followsPolicy: true, floor: '-5.00' };
    await refused(network.founder, 'limitSet', both, 'INVALID_CHOICE');

    const named = await mutate(
      server,
      ben,
      'accountUpdate',
      { ...input, name: 'My hours' },
      'account { name }',
    );
    const selection = 'account { floor { value } ceiling { value } available { value } }';
    const limited = await mutate(
      server,
      network.founder,
      'limitSet',
      { ...own, floor: '-5.00', ceiling: null },
      selection,
    );

    expect(named.account.name).toBe('My hours');
    const seen = await ask(
      server,
      ben,
      `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { floor { value } ceiling { value } available { value } } } }`,
      { n: network.id, a: ben.accountId },
    );
    expect(limited.account).toEqual({ floor: { value: '-5.00' }, ceiling: null, available: null });
    expect(seen.network.account).toEqual({
      floor: { value: '-5.00' },
      ceiling: null,
      available: { value: '5.00' },
    });
  });

  test('nobody sets the limits of an account of their own, or stops and opens it', async () => {
    const network = await givenNetwork(server);
    const { founder } = network;
    const inNetwork = (input: object) => ({ networkId: network.id, ...input });
    const [officer, ben] = [
      await givenOfficer(server, network, 'COORDINATOR'),
      await givenMember(server, network, 'Ben'),
    ];
    const [pot, shed] = [
      await givenCommons(server, network, 'Pot'),
      await givenCommons(server, network, 'Shed'),
    ];
    const { group } = await mutate(
      server,
      officer,
      'groupCreate',
      inNetwork({ name: 'Garden' }),
      'group { id }',
    );
    const open = inNetwork({ unitId: network.unitId, groupId: group.id, name: 'Garden' });
    const garden = (await mutate(server, founder, 'accountOpen', open, 'account { id }')).account.id;
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    for (const [caller, accountId] of [
      [ben, ben.accountId],
      [treasurer, pot.accountId],
    ] as const) {
      const sign = inNetwork({ accountId, membershipId: officer.membershipId });
      await mutate(server, caller, 'signatoryAdd', sign, 'account { id }');
    }
    const limits = (accountId: string) => inNetwork({ accountId, followsPolicy: false, floor: '-99' });

    for (const accountId of [officer.accountId, ben.accountId, garden, pot.accountId]) {
      await refused(officer, 'limitSet', limits(accountId), 'OWN_ACCOUNT');
      await refused(officer, 'accountUpdate', inNetwork({ accountId, isFrozen: false }), 'OWN_ACCOUNT');
      expect(await mayLimit(officer, network, accountId)).toEqual({ allowed: false, reason: 'NOT_YOURS' });
      expect(await mayLimit(founder, network, accountId)).toEqual({ allowed: true, reason: null });
      const limited = await mutate(
        server,
        founder,
        'limitSet',
        limits(accountId),
        'account { floor { value } }',
      );
      expect(limited.account.floor.value).toBe('-99.00');
    }
    await mutate(server, officer, 'limitSet', limits(shed.accountId), 'account { id }');
    await mutate(
      server,
      officer,
      'accountUpdate',
      inNetwork({ accountId: ben.accountId, name: 'Hours' }),
      'account { id }',
    );
  });

  async function mayLimit(caller: Caller, network: TestNetwork, accountId: string): Promise<Json> {
    const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { viewerCan { setLimits { allowed reason } } } } }`;
    const data = await ask(server, caller, query, { n: network.id, a: accountId });
    return data.network.account.viewerCan.setLimits;
  }

  test('a payer learns how much a payee can earn only where balances are open', async () => {
    for (const [template, earnable] of [
      ['TIMEBANK', null],
      ['LETS', '400.00'],
    ] as const) {
      const network = await givenNetwork(server, { template });
      const [ana, ben] = [
        await givenMember(server, network, 'Ana'),
        await givenMember(server, network, 'Ben'),
      ];
      const limits = {
        networkId: network.id,
        accountId: ana.accountId,
        followsPolicy: false,
        floor: '-1000.00',
      };
      await mutate(server, network.founder, 'limitSet', limits, 'account { id }');
      const answer = await send(
        server,
        `mutation($input: TransferCreateInput!) { transferCreate(input: $input) {
           errors { code ... on CeilingExceeded { earnable } } } }`,
        { input: transferInput(network, ana, ben, '500.00') },
        { token: ana.token },
      );

      expect(answer.data.transferCreate.errors).toEqual([{ code: 'CEILING_EXCEEDED', earnable }]);
    }
  });

  test('credit is given once, however many accounts a member opens', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const input = {
      networkId: network.id,
      unitId: network.unitId,
      membershipId: ben.membershipId,
      name: 'More',
    };
    const selection = 'account { id available { value } }';

    const opened = await mutate(server, ben, 'accountOpen', input, selection);
    const many = await Promise.all(
      Array.from({ length: 5 }, () => mutate(server, ben, 'accountOpen', input, selection)),
    );

    for (const { account } of [opened, ...many]) expect(account.available.value).toBe('0.00');
    const payment = {
      ...transferInput(network, ben, network.founder, '0.01'),
      payerAccountId: opened.account.id,
    };
    await refused(ben, 'transferCreate', payment, 'INSUFFICIENT_CREDIT');
  });
});
