import type { AddressInfo } from 'node:net';
import WebSocket from 'ws';
import { makeApp, type App } from '../../src/app.ts';
import { MINUTE_MS } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { mutate, type Caller, type Json } from '../support/api.ts';
import { givenPersonWithDevice } from '../support/identity.ts';
import { until } from '../support/process.ts';
import { rowsAt, startTestServer, type TestServer } from '../support/server.ts';
import {
  addressOf,
  connect,
  gauge,
  METRICS_TOKEN,
  type Connection,
  type Feed,
} from '../support/subscriptions.ts';
import {
  givenMember,
  givenNetwork,
  givenOfficer,
  transferInput,
  type Member,
  type TestNetwork,
} from '../support/world.ts';

/** Subscriptions with a client that people use, over real sockets. */

let server: TestServer;
let network: TestNetwork;
let ana: Member;
let ben: Member;
let cleo: Member;
let open: Connection[] = [];

beforeAll(async () => {
  server = await startTestServer({
    metrics: { port: null, token: METRICS_TOKEN },
    corsOrigins: ['https://app.example.org'],
  });
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
  ben = await givenMember(server, network, 'Ben');
  cleo = await givenMember(server, network, 'Cleo');
});
afterAll(() => server.close());

afterEach(async () => {
  for (const { client } of open) await client.dispose();
  open = [];
  await until('all sockets are closed', async () => (await gauge(server, 'websocket_connections')) === 0);
  expect(await gauge(server, 'subscriptions')).toBe(0);
});

const ACCOUNTS = `subscription($n: ID!, $a: ID) { accountChanged(networkId: $n, accountId: $a) { id name balance { value } } }`;
const TRANSFERS = `subscription($n: ID!, $a: ID) {
  transferChanged(networkId: $n, accountId: $a) { id description amount { value } payer { id } payee { id } }
}`;

function connected(who: Caller | null, on = server, options = {}): Connection {
  const connection = connect(on, who?.token ?? null, options);
  open.push(connection);
  return connection;
}

/** Subscribes, and waits until the server has begun to follow. */
async function subscribed(
  who: Caller,
  query: string,
  accountId: string | null = null,
  on = server,
): Promise<Feed> {
  const before = await gauge(on, 'subscriptions');
  const feed = connected(who, on).subscribe(query, { n: network.id, a: accountId });
  await until('the subscription runs', async () => {
    if (feed.isOver) throw new Error(`It was refused: ${JSON.stringify(feed.error)}`);
    return (await gauge(on, 'subscriptions')) > before;
  });
  return feed;
}

const pay = async (payer: Member, payee: Member, amount = '0.10', on = server): Promise<string> => {
  const input = transferInput(network, payer, payee, amount);
  return (await mutate(on, payer, 'transferCreate', input, 'transfer { id }')).transfer.id;
};
const has = (feed: Feed, id: string) => feed.results.some(({ data }) => idIn(data) === id);
const idIn = (data: Json): string => (data.accountChanged ?? data.transferChanged)?.id;
const untilHas = (feed: Feed, id: string) => until(`${id} has come`, () => has(feed, id));

const rename = (name: string, of: Member) =>
  mutate(
    server,
    of,
    'accountUpdate',
    { networkId: network.id, accountId: of.accountId, name },
    'account { id }',
  );

