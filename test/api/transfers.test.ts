import { ask, givenPerson, send, tryMutate } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import {
  balanceOf,
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

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
});
afterAll(() => server.close());

function pay(payer: Member, input: object) {
  return tryMutate(server, payer, 'transferCreate', input, 'transfer { id amount { value } } ');
}

test('moves hours from one account to the other and shows them in both statements', async () => {
  const payload = await pay(ana, transferInput(network, ana, ben, '1.5'));

  expect(payload).toEqual({
    transfer: { id: expect.stringMatching(/^trf_/), amount: { value: '1.50' } },
    errors: [],
  });
  expect(await balanceOf(server, network, ana)).toBe('-1.50');
  expect(await balanceOf(server, network, ben)).toBe('1.50');
  const statement = await ask(
    server,
    ben,
    `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { entries { nodes {
       number amount { value unit { code } } balanceAfter { value } transfer { description payer { holder { ... on Membership { displayName } } } }
       counterparty { holder { __typename } } } pageInfo { hasNextPage } } } } }`,
    { n: network.id, a: ben.accountId },
  );
  expect(statement.network.account.entries).toEqual({
    nodes: [
      {
        number: 1,
        amount: { value: '1.50', unit: { code: 'HOUR' } },
        balanceAfter: { value: '1.50' },
        transfer: { description: 'garden work', payer: { holder: { displayName: 'Ana' } } },
        counterparty: { holder: { __typename: 'Membership' } },
      },
    ],
    pageInfo: { hasNextPage: false },
  });
});

test('answers the same key with the same transfer and moves nothing again', async () => {
  const input = transferInput(network, ana, ben, '0.25');

  const first = await pay(ana, input);
  const before = await snapshot(server);
  const again = await Promise.all(Array.from({ length: 20 }, () => pay(ana, input)));

  expect(first.errors).toEqual([]);
  for (const answer of again) expect(answer).toEqual(first);
  expect(await snapshot(server)).toEqual(before);
});

test('executes one key once when it arrives a hundred times at once', async () => {
  const input = transferInput(network, ana, ben, '0.10');
  const balance = await balanceOf(server, network, ben);

  const answers = await Promise.all(Array.from({ length: 100 }, () => pay(ana, input)));

  expect(new Set(answers.map((answer) => answer.transfer?.id)).size).toBe(1);
  expect(Number(await balanceOf(server, network, ben))).toBeCloseTo(Number(balance) + 0.1);
});

