import { RequestRule } from '../../src/entities/request-rule.ts';
import { DAY_MS, HOUR_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { settleDueRequests } from '../../src/services/ledger/due-requests.ts';
import { ask, codesOf, mutate, tryMutate, type Caller, type Json } from '../support/api.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
  expectRefusal,
  givenMember,
  givenNetwork,
  snapshot,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let key = 0;

beforeAll(async () => {
  server = await startTestServer();
});

async function newPair(): Promise<void> {
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
}
afterAll(() => server.close());

const WAITING = 'transfer { id state kind expiresAt acceptsAt postedAt answeredAt }';
const refused = (caller: Caller | null, field: string, input: object, code: string) =>
  expectRefusal(server, caller, [field, input, code]);

/** Ben asks Ana. */
async function request(amount = '2', change: object = {}): Promise<Json> {
  const input = { ...transferInput(network, ana, ben, amount), ...change };
  return (await mutate(server, ben, 'transferRequest', input, WAITING)).transfer;
}

const answer = (transferId: string) => ({ networkId: network.id, transferId });
const accept = (transferId: string) => ({ ...answer(transferId), idempotencyKey: `accept-${++key}` });

async function stateOf(transferId: string, caller: Member = ben): Promise<string> {
  return (
    await ask(server, caller, `query($id: ID!) { node(id: $id) { ... on Transfer { state } } }`, {
      id: transferId,
    })
  ).node.state;
}

describe('a request', () => {
  beforeEach(newPair);

  test('a request counts in no balance until the payer accepts it', async () => {
    const asked = await request('2');

    expect(asked).toMatchObject({ state: 'PENDING', kind: 'REQUEST', postedAt: null, acceptsAt: null });
    expect(asked.expiresAt).toBe(new Date(server.clock.now().getTime() + 30 * DAY_MS).toISOString());
    expect(await balanceOf(server, network, ben)).toBe('0.00');

    const { transfer } = await mutate(server, ana, 'transferAccept', accept(asked.id), WAITING);

    expect(transfer).toMatchObject({ id: asked.id, state: 'POSTED', kind: 'REQUEST' });
    expect(transfer.postedAt).not.toBeNull();
    expect(await balanceOf(server, network, ben)).toBe('2.00');
    expect(await balanceOf(server, network, ana)).toBe('-2.00');
  });

  test('accepting with the same key answers the same and pays once', async () => {
    const input = accept((await request('2')).id);

    const first = await mutate(server, ana, 'transferAccept', input, WAITING);
    const again = await mutate(server, ana, 'transferAccept', input, WAITING);

    expect(again).toEqual(first);
    expect(await balanceOf(server, network, ben)).toBe('2.00');
  });

  test('of many answers at once one counts', async () => {
    const { id } = await request('2');

    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () =>
        tryMutate(server, ana, 'transferAccept', accept(id), 'transfer { id }'),
      ),
      ...Array.from({ length: 5 }, () =>
        tryMutate(server, ana, 'transferReject', answer(id), 'transfer { id }'),
      ),
      ...Array.from({ length: 5 }, () =>
        tryMutate(server, ben, 'transferCancel', answer(id), 'transfer { id }'),
      ),
    ]);

    expect(codesOf(answers).toSorted()).toEqual(['DONE', ...Array(14).fill('TRANSFER_NOT_PENDING')]);
    const isPosted = (await stateOf(id)) === 'POSTED';
    expect(await balanceOf(server, network, ben)).toBe(isPosted ? '2.00' : '0.00');
  });

  test.each([
    ['transferReject', 'REJECTED', () => ana],
    ['transferCancel', 'CANCELLED', () => ben],
  ] as const)('%s ends it without moving anything', async (field, state, who) => {
    const { id } = await request('2');

    const { transfer } = await mutate(server, who(), field, answer(id), WAITING);

    expect(transfer).toMatchObject({ id, state, postedAt: null });
    expect(await balanceOf(server, network, ben)).toBe('0.00');
    await refused(ana, 'transferAccept', accept(id), 'TRANSFER_NOT_PENDING');
    await refused(ana, 'transferReject', answer(id), 'TRANSFER_NOT_PENDING');
    await refused(ben, 'transferCancel', answer(id), 'TRANSFER_NOT_PENDING');
  });

  test('it expires when nobody answers, also before the job has looked', async () => {
    const { id } = await request('2', { expiresInDays: 1 });
    server.clock.advance(DAY_MS);

    await refused(ana, 'transferAccept', accept(id), 'TRANSFER_NOT_PENDING');
    await server.app.jobs.runDue();
    await runDueRequests();

    expect(await stateOf(id)).toBe('EXPIRED');
  });

  test('only the payer answers, only the payee and coordinators take it back, and others know nothing of it', async () => {
    const { id } = await request('2');
    const cleo = await givenMember(server, network, 'Cleo');

    await refused(ben, 'transferAccept', accept(id), 'FORBIDDEN');
    await refused(ben, 'transferReject', answer(id), 'FORBIDDEN');
    await refused(ana, 'transferCancel', answer(id), 'FORBIDDEN');
    await refused(cleo, 'transferAccept', accept(id), 'NOT_FOUND');
    await refused(cleo, 'transferCancel', answer(id), 'NOT_FOUND');
    await refused(network.founder, 'transferAccept', accept(id), 'FORBIDDEN');
    await mutate(server, network.founder, 'transferCancel', answer(id), 'transfer { state }');
  });
});