describe('a change', () => {
  test('of an account is told to those whose it is, and to nobody else', async () => {
    const [ofAna, ofBen, ofCleo] = [
      await subscribed(ana, ACCOUNTS),
      await subscribed(ben, ACCOUNTS),
      await subscribed(cleo, ACCOUNTS),
    ];

    await pay(ana, ben, '0.25');
    await Promise.all([untilHas(ofAna, ana.accountId), untilHas(ofBen, ben.accountId)]);
    // What comes to Cleo next shows that nothing came before.
    await rename('Garden', cleo);
    await untilHas(ofCleo, cleo.accountId);

    expect(ofAna.results).toEqual([
      { data: { accountChanged: { id: ana.accountId, name: null, balance: { value: '-0.25' } } } },
    ]);
    expect(ofBen.results).toEqual([
      { data: { accountChanged: { id: ben.accountId, name: null, balance: { value: '0.25' } } } },
    ]);
    expect(ofCleo.results).toEqual([
      { data: { accountChanged: { id: cleo.accountId, name: 'Garden', balance: { value: '0.00' } } } },
    ]);
  });

  test('by a transfer is told to payer and payee with the transfer', async () => {
    const [ofAna, ofBen, ofCleo] = [
      await subscribed(ana, TRANSFERS),
      await subscribed(ben, TRANSFERS, ben.accountId),
      await subscribed(cleo, TRANSFERS),
    ];

    const id = await pay(ana, ben, '0.50');
    await Promise.all([untilHas(ofAna, id), untilHas(ofBen, id)]);
    const last = await pay(cleo, ana);
    await untilHas(ofCleo, last);

    const told = {
      id,
      description: 'garden work',
      amount: { value: '0.50' },
      payer: { id: ana.accountId },
      payee: { id: ben.accountId },
    };
    expect(ofAna.results[0]).toEqual({ data: { transferChanged: told } });
    expect(ofBen.results).toEqual([{ data: { transferChanged: told } }]);
    expect(ofCleo.results.map(({ data }) => idIn(data))).toEqual([last]);
  });

  test('of the state is told too, and of what one signs for', async () => {
    const gil = await givenMember(server, network, 'Gil');
    const input = { networkId: network.id, accountId: gil.accountId, membershipId: cleo.membershipId };
    await mutate(server, gil, 'signatoryAdd', input, 'account { id }');
    const [ofGil, ofCleo] = [await subscribed(gil, ACCOUNTS), await subscribed(cleo, ACCOUNTS)];

    const freeze = { networkId: network.id, accountId: gil.accountId, isFrozen: true };
    await mutate(server, network.founder, 'accountUpdate', freeze, 'account { id }');
    await Promise.all([untilHas(ofGil, gil.accountId), untilHas(ofCleo, gil.accountId)]);
    // Who signs no more is told no more.
    await mutate(server, gil, 'signatoryRemove', input, 'account { id }');
    await rename('Savings', gil);
    await until('Gil has heard', () => ofGil.results.at(-1).data.accountChanged.name === 'Savings');
    await rename('Garden', cleo);
    await untilHas(ofCleo, cleo.accountId);

    expect(ofCleo.results.map(({ data }) => idIn(data))).toEqual([gil.accountId, cleo.accountId]);
  });

  test('by a hold is told to whose account holds it', async () => {
    const ofAna = await subscribed(ana, ACCOUNTS);
    const { run } = server.app.services;
    const holdId = newId('hold');

    await rowsAt(
      server.databaseUrl('superuser'),
      `insert into hold (network_id, id, account_id, state, amount_minor, captured_minor, description, actor_system,
                         created_at, expires_at)
       values ($1, $2, $3, 'OPEN', 10, 0, 'a booking', 'test', now(), now() + interval '1 day')`,
      [network.id, holdId, ana.accountId],
    );
    await run({ kind: 'system', name: 'test' }, async (tx) =>
      tx.emit({ networkId: network.id, kind: 'HoldPlaced', subjectId: holdId }),
    );
    await untilHas(ofAna, ana.accountId);
  });

  test('comes to all of many who follow it', async () => {
    const connections = Array.from({ length: 10 }, () => connected(ana));
    const feeds = connections.flatMap((connection) =>
      Array.from({ length: 20 }, () => connection.subscribe(ACCOUNTS, { n: network.id })),
    );
    await until('all run', async () => (await gauge(server, 'subscriptions')) === 200);

    await pay(ana, ben);
    await until('all have heard', () => feeds.every((feed) => feed.results.length > 0));

    expect(feeds.every((feed) => has(feed, ana.accountId))).toBe(true);
  });
});