test('does not repeat the answer to who has left', async () => {
  const cleo = await givenMember(server, network, 'Cleo');
  const input = transferInput(network, cleo, ben, '1');
  await pay(cleo, input);
  await pay(ben, transferInput(network, ben, cleo, '1'));
  const leave = { networkId: network.id, membershipId: cleo.membershipId };
  await tryMutate(server, cleo, 'membershipLeave', leave, 'membership { state }');

  const { errors } = await pay(cleo, input);

  expect(errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_A_MEMBER' })]);
});

test('refuses an address of a network that is none, with or without a key before it', async () => {
  const before = await snapshot(server);

  for (const networkId of ['', 'x', 'toString']) {
    const { errors } = await pay(ana, { ...transferInput(network, ana, ben, '1'), networkId });
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID_ID', path: 'networkId' })]);
  }
  expect(await snapshot(server)).toEqual(before);
});

test('refuses a key with other content', async () => {
  const input = transferInput(network, ana, ben, '0.25');
  await pay(ana, input);
  const before = await snapshot(server);

  const { errors } = await pay(ana, { ...input, amount: '0.26' });

  expect(errors).toEqual([expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED' })]);
  expect(await snapshot(server)).toEqual(before);
});

test('refuses what would pass the floor and says what is available', async () => {
  const cleo = await givenMember(server, network, 'Cleo');
  const before = await snapshot(server);

  const answer = await send(
    server,
    `mutation($input: TransferCreateInput!) { transferCreate(input: $input) {
       transfer { id } errors { code path ... on InsufficientCredit { available } } } }`,
    { input: transferInput(network, cleo, ben, '20.01') },
    { token: cleo.token },
  );

  const refusal = { code: 'INSUFFICIENT_CREDIT', path: 'amount', available: '20.00' };
  expect(answer.data.transferCreate).toEqual({ transfer: null, errors: [refusal] });
  expect(await snapshot(server)).toEqual(before);
});

test('takes a transfer up to the floor exactly', async () => {
  const dora = await givenMember(server, network, 'Dora');
  const eli = await givenMember(server, network, 'Eli');

  const payload = await pay(dora, transferInput(network, dora, eli, '20.00'));

  expect(payload.errors).toEqual([]);
  expect(await balanceOf(server, network, dora)).toBe('-20.00');
});

test('refuses what would pass the ceiling and says what is earnable', async () => {
  const rich = await givenMember(server, network, 'Rich');
  for (const name of ['P', 'Q']) {
    const payer = await givenMember(server, network, name);
    expect((await pay(payer, transferInput(network, payer, rich, '20.00'))).errors).toEqual([]);
  }
  const before = await snapshot(server);

  const { errors } = await pay(ana, transferInput(network, ana, rich, '0.01'));

  expect(errors).toEqual([
    expect.objectContaining({ code: 'CEILING_EXCEEDED', __typename: 'CeilingExceeded' }),
  ]);
  expect(await snapshot(server)).toEqual(before);
});

describe('refuses bad input and changes nothing:', () => {
  const cases: [string, (input: Record<string, unknown>) => object, string][] = [
    ['amount zero', (input) => ({ ...input, amount: '0' }), 'INVALID_AMOUNT'],
    ['a negative amount', (input) => ({ ...input, amount: '-1' }), 'INVALID_AMOUNT'],
    ['more decimals than the unit', (input) => ({ ...input, amount: '0.001' }), 'TOO_MANY_DECIMALS'],
    ['an amount beyond 2⁶³', (input) => ({ ...input, amount: '9999999999999999999' }), 'INVALID_AMOUNT'],
    ['an amount that is a number', (input) => ({ ...input, amount: 1 }), 'BAD_USER_INPUT'],
    ['an amount with an exponent', (input) => ({ ...input, amount: '1e3' }), 'BAD_USER_INPUT'],
    ['payer = payee', (input) => ({ ...input, payeeAccountId: input['payerAccountId'] }), 'SAME_ACCOUNT'],
    ['an account id of another kind', (input) => ({ ...input, payeeAccountId: network.id }), 'INVALID_ID'],
    [
      'an account that does not exist',
      (input) => ({ ...input, payeeAccountId: 'acc_01h455vb4pex5vsknk084sn02q' }),
      'NOT_FOUND',
    ],
    ['an empty description', (input) => ({ ...input, description: '  ' }), 'TEXT_TOO_SHORT'],
    ['a long description', (input) => ({ ...input, description: 'x'.repeat(501) }), 'TEXT_TOO_LONG'],
    ['an empty key', (input) => ({ ...input, idempotencyKey: '' }), 'INVALID_KEY'],
    ['a key with a line break', (input) => ({ ...input, idempotencyKey: 'a\nb' }), 'INVALID_KEY'],
    [
      'an unknown network',
      (input) => ({ ...input, networkId: 'net_01h455vb4pex5vsknk084sn02q' }),
      'NOT_FOUND',
    ],
    ['a network id of another kind', (input) => ({ ...input, networkId: ana.accountId }), 'INVALID_ID'],
    ['a text with NUL', (input) => ({ ...input, description: 'a\0b' }), 'BAD_USER_INPUT'],
  ];

  test.each(cases)('%s', async (_name, change, code) => {
    const before = await snapshot(server);

    const { errors } = await pay(
      ana,
      change(transferInput(network, ana, ben, '1') as Record<string, unknown>),
    );

    expect(errors).toEqual([expect.objectContaining({ code })]);
    expect(await snapshot(server)).toEqual(before);
  });
});

test('refuses to pay from an account that is somebody else’s', async () => {
  const before = await snapshot(server);

  const { errors } = await pay(ben, transferInput(network, ana, ben, '1'));

  expect(errors).toEqual([expect.objectContaining({ code: 'FORBIDDEN', reason: 'NOT_YOURS' })]);
  expect(await snapshot(server)).toEqual(before);
});

test('refuses an account of another network', async () => {
  const other = await givenNetwork(server);
  const before = await snapshot(server);

  const { errors } = await pay(ana, transferInput(network, ana, other.founder, '1'));

  expect(errors).toEqual([expect.objectContaining({ code: 'NOT_FOUND' })]);
  expect(await snapshot(server)).toEqual(before);
});

test('keeps every balance within limits and the sum at zero when many pay at once', async () => {
  const busy = await givenNetwork(server);
  const members = await Promise.all(
    ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => givenMember(server, busy, name)),
  );
  const random = mulberry32(7);
  const transfers = Array.from({ length: 300 }, () => {
    const [payer, payee] = pickTwo(members, random);
    return pay(payer, transferInput(busy, payer, payee, `${1 + Math.floor(random() * 9)}.00`));
  });

  const answers = await Promise.all(transfers);

  const codes = new Set(answers.flatMap(({ errors }) => errors.map((error: { code: string }) => error.code)));
  expect([...codes].filter((code) => code !== 'INSUFFICIENT_CREDIT' && code !== 'CEILING_EXCEEDED')).toEqual(
    [],
  );
  const { db } = server.app.database;
  const accounts = await db.rows<{ balanceMinor: bigint; entryCount: bigint; sum: bigint; entries: bigint }>(
    `select balance_minor, entry_count, coalesce(sum(amount_minor), 0)::bigint as sum, count(amount_minor) as entries
       from account a left join entry e on e.network_id = a.network_id and e.account_id = a.id
      where a.network_id = $1 group by a.network_id, a.id, balance_minor, entry_count`,
    [busy.id],
  );
  expect(accounts.reduce((sum, account) => sum + account.balanceMinor, 0n)).toBe(0n);
  for (const { balanceMinor, entryCount, sum, entries } of accounts) {
    expect(balanceMinor).toBe(sum);
    expect(entryCount).toBe(entries);
    expect(balanceMinor >= -2000n && balanceMinor <= 4000n).toBe(true);
  }
});

test('shows a stranger neither account nor transfer nor statement', async () => {
  const payload = await pay(ana, transferInput(network, ana, ben, '0.01'));
  const stranger = await givenPerson(server, 'Stranger');

  const query = `query($n: ID!, $a: ID!, $t: ID!) { node(id: $t) { id } network(id: $n) {
    account(id: $a) { id } viewerMembership { id } members { nodes { displayName } } } }`;
  const data = await ask(server, stranger, query, {
    n: network.id,
    a: ana.accountId,
    t: payload.transfer.id,
  });

  expect(data).toEqual({
    node: null,
    network: { account: null, viewerMembership: null, members: { nodes: [] } },
  });
});

test('keeps entries from being changed by the serving role', async () => {
  const { db } = server.app.database;

  for (const statement of [
    'update entry set amount_minor = 1',
    'delete from entry',
    'delete from transfer',
    'delete from event',
  ]) {
    await expect(db.execute(statement)).rejects.toThrow(/permission denied/);
  }
});

function pickTwo(members: Member[], random: () => number): [Member, Member] {
  const first = Math.floor(random() * members.length);
  const second = (first + 1 + Math.floor(random() * (members.length - 1))) % members.length;
  return [members[first] as Member, members[second] as Member];
}

/** A small generator of reproducible random numbers. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
