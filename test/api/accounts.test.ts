import { setAdministrator } from '../../src/services/people/administrators.ts';
import { ask, givenPerson, mutate, type Caller, type Json } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  givenMember,
  givenNetwork,
  givenOfficer,
  transferInput,
  type Member,
  expectRefusal,
} from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

describe('units and accounts', () => {
  const unit = { code: 'EUR', name: [{ locale: 'en', text: 'Euro' }], symbol: '€', kind: 'MONEY', scale: 2 };

  test('a new unit opens accounts for those who are members already', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');

    const input = { networkId: network.id, ...unit, defaultFloor: '-5.00', opensMemberAccounts: true };
    const made = await mutate(
      server,
      network.founder,
      'unitCreate',
      input,
      'unit { id defaultFloor { value } defaultCeiling { value } }',
    );
    const query = `query($id: ID!, $u: ID!) { network(id: $id) { accounts(filter: { unitId: $u }) { nodes { floor { value } ceiling { value } } } } }`;
    const { network: seen } = await ask(server, ben, query, { id: network.id, u: made.unit.id });

    expect(made.unit).toMatchObject({ defaultFloor: { value: '-5.00' }, defaultCeiling: null });
    expect(seen.accounts.nodes).toHaveLength(2);
  });

  test.each([
    [{ code: 'eur' }, 'INVALID_CODE'],
    [{ scale: 9 }, 'INVALID_RANGE'],
    [{ scale: -1 }, 'INVALID_RANGE'],
    [{ defaultFloor: '1.00' }, 'INVALID_RANGE'],
    [{ defaultCeiling: '-1.00' }, 'INVALID_RANGE'],
    [{ defaultFloor: '-1.001' }, 'TOO_MANY_DECIMALS'],
    [{ name: [] }, 'REQUIRED'],
    [{ symbol: 'far too long' }, 'TEXT_TOO_LONG'],
    [{ code: 'HOUR' }, 'UNIT_CODE_TAKEN'],
  ])('a unit is refused with %j', async (change, code) => {
    const network = await givenNetwork(server);
    await refused(network.founder, 'unitCreate', { networkId: network.id, ...unit, ...change }, code);
  });

  test('a frozen account takes part in nothing', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const input = { networkId: network.id, accountId: ben.accountId };

    await mutate(server, network.founder, 'accountUpdate', { ...input, isFrozen: true }, 'account { state }');
    await refused(
      ben,
      'transferCreate',
      transferInput(network, ben, network.founder, '1'),
      'ACCOUNT_NOT_OPEN',
    );
    await mutate(
      server,
      network.founder,
      'accountUpdate',
      { ...input, isFrozen: false },
      'account { state }',
    );

    await mutate(
      server,
      ben,
      'transferCreate',
      transferInput(network, ben, network.founder, '1'),
      'transfer { id }',
    );
  });

  test('an account closes when it is empty, once', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const input = { networkId: network.id, accountId: ben.accountId };
    await mutate(
      server,
      ben,
      'transferCreate',
      transferInput(network, ben, network.founder, '1'),
      'transfer { id }',
    );
    const close = { ...input, idempotencyKey: 'close' };
    await refused(ben, 'accountClose', close, 'ACCOUNT_NOT_EMPTY');
    await mutate(
      server,
      network.founder,
      'transferCreate',
      transferInput(network, network.founder, ben, '1'),
      'transfer { id }',
    );

    const closed = await mutate(server, ben, 'accountClose', close, 'account { state }');

    expect(closed.account.state).toBe('CLOSED');
    await refused(ben, 'accountClose', { ...close, idempotencyKey: 'again' }, 'ACCOUNT_NOT_OPEN');
    await refused(
      ben,
      'transferCreate',
      transferInput(network, ben, network.founder, '1'),
      'ACCOUNT_NOT_OPEN',
    );
    await refused(network.founder, 'accountUpdate', { ...input, isFrozen: false }, 'ACCOUNT_NOT_OPEN');
  });

  test('an account has at most 50 signatories', async () => {
    const network = await givenNetwork(server);
    const { founder } = network;
    const ben = await givenMember(server, network, 'Ben');
    const input = { networkId: network.id, accountId: founder.accountId, membershipId: ben.membershipId };
    await givenSignatories(founder, 49);

    const added = await mutate(server, founder, 'signatoryAdd', input, 'account { signatories { id } }');
    const cem = await givenMember(server, network, 'Cem');
    const error = await refused(
      founder,
      'signatoryAdd',
      { ...input, membershipId: cem.membershipId },
      'SIGNATORY_CONFLICT',
    );

    expect(added.account.signatories).toHaveLength(50);
    expect(JSON.parse(error.details)).toEqual({ reason: 'TOO_MANY' });
  });

  test('a signatory pays, and no longer when removed', async () => {
    const network = await givenNetwork(server);
    const [ana, ben] = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
    const input = { networkId: network.id, accountId: ana.accountId, membershipId: ben.membershipId };
    const payment = { ...transferInput(network, ana, ben, '1') };
    await refused(ben, 'signatoryAdd', input, 'FORBIDDEN');
    await refused(ana, 'signatoryAdd', { ...input, membershipId: ana.membershipId }, 'SIGNATORY_CONFLICT');

    const added = await mutate(server, ana, 'signatoryAdd', input, 'account { signatories { displayName } }');
    await refused(ana, 'signatoryAdd', input, 'SIGNATORY_CONFLICT');
    await mutate(server, ben, 'transferCreate', payment, 'transfer { id }');
    await mutate(server, ana, 'signatoryRemove', input, 'account { id }');

    expect(added.account.signatories).toEqual([{ displayName: 'Ben' }]);
    await refused(ben, 'transferCreate', { ...payment, idempotencyKey: 'after removal' }, 'FORBIDDEN');
    await refused(ana, 'signatoryRemove', input, 'SIGNATORY_CONFLICT');
  });

  test('a signatory pays, and neither adds others nor closes the account', async () => {
    const network = await givenNetwork(server);
    const [ana, ben] = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
    const input = { networkId: network.id, accountId: ana.accountId, membershipId: ben.membershipId };
    await mutate(server, ana, 'signatoryAdd', input, 'account { id }');
    const other = await givenMember(server, network, 'Other');

    await refused(ben, 'signatoryAdd', { ...input, membershipId: other.membershipId }, 'FORBIDDEN');
    const close = { networkId: network.id, idempotencyKey: 'close', accountId: ana.accountId };
    await refused(ben, 'accountClose', close, 'FORBIDDEN');

    const resigned = await mutate(
      server,
      ben,
      'signatoryRemove',
      input,
      'account { signatories { displayName } }',
    );
    expect(resigned.account.signatories).toEqual([]);
  });

  test('closing an account and opening another gives no new credit', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    await mutate(
      server,
      ben,
      'accountClose',
      { networkId: network.id, idempotencyKey: 'close', accountId: ben.accountId },
      'account { id }',
    );

    const input = {
      networkId: network.id,
      unitId: network.unitId,
      membershipId: ben.membershipId,
      name: 'New',
    };
    const { account } = await mutate(server, ben, 'accountOpen', input, 'account { available { value } }');

    expect(account.available.value).toBe('0.00');
  });

  test('a treasurer signs for common property by office alone, and the lock comes off with its key only', async () => {
    const network = await givenNetwork(server);
    const treasurer = await givenOfficer(server, network, 'TREASURER');
    const pot = { networkId: network.id, unitId: network.unitId, name: 'Pot' };
    const { account } = await mutate(server, network.founder, 'accountOpen', pot, 'account { id }');
    const input = { networkId: network.id, accountId: account.id, membershipId: treasurer.membershipId };
    await refused(treasurer, 'signatoryAdd', input, 'SIGNATORY_CONFLICT');
    const settings = { networkId: network.id, treasurersNeedOneTimeCode: true };
    await mutate(server, network.founder, 'networkUpdate', settings, 'network { id }');

    const off = { ...settings, treasurersNeedOneTimeCode: false };
    const error = await refused(network.founder, 'networkUpdate', off, 'FORBIDDEN');

    expect(error.reason).toBe('SECOND_FACTOR_REQUIRED');
    await mutate(
      server,
      network.founder,
      'accountUpdate',
      { networkId: network.id, accountId: account.id, isFrozen: true },
      'account { state }',
    );
  });

  test('leaving does not thaw a frozen account', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const freeze = { networkId: network.id, accountId: ben.accountId, isFrozen: true };
    await mutate(server, network.founder, 'accountUpdate', freeze, 'account { state }');

    const leave = { networkId: network.id, membershipId: ben.membershipId };
    await refused(ben, 'membershipLeave', leave, 'ACCOUNT_NOT_OPEN');
    await refused(
      ben,
      'accountClose',
      { networkId: network.id, idempotencyKey: 'close', accountId: ben.accountId },
      'ACCOUNT_NOT_OPEN',
    );
  });

  test('points pass to nobody', async () => {
    const network = await givenNetwork(server);
    const ben = await givenMember(server, network, 'Ben');
    const points = { ...unit, code: 'RP', kind: 'POINTS', opensMemberAccounts: true };
    const made = await mutate(
      server,
      network.founder,
      'unitCreate',
      { networkId: network.id, ...points },
      'unit { id }',
    );
    const query = `query($n: ID!, $u: ID!) { network(id: $n) { accounts(filter: { unitId: $u }) { nodes { id holder { ... on Membership { id } } } } } }`;
    const { network: seen } = await ask(server, ben, query, { n: network.id, u: made.unit.id });
    const idOf = (member: Member) =>
      seen.accounts.nodes.find((node: Json) => node.holder.id === member.membershipId).id;
    const [from, to] = [idOf(ben), idOf(network.founder)];

    const input = {
      ...transferInput(network, ben, network.founder, '1'),
      payerAccountId: from,
      payeeAccountId: to,
    };
    await refused(ben, 'transferCreate', input, 'NOT_TRANSFERABLE');
  });

  test('nobody who joins while a unit is made goes without an account', async () => {
    const network = await givenNetwork(server, { template: 'MUTUAL_AID' });
    const people = [];
    for (let index = 0; index < 6; index++) people.push(await givenPerson(server, 'P'));
    const join = { networkId: network.id, acceptedTermsVersion: 1 };

    const input = { networkId: network.id, ...unit, opensMemberAccounts: true };
    const [made] = await Promise.all([
      mutate(server, network.founder, 'unitCreate', input, 'unit { id }'),
      ...people.map((person) => mutate(server, person, 'membershipApply', join, 'membership { id }')),
    ]);

    const rows = await server.app.database.db.rows(
      'select 1 from account where network_id = $1 and unit_id = $2',
      [network.id, made.unit.id],
    );
    expect(rows).toHaveLength(7);
  });

  test('balances are the holder’s in a timebank and open in a LETS; auditors see all, administrators nothing', async () => {
    for (const [template, isOpen] of [
      ['TIMEBANK', false],
      ['LETS', true],
    ] as const) {
      const network = await givenNetwork(server, { template });
      const [ana, ben] = [
        await givenMember(server, network, 'Ana'),
        await givenMember(server, network, 'Ben'),
      ];
      const auditor = await givenOfficer(server, network, 'AUDITOR');
      const root = await givenPerson(server, 'Root');
      await server.app.services.run({ kind: 'system', name: 'test' }, (tx) =>
        setAdministrator(tx, root.email, true),
      );
      const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { balance { value } entries { nodes { number } } } } }`;
      const seenBy = async (caller: Caller) =>
        (await ask(server, caller, query, { n: network.id, a: ana.accountId })).network.account;

      const all = { balance: { value: '0.00' }, entries: { nodes: [] } };
      expect(await seenBy(ana)).toEqual(all);
      expect(await seenBy(auditor)).toEqual(all);
      expect(await seenBy(ben)).toEqual({ balance: isOpen ? all.balance : null, entries: null });
      expect(await seenBy(root)).toBeNull();
    }
  });
});

test('an access token does what its scopes allow', async () => {
  const network = await givenNetwork(server);
  const ben = await givenMember(server, network, 'Ben');
  const make = async (scopes: string[]): Promise<Member> => {
    const input = { name: 'Script', scopes, expiresAt: '2026-06-01T00:00:00Z' };
    return { ...ben, token: (await mutate(server, ben, 'accessTokenCreate', input, 'token')).token };
  };
  const [reads, trades, manages] = [await make([]), await make(['TRADE']), await make(['MANAGE'])];
  const profile = { networkId: network.id, membershipId: ben.membershipId, phone: '1' };

  expect(await balanceOf(server, network, reads)).toBe('0.00');
  const error = await refused(
    reads,
    'transferCreate',
    transferInput(network, ben, network.founder, '1'),
    'FORBIDDEN',
  );
  expect(error.reason).toBe('SCOPE_REQUIRED');
  await mutate(
    server,
    trades,
    'transferCreate',
    transferInput(network, ben, network.founder, '1'),
    'transfer { id }',
  );
  await refused(trades, 'membershipUpdate', profile, 'FORBIDDEN');
  await mutate(server, manages, 'membershipUpdate', profile, 'membership { id }');
  await refused(manages, 'transferCreate', transferInput(network, ben, network.founder, '1'), 'FORBIDDEN');
  await refused(manages, 'networkCreate', { slug: 'Wrong', name: 'x', template: 'LETS' }, 'INVALID_SLUG');
  await refused(trades, 'networkCreate', { slug: 'right', name: 'x', template: 'LETS' }, 'FORBIDDEN');
  await refused(reads, 'membershipApply', { networkId: network.id, acceptedTermsVersion: 1 }, 'FORBIDDEN');
});

test('finds things by id for those who may know of them', async () => {
  const network = await givenNetwork(server);
  const ben = await givenMember(server, network, 'Ben');
  const stranger = await givenPerson(server);
  const paid = await mutate(
    server,
    ben,
    'transferCreate',
    transferInput(network, ben, network.founder, '1'),
    'transfer { id }',
  );
  const ids = [
    network.id,
    network.unitId,
    ben.membershipId,
    ben.accountId,
    paid.transfer.id,
    ben.personId,
    'nonsense',
  ];
  const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

  const own = await ask(server, ben, query, { ids });
  const foreign = await ask(server, stranger, query, { ids });
  const founders = await ask(server, network.founder, query, { ids });

  const names = (data: Json) => data.nodes.map((node: Json) => node?.__typename ?? null);
  expect(names(own)).toEqual(['Network', 'Unit', 'Membership', 'Account', 'Transfer', 'Person', null]);
  expect(names(foreign)).toEqual(['Network', null, null, null, null, null, null]);
  expect(names(founders)).toEqual(['Network', 'Unit', 'Membership', 'Account', 'Transfer', null, null]);
});

test('one person is in many networks with one sign-in', async () => {
  const ana = await givenPerson(server, 'Ana');
  for (let index = 0; index < 3; index++) {
    const network = await givenNetwork(server, { template: 'MUTUAL_AID' });
    const input = { networkId: network.id, acceptedTermsVersion: 1 };
    await mutate(server, ana, 'membershipApply', input, 'membership { id }');
  }

  const { viewer } = await ask(
    server,
    ana,
    '{ viewer { memberships { nodes { state network { slug } accounts { nodes { unit { code } } } } } } }',
  );

  expect(viewer.memberships.nodes).toHaveLength(3);
  for (const { accounts } of viewer.memberships.nodes) expect(accounts.nodes).toHaveLength(2);
});

/** Members who may sign for somebody's account, straight into the tables: making so many takes its time. */
async function givenSignatories(holder: Member, count: number): Promise<void> {
  const { db } = server.app.database;
  await db.execute(
    `with number as (select lpad(n::text, 26, '0') as text from generate_series(1, $1::int) n),
          somebody as (
            insert into person (id, name, email, email_key, locale, is_administrator, created_at)
            select 'per_' || text, text, text, text, 'en', false, now() from number),
          copies as (
            insert into membership
            select (jsonb_populate_record(m, jsonb_build_object('id', 'mbr_' || text, 'person_id', 'per_' || text))).*
              from membership m, number where m.id = $2)
     insert into account_signatory
     select a.network_id, a.id, 'mbr_' || text, now() from account a, number where a.id = $3`,
    [count, holder.membershipId, holder.accountId],
  );
}