describe('permission is asked again at each delivery', () => {
  test('a suspended member learns no more of what is open to members', async () => {
    const dan = await givenMember(server, network, 'Dan');
    const pot = { networkId: network.id, unitId: network.unitId, name: 'Pot' };
    const { account } = await mutate(server, network.founder, 'accountOpen', pot, 'account { id }');
    const [ofDan, ofAna] = [
      await subscribed(dan, ACCOUNTS, account.id),
      await subscribed(ana, ACCOUNTS, account.id),
    ];
    await pay(ana, { ...ana, accountId: account.id });
    await until('both have heard', () => ofDan.results.length === 1 && ofAna.results.length === 1);

    const suspension = { networkId: network.id, membershipId: dan.membershipId, reason: 'absent' };
    await mutate(server, network.founder, 'membershipSuspend', suspension, 'membership { state }');
    await pay(ana, { ...ana, accountId: account.id });
    await until('Ana has heard', () => ofAna.results.length === 2);
    await mutate(server, network.founder, 'membershipReinstate', suspensionOf(dan), 'membership { state }');
    await pay(ana, { ...ana, accountId: account.id });
    await until('Dan hears again', () => ofDan.results.length > 1);

    expect(ofDan.results.map(({ data }) => data.accountChanged.balance.value)).toEqual(['0.10', '0.30']);
  });

  const suspensionOf = (member: Member) => ({ networkId: network.id, membershipId: member.membershipId });

  test('who has left learns no more', async () => {
    const eve = await givenMember(server, network, 'Eve');
    const auditor = await givenOfficer(server, network, 'AUDITOR');
    const [ofEve, ofAuditor] = [
      await subscribed(eve, ACCOUNTS),
      await subscribed(auditor, ACCOUNTS, eve.accountId),
    ];

    const leave = { networkId: network.id, membershipId: eve.membershipId };
    await mutate(server, eve, 'membershipLeave', leave, 'membership { state }');
    await until('the closing of the account is told', () => ofAuditor.results.length > 0);

    expect(ofEve.results).toEqual([]);
  });
});