describe('refuses bad requests and changes nothing:', () => {
  beforeAll(newPair);

  const cases: [string, (input: Json) => object, string][] = [
    ['amount zero', (input) => ({ ...input, amount: '0' }), 'INVALID_AMOUNT'],
    ['a negative amount', (input) => ({ ...input, amount: '-1' }), 'INVALID_AMOUNT'],
    ['more decimals than the unit', (input) => ({ ...input, amount: '0.001' }), 'TOO_MANY_DECIMALS'],
    ['an amount beyond 2⁶³', (input) => ({ ...input, amount: '9999999999999999999' }), 'INVALID_AMOUNT'],
    ['payer = payee', (input) => ({ ...input, payerAccountId: input.payeeAccountId }), 'SAME_ACCOUNT'],
    [
      'from somebody who does not sign',
      (input) => ({ ...input, payeeAccountId: ana.accountId, payerAccountId: ben.accountId }),
      'FORBIDDEN',
    ],
    ['no days', (input) => ({ ...input, expiresInDays: 0 }), 'INVALID_RANGE'],
    ['more days than the policy', (input) => ({ ...input, expiresInDays: 31 }), 'INVALID_RANGE'],
    ['an empty description', (input) => ({ ...input, description: ' ' }), 'TEXT_TOO_SHORT'],
    [
      'an unknown account',
      (input) => ({ ...input, payerAccountId: 'acc_01h455vb4pex5vsknk084sn02q' }),
      'NOT_FOUND',
    ],
    ['an empty key', (input) => ({ ...input, idempotencyKey: '' }), 'INVALID_KEY'],
  ];

  test.each(cases)('%s', async (_name, change, code) => {
    await refused(ben, 'transferRequest', change(transferInput(network, ana, ben, '1')), code);
  });

  test('an account of another network, and a frozen one', async () => {
    const elsewhere = await givenNetwork(server);
    const foreign = { payerAccountId: elsewhere.founder.accountId };
    await refused(
      ben,
      'transferRequest',
      { ...transferInput(network, ana, ben, '1'), ...foreign },
      'NOT_FOUND',
    );
    const freeze = { networkId: network.id, accountId: ana.accountId, isFrozen: true };
    await mutate(server, network.founder, 'accountUpdate', freeze, 'account { id }');
    await refused(ben, 'transferRequest', transferInput(network, ana, ben, '1'), 'ACCOUNT_NOT_OPEN');
    await mutate(server, network.founder, 'accountUpdate', { ...freeze, isFrozen: false }, 'account { id }');
  });

  test('an absent request, and a payment as if it were one', async () => {
    const paid = await mutate(
      server,
      ana,
      'transferCreate',
      transferInput(network, ana, ben, '1'),
      'transfer { id }',
    );
    await refused(ana, 'transferAccept', accept('trf_01h455vb4pex5vsknk084sn02q'), 'NOT_FOUND');
    await refused(ana, 'transferAccept', accept(network.id), 'INVALID_ID');
    await refused(ana, 'transferAccept', accept(paid.transfer.id), 'TRANSFER_NOT_PENDING');
  });

  test('beyond the credit of the payer when it is accepted', async () => {
    const { id } = await request('25');

    await refused(ana, 'transferAccept', accept(id), 'INSUFFICIENT_CREDIT');
    expect(await stateOf(id)).toBe('PENDING');
  });

  test('the two hundred and first that waits', async () => {
    await server.app.database.db.rows(
      `select ledger_request($1, 'trf_' || lpad(n::text, 26, '0'), $2, $3, 1, 'one of many', $4, null, null, null, $5, $5::timestamptz + interval '1 day', null)
         from generate_series(1, 200) as n`,
      [network.id, ana.accountId, ben.accountId, ben.personId, server.clock.now()],
    );

    await refused(ben, 'transferRequest', transferInput(network, ana, ben, '1'), 'TOO_MANY_REQUESTS');
  });

  test.each([
    [{ afterDays: -1 }, 'INVALID_RANGE'],
    [{ afterDays: 367 }, 'INVALID_RANGE'],
    [{ afterDays: 0, upTo: '0' }, 'INVALID_AMOUNT'],
    [{ afterDays: 0, upTo: '0.001' }, 'TOO_MANY_DECIMALS'],
    [{ afterDays: 0, fromMembershipId: 'mbr_01h455vb4pex5vsknk084sn02q' }, 'NOT_FOUND'],
  ])('the rule %j', async (rule, code) => {
    const input = { networkId: network.id, accountId: ana.accountId, ...rule };
    await refused(ana, 'requestRuleSet', input, code);
  });
});