describe('refuses', () => {
  const codes = (who: Caller, variables: object) =>
    connected(who).refusal(ACCOUNTS, { n: network.id, ...variables });

  test('a stranger', async () => {
    const { founder } = await givenNetwork(server);

    expect(await codes(founder, {})).toEqual(['FORBIDDEN']);
    expect(await codes(founder, { a: ana.accountId })).toEqual(['FORBIDDEN']);
  });

  test('what is not there, or not of its kind', async () => {
    expect(await codes(ana, { n: 'net_01h455vb4pex5vsknk084sn02q' })).toEqual(['NOT_FOUND']);
    expect(await codes(ana, { a: 'acc_01h455vb4pex5vsknk084sn02q' })).toEqual(['NOT_FOUND']);
    expect(await codes(ana, { a: 'nonsense' })).toEqual(['INVALID_ID']);
    expect(await codes(ana, { n: null })).toEqual(['BAD_USER_INPUT']);
  });

  test('somebody else’s statement', async () => {
    expect(await connected(cleo).refusal(TRANSFERS, { n: network.id, a: ana.accountId })).toEqual([
      'FORBIDDEN',
    ]);
  });

  test.each<[string, string | null, object]>([
    ['a visitor', null, {}],
    ['a token that nobody gave out', 'mus_'.padEnd(40, 'x'), {}],
    ['an authorization of another kind', null, { params: { authorization: 'Basic abc' } }],
  ])('%s', async (_name, token, options) => {
    const connection = connect(server, token, options);
    open.push(connection);

    await connection.refusal(ACCOUNTS, { n: network.id });

    expect(connection.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  test('a session that waits for a code', async () => {
    const person = await givenPersonWithDevice(server, 'Hal');
    // As after a sign-in at an identity provider.
    await server.app.database.db.execute('update session set second_factor_at = null where person_id = $1', [
      person.personId,
    ]);
    const connection = connected(person);

    await connection.refusal(ACCOUNTS, { n: network.id });

    expect(connection.closed).toEqual({ code: 4401, reason: 'ONE_TIME_CODE_NEEDED' });
  });

  test('to act for what is no membership', async () => {
    const connection = connected(ana, server, { params: { actingFor: ana.accountId } });

    await connection.refusal(ACCOUNTS, { n: network.id });

    expect(connection.closed).toEqual({ code: 4400, reason: 'INVALID_ID' });
  });

  const DEEP = `subscription($n: ID!) { accountChanged(networkId: $n) { ${'network { viewerMembership { '.repeat(9)} id ${'} }'.repeat(9)} } }`;
  const DEAR = `subscription($n: ID!) { accountChanged(networkId: $n) { network {
    members(first: 100) { nodes { accounts(first: 100) { nodes { id name } } } } } } }`;
  const DOUBLING = `subscription($n: ID!) { accountChanged(networkId: $n) { ...f0 } }
    ${Array.from({ length: 22 }, (_, level) => `fragment f${level} on Account { ...f${level + 1} ...f${level + 1} }`).join(' ')}
    fragment f22 on Account { id }`;

  test.each<[string, string, string]>([
    ['a query', '{ networks { nodes { id } } }', 'BAD_REQUEST'],
    ['a mutation', 'mutation { sessionEndAll { endedCount } }', 'BAD_REQUEST'],
    ['introspection', '{ __schema { types { name } } }', 'BAD_REQUEST'],
    [
      'introspection in a subscription',
      'subscription { __schema { types { name } } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'two subscriptions in one',
      `subscription { ${['a', 'b'].map((name) => `${name}: accountChanged(networkId: "x") { id }`).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    [
      '3,000 tokens',
      `subscription { accountChanged(networkId: "x") {${' id'.repeat(3_000)} } }`,
      'GRAPHQL_PARSE_FAILED',
    ],
    ['22 doubling fragments', DOUBLING, 'GRAPHQL_VALIDATION_FAILED'],
    ['what is too deep', DEEP, 'QUERY_TOO_COMPLEX'],
    ['what is too dear', DEAR, 'QUERY_TOO_COMPLEX'],
  ])('%s', async (_name, query, code) => {
    expect(await connected(ana).refusal(query, { n: network.id })).toContain(code);
  });

  test('the 21st subscription of a connection', async () => {
    const connection = connected(ana);
    const feeds = Array.from({ length: 20 }, () => connection.subscribe(ACCOUNTS, { n: network.id }));
    await until('all run', async () => (await gauge(server, 'subscriptions')) === 20);

    expect(await connection.refusal(ACCOUNTS, { n: network.id })).toEqual(['TOO_MANY_SUBSCRIPTIONS']);
    feeds[0]!.stop();
    await until('one has ended', async () => (await gauge(server, 'subscriptions')) === 19);
    connection.subscribe(ACCOUNTS, { n: network.id });
    await until('another runs', async () => (await gauge(server, 'subscriptions')) === 20);
    expect(connection.closed).toBeNull();
  });
});

describe('a socket', () => {
  const PROTOCOL = 'graphql-transport-ws';

  /** The status with which the server refuses to open one, or 101. */
  async function opening(path: string, headers: Record<string, string> = {}): Promise<number> {
    const socket = new WebSocket(server.url.replace('http', 'ws') + path, PROTOCOL, { headers });
    const status = await new Promise<number>((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    });
    socket.on('error', () => {});
    socket.terminate();
    return status;
  }

  test.each<[string | null, number]>([
    [null, 101],
    ['http://localhost:4000', 101],
    ['https://app.example.org', 101],
    ['https://evil.example.org', 403],
    ['http://localhost:4000.evil.example.org', 403],
    ['null', 403],
  ])('of the origin %s is answered with %d', async (origin, status) => {
    expect(await opening('/graphql', origin ? { origin } : {})).toBe(status);
  });

  test('opens at one address only', async () => {
    expect(await opening('/elsewhere')).toBe(404);
  });

  test('takes a session from the cookie of a browser', async () => {
    const connection = connected(null, server, {
      headers: { cookie: `mutuality_session=${ana.token}`, origin: 'http://localhost:4000' },
    });
    const feed = connection.subscribe(ACCOUNTS, { n: network.id });
    await until('it runs', async () => (await gauge(server, 'subscriptions')) === 1);

    await pay(ana, ben);
    await untilHas(feed, ana.accountId);
  });

  async function closing(prepare: (socket: WebSocket) => void, protocol = PROTOCOL): Promise<number> {
    const socket = new WebSocket(addressOf(server), protocol);
    socket.once('open', () => prepare(socket));
    socket.on('error', () => {});
    return new Promise((resolve) => socket.once('close', resolve));
  }

  const INIT = JSON.stringify({ type: 'connection_init' });

  test.each<[string, (socket: WebSocket) => void, number]>([
    ['a message of 70 kB', (socket) => socket.send(' '.repeat(70_000)), 1009],
    ['bytes', (socket) => socket.send(Buffer.from(INIT), { binary: true }), 1003],
    ['no message of the protocol', (socket) => socket.send('hello'), 4400],
    [
      'a subscription without a sign-in',
      (socket) => socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ x }' } })),
      4401,
    ],
    ['a visitor', (socket) => socket.send(INIT), 4401],
    ['silence', () => {}, 4408],
  ])('is closed by %s', async (_name, prepare, code) => {
    expect(await closing(prepare)).toBe(code);
  });

  test('is closed when the token is revoked', async () => {
    const feed = await subscribed(ana, ACCOUNTS);
    const [connection] = open;
    const input = { name: 'Script', scopes: ['TRADE'], expiresAt: '2026-04-01T00:00:00Z' };
    const given = await mutate(server, ana, 'accessTokenCreate', input, 'token accessToken { id }');
    await subscribed({ ...ana, token: given.token }, ACCOUNTS);
    const withToken = open[1]!;

    await mutate(
      server,
      ana,
      'accessTokenRevoke',
      { accessTokenId: given.accessToken.id },
      'revokedAccessTokenId',
    );
    server.clock.advance(MINUTE_MS);
    await until('it is closed', () => withToken.closed !== null);

    expect(withToken.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    expect(connection!.closed).toBeNull();
    await pay(ana, ben);
    await untilHas(feed, ana.accountId);
  });
});

describe('two servers on one database', () => {
  let app: App;
  let second: TestServer;

  beforeAll(async () => {
    const { config, log } = server.app.services;
    app = await makeApp({ config, log, clock: server.clock, databaseUrl: server.databaseUrl('app') });
    await app.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.server.address() as AddressInfo;
    second = { ...server, app, url: `http://127.0.0.1:${port}` };
  });
  afterAll(() => app.close());

  test('hear each other', async () => {
    const [onFirst, onSecond] = [
      await subscribed(ana, TRANSFERS),
      await subscribed(ana, TRANSFERS, null, second),
    ];

    const ids = [await pay(ana, ben, '0.10', server), await pay(ana, ben, '0.10', second)];
    for (const feed of [onFirst, onSecond]) for (const id of ids) await untilHas(feed, id);

    await open.at(-1)?.client.dispose();
    await until('the second is quiet', async () => (await gauge(second, 'subscriptions')) === 0);
  });

  test('miss nothing while the connection that listens is cut', async () => {
    const feed = await subscribed(ana, TRANSFERS);

    await rowsAt(
      server.databaseUrl('superuser'),
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and application_name = 'mutuality listening'`,
    );
    const id = await pay(ana, ben, '0.10', second);
    await untilHas(feed, id);
  });
});

test('a server that stops says goodbye to its sockets', async () => {
  const stopping = await startTestServer({ metrics: { port: null, token: METRICS_TOKEN } });
  const { id, founder } = await givenNetwork(stopping);
  const connection = connected(founder, stopping);
  connection.subscribe(ACCOUNTS, { n: id });
  await until('it runs', async () => (await gauge(stopping, 'subscriptions')) === 1);

  await stopping.close();

  await until('it is closed', () => connection.closed !== null);
  expect(connection.closed).toEqual({ code: 1001, reason: 'The server stops' });
});