describe('rules for requests', () => {
  beforeEach(newPair);

  const set = (rule: object) =>
    mutate(
      server,
      ana,
      'requestRuleSet',
      { networkId: network.id, accountId: ana.accountId, ...rule },
      'requestRule { id afterDays upTo { value } from { id } }',
    );

  test('accept at once what a named member asks, up to an amount', async () => {
    const { requestRule } = await set({ fromMembershipId: ben.membershipId, upTo: '3', afterDays: 0 });
    expect(requestRule).toMatchObject({
      afterDays: 0,
      upTo: { value: '3.00' },
      from: { id: ben.membershipId },
    });

    expect(await request('3')).toMatchObject({ state: 'POSTED' });
    expect(await request('3.01')).toMatchObject({ state: 'PENDING', acceptsAt: null });
    expect(await balanceOf(server, network, ben)).toBe('3.00');
  });

  test('that for one member goes before that for everybody', async () => {
    await set({ afterDays: 0 });
    await set({ fromMembershipId: ben.membershipId, afterDays: 9 });

    expect(await request('1')).toMatchObject({ state: 'PENDING' });
  });

  test('a request that waits some days is accepted by itself, unless it is rejected before', async () => {
    await set({ afterDays: 3 });
    const [first, second] = [await request('1'), await request('1')];
    await mutate(server, ana, 'transferReject', answer(second.id), 'transfer { id }');
    server.clock.advance(3 * DAY_MS - HOUR_MS);
    await runDueRequests();
    expect(await stateOf(first.id)).toBe('PENDING');

    server.clock.advance(HOUR_MS);
    await runDueRequests();

    expect(await stateOf(first.id)).toBe('POSTED');
    expect(await stateOf(second.id)).toBe('REJECTED');
    expect(await balanceOf(server, network, ben)).toBe('1.00');
  });

  test('rest while their member is suspended, who could not say no', async () => {
    await set({ afterDays: 0 });
    const suspension = {
      networkId: network.id,
      membershipId: ana.membershipId,
      reason: 'to be talked about',
    };
    await mutate(server, network.founder, 'membershipSuspend', suspension, 'membership { id }');

    expect(await request('1')).toMatchObject({ state: 'PENDING', acceptsAt: null });
    expect(await balanceOf(server, network, ben)).toBe('0.00');
  });

  test('what the payer lacks is not told: the request waits for an answer', async () => {
    await set({ afterDays: 0 });

    expect(await request('25')).toMatchObject({ state: 'PENDING', acceptsAt: null });
    expect(await balanceOf(server, network, ben)).toBe('0.00');
  });

  test('are none for accounts of groups, and those that were made do not accept', async () => {
    const inNetwork = (input: object) => ({ networkId: network.id, ...input });
    const made = await mutate(server, ana, 'groupCreate', inNetwork({ name: 'Garden' }), 'group { id }');
    const open = inNetwork({ unitId: network.unitId, groupId: made.group.id, name: 'Garden' });
    const { account } = await mutate(server, network.founder, 'accountOpen', open, 'account { id }');
    const garden = { ...ana, accountId: account.id };
    await refused(ana, 'requestRuleSet', inNetwork({ accountId: account.id, afterDays: 0 }), 'FORBIDDEN');
    await server.app.database.db.insert(RequestRule, {
      networkId: network.id,
      id: newId('requestRule'),
      accountId: account.id,
      fromMembershipId: null,
      upToMinor: null,
      afterDays: 0,
      madeAt: server.clock.now(),
    });

    const input = transferInput(network, garden, ben, '1');
    const { transfer } = await mutate(server, ben, 'transferRequest', input, 'transfer { state acceptsAt }');

    expect(transfer).toEqual({ state: 'PENDING', acceptsAt: null });
    expect(await balanceOf(server, network, ben)).toBe('0.00');
  });

  test('are none for common property, whose keepers change', async () => {
    const common = { networkId: network.id, unitId: network.unitId, name: 'Pot' };
    const { account } = await mutate(server, network.founder, 'accountOpen', common, 'account { id }');
    const rule = { networkId: network.id, accountId: account.id, afterDays: 0 };

    await refused(network.founder, 'requestRuleSet', rule, 'FORBIDDEN');
    const follow = { networkId: network.id, accountId: account.id, followsPolicy: true };
    await refused(network.founder, 'limitSet', follow, 'INVALID_CHOICE');
  });

  test('a later rule takes the place of the former, and a removed one is gone', async () => {
    await set({ afterDays: 0 });
    const { requestRule } = await set({ afterDays: 2 });
    const rules = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { requestRules { id afterDays } } } }`;
    const seen = (caller: Member) => ask(server, caller, rules, { n: network.id, a: ana.accountId });
    expect((await seen(ana)).network.account.requestRules).toEqual([{ id: requestRule.id, afterDays: 2 }]);
    expect((await seen(ben)).network.account.requestRules).toBeNull();

    const input = { networkId: network.id, accountId: ana.accountId, requestRuleId: requestRule.id };
    await refused(ben, 'requestRuleRemove', input, 'FORBIDDEN');
    await mutate(server, ana, 'requestRuleRemove', input, 'account { id }');

    expect(await request('1')).toMatchObject({ state: 'PENDING', acceptsAt: null });
    await refused(ana, 'requestRuleRemove', input, 'NOT_FOUND');
  });

  test('the job settles what is due once, also when it runs twice at the same time', async () => {
    await mutate(
      server,
      ana,
      'requestRuleSet',
      { networkId: network.id, accountId: ana.accountId, afterDays: 1 },
      'requestRule { id }',
    );
    for (let count = 0; count < 5; count++) await request('1');
    server.clock.advance(DAY_MS);

    await Promise.all([runDueRequests(), runDueRequests()]);
    const before = await snapshot(server);
    await runDueRequests();

    expect(await balanceOf(server, network, ben)).toBe('5.00');
    expect(await snapshot(server)).toEqual(before);
  });

  test('the job goes on for others when one request fails, and is tried again', async () => {
    await runDueRequests();
    const [first, second] = [await request('1'), await request('1')];
    const { db, run, clock } = server.app.services;
    await rowsAt(server.databaseUrl('superuser'), 'update transfer set expires_at = $2 where id = any($1)', [
      [first.id, second.id],
      clock.now(),
    ]);
    let calls = 0;
    const faulty: typeof run = (actor, work) =>
      ++calls === 1 ? Promise.reject(new Error('a fault')) : run(actor, work);

    await expect(settleDueRequests({ db, run: faulty, clock })).rejects.toThrow('a fault');

    const states = () =>
      db.rows('select id, state from transfer where network_id = $1 order by id', [network.id]);
    expect(await states()).toEqual([
      { id: first.id, state: 'PENDING' },
      { id: second.id, state: 'EXPIRED' },
    ]);
    await runDueRequests();
    expect(await states()).toEqual([
      { id: first.id, state: 'EXPIRED' },
      { id: second.id, state: 'EXPIRED' },
    ]);
  });
});

/** What the job does every minute. */
async function runDueRequests(): Promise<void> {
  const { db, run, clock } = server.app.services;
  await settleDueRequests({ db, run, clock });
}
