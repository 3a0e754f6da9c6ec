import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { buildSchema as schemaFrom, getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import pg from 'pg';
import { pino } from 'pino';
import { DatabaseProbe } from '../../src/kernel/database-probe.ts';
import { packageRoot } from '../../src/kernel/package-root.ts';
import { makeHttpServer } from '../../src/server/http.ts';
import { LIMITS } from '../../src/server/limits.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { givenPerson, send, type Json } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

// Lists and numbers of every kind, whatever the product's own schema has at the time.
const SCHEMA = schemaFrom(`
  type Query { items(first: Int, after: String): ItemConnection  some(ids: [ID!]!): [Item!]  number(value: Int): Int }
  type ItemConnection { nodes: [Item!]! edges: [ItemEdge!]! }
  type ItemEdge { node: Item! }
  type Item { name: String!  parts: [Item!]!  items(first: Int): ItemConnection! }
  type Subscription { tick: Int }
`);

let server: TestServer;
let other: FastifyInstance;
const logged: string[] = [];

beforeAll(async () => {
  server = await startTestServer({}, pino({ level: 'error' }, { write: (line) => void logged.push(line) }));
  const { services, database } = server.app;
  const probe = new DatabaseProbe(server.databaseUrl('app'));
  const metrics = new Metrics({ pool: database.pool, probe, clock: server.clock });
  other = await makeHttpServer(services, SCHEMA, { config: services.config, probe, metrics });
  await other.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await other.close();
  await server.close();
});

type Body = NonNullable<RequestInit['body']>;

interface Answer {
  status: number;
  code: string | undefined;
  body: Json;
}

async function answerOf(response: Response): Promise<Answer> {
  const body: Json = await response.json();
  return { status: response.status, code: body.errors?.[0]?.extensions?.code, body };
}

async function post(body: Body, headers: Record<string, string> = {}): Promise<Answer> {
  const all = { 'content-type': 'application/json', ...headers };
  return answerOf(await fetch(`${server.url}/graphql`, { method: 'POST', headers: all, body }));
}

function ask(query: string, variables: object = {}, more: object = {}): Promise<Answer> {
  return post(JSON.stringify({ query, variables, ...more }));
}

async function askOther(body: string): Promise<Answer> {
  const { port } = other.server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json' };
  return answerOf(await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body }));
}

const SIGN_IN =
  'mutation($input: SessionStartInput!) { sessionStart(input: $input) { token errors { code } } }';

function doublingFragments(levels: number): string {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment f${level} on Query { ...f${level + 1} ...f${level + 1} }`,
  );
  return `{ ...f0 } ${fragments.join(' ')} fragment f${levels} on Query { __typename }`;
}

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({
    url: () => `${server.url}/graphql`,
    // Without this header the server refuses queries by GET, as any page could send them with a visitor's cookie.
    fetchFn: (url: string, init: RequestInit = {}) => {
      const headers = { ...(init.headers as Record<string, string>), 'apollo-require-preflight': '1' };
      return fetch(url, { ...init, headers });
    },
  });

  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    expect(await audit.fn()).toMatchObject({ status: 'ok' });
  });
});

describe('refuses', () => {
  test.each<[string, string, object, string]>([
    ['10,000 levels', `${'{a'.repeat(10_000)}${'}'.repeat(10_000)}`, {}, 'GRAPHQL_PARSE_FAILED'],
    ['3,000 tokens', `{${' __typename'.repeat(3_000)} }`, {}, 'GRAPHQL_PARSE_FAILED'],
    ['22 doubling fragments', doublingFragments(22), {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a circle of fragments', '{ ...a } fragment a on Query { ...a }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      '11 mutations',
      `mutation { ${Array.from({ length: 11 }, (_, i) => `a${i}: sessionEndAll { endedCount }`).join(' ')} }`,
      {},
      'QUERY_TOO_COMPLEX',
    ],
    [
      'two sign-ins in one request',
      `mutation($input: SessionStartInput!) { a: sessionStart(input: $input) { token } ...b }
       fragment b on Mutation { c: sessionStart(input: $input) { token } }`,
      { input: { email: 'ana@example.org', password: 'guess' } },
      'QUERY_TOO_COMPLEX',
    ],
    [
      'the whole files of a page of votes',
      `{ network(id: "net_01h455vb4pex5vsknk084sn02q") { proposals(first: 50) { nodes { publishedBallotsFile } } } }`,
      {},
      'QUERY_TOO_COMPLEX',
    ],
    [
      'two imports in one request',
      `mutation($input: TransferImportInput!) { a: transferImport(input: $input) { errors { code } }
       b: transferImport(input: $input) { errors { code } } }`,
      { input: {} },
      'QUERY_TOO_COMPLEX',
    ],
    ['a NUL in a variable', SIGN_IN, { input: { email: 'a\0', password: 'b' } }, 'BAD_USER_INPUT'],
    ['a NUL in a literal', '{ __type(name: "\\u0000") { name } }', {}, 'BAD_USER_INPUT'],
    ['a NUL in the query', '{ __typename \0 }', {}, 'GRAPHQL_PARSE_FAILED'],
    [
      'half a character in a variable',
      SIGN_IN,
      { input: { email: '\ud800', password: 'b' } },
      'BAD_USER_INPUT',
    ],
    ['half a character in a literal', '{ __type(name: "\\uD800") { name } }', {}, 'GRAPHQL_PARSE_FAILED'],
    ['half a character in the query', '{ __typename # \ud800\n }', {}, 'GRAPHQL_PARSE_FAILED'],
    ['a number for a text', SIGN_IN, { input: { email: 1, password: 'b' } }, 'BAD_USER_INPUT'],
    ['a list with 101 items', '{ __typename }', { list: Array(101).fill(1) }, 'BAD_USER_INPUT'],
    ['an unknown field', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ])('%s', async (_name, query, variables, code) => {
    const answer = await ask(query, variables);

    expect(answer).toMatchObject({ status: 200, code });
    expect(answer.body.data).toBeUndefined();
  });

  test.each<[string, string]>([
    [
      'a page of pages by variable',
      'query($n: Int) { items(first: $n) { nodes { items(first: $n) { nodes { name parts { name } } } } } }',
    ],
    [
      'the same by default value',
      'query($m: Int = 100) { items(first: $m) { nodes { items(first: $m) { nodes { name parts { name } } } } } }',
    ],
    [
      'the same by literal',
      '{ items(first: 100) { edges { node { items(first: 100) { nodes { name parts { name } } } } } } }',
    ],
    ['many ids', 'query($ids: [ID!]!) { some(ids: $ids) { parts { parts { parts { name } } } } }'],
    [
      'depth',
      `{ items(first: 1) { nodes { ${'items(first: 1) { nodes { '.repeat(8)} name ${'} } '.repeat(8)} } } }`,
    ],
    [
      'depth by fragments that were weighed before',
      `{ a: items(first: 1) { nodes { ...four } } b: items(first: 1) { nodes { ...three } } ...one }
       fragment one on Query { items(first: 1) { nodes { ...two } } }
       fragment two on Item { items(first: 1) { nodes { items(first: 1) { nodes { ...three } } } } }
       fragment three on Item { items(first: 1) { nodes { items(first: 1) { nodes { ...four } } } } }
       fragment four on Item { items(first: 1) { nodes { items(first: 1) { nodes { items(first: 1) { nodes { name } } } } } } }`,
    ],
  ])('too much: %s', async (_name, query) => {
    const ids = Array.from({ length: 100 }, (_, index) => `${index}`);

    const answer = await askOther(JSON.stringify({ query, variables: { n: 100, ids } }));

    expect(answer).toMatchObject({ status: 200, code: 'QUERY_TOO_COMPLEX' });
  });

  test.each(['2147483648', '-2147483649', '1e400', '1.5', '"1"', '9007199254740993', 'true', '[1]'])(
    'the whole number %s',
    async (value) => {
      const byVariable = await askOther(
        `{"query":"query($v: Int) { number(value: $v) }","variables":{"v":${value}}}`,
      );
      const byLiteral = await askOther(JSON.stringify({ query: `{ number(value: ${value}) }` }));

      // A list of one is what GraphQL takes a single value for, but not the other way round.
      expect([byVariable.code, byLiteral.code]).toEqual(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']);
    },
  );

  test('a subscription over HTTP', async () => {
    const answer = await askOther('{"query":"subscription { tick }"}');

    expect(answer).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  test('values that nest without end', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

    const answer = await post(`{"query":"{ __typename }","variables":{"a":${deep}}}`);

    expect(answer).toMatchObject({ status: 200, code: 'BAD_USER_INPUT' });
  });

  test('a text of a megabyte without keeping it', async () => {
    const answer = await ask(SIGN_IN, { input: { email: 'a'.repeat(1_000_000), password: 'b' } });

    expect(answer.body.data.sessionStart.errors).toEqual([{ code: 'SIGN_IN_REFUSED' }]);
    const [kept] = await server.app.database.db.rows<{ length: number }>(
      'select max(length(key)) as length from throttle',
    );
    expect(kept?.length).toBeLessThan(100);
  });
});

describe('answers a malformed request with a code', () => {
  const QUERY = '{"query":"{ __typename }"}';
  const invalidUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);

  test.each<[string, Body, Record<string, string>, number, string]>([
    ['text that a form could send', QUERY, { 'content-type': 'text/plain' }, 400, 'BAD_REQUEST'],
    [
      'a form',
      'query={__typename}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'BAD_REQUEST',
    ],
    ['a multipart form', '--x', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'BAD_REQUEST'],
    ['a batch', `[${QUERY},${QUERY}]`, {}, 400, 'BAD_REQUEST'],
    ['no query', '{}', {}, 400, 'BAD_REQUEST'],
    ['a query that is no text', '{"query":1}', {}, 400, 'BAD_REQUEST'],
    ['variables that are a list', '{"query":"{ __typename }","variables":[]}', {}, 400, 'BAD_REQUEST'],
    ['half of JSON', '{"query":', {}, 400, 'BAD_REQUEST'],
    ['nothing', '', {}, 400, 'BAD_REQUEST'],
    ['bytes that are not UTF-8', invalidUtf8, {}, 400, 'BAD_REQUEST'],
    [
      'an unknown operation name',
      '{"query":"query A { __typename }","operationName":"B"}',
      {},
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a persisted query',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}',
      {},
      200,
      'PERSISTED_QUERY_NOT_SUPPORTED',
    ],
    ['another kind of authorization', QUERY, { authorization: 'Basic YTpi' }, 401, 'UNAUTHENTICATED'],
    ['an unknown token', QUERY, { authorization: `Bearer mus_${'x'.repeat(40)}` }, 401, 'UNAUTHENTICATED'],
    ['a malformed Acting-For', QUERY, { 'acting-for': 'somebody' }, 400, 'INVALID_ID'],
    [
      'an Acting-For of another kind',
      QUERY,
      { 'acting-for': 'per_01h455vb4pex5vsknk084sn02q' },
      400,
      'INVALID_ID',
    ],
  ])('%s', async (_name, body, headers, status, code) => {
    expect(await post(body, headers)).toMatchObject({ status, code });
  });

  test.each<[string, string, RequestInit, number, string]>([
    [
      'a mutation by GET',
      '/graphql?query=mutation{sessionEndAll{endedCount}}',
      { headers: { 'apollo-require-preflight': '1' } },
      405,
      'BAD_REQUEST',
    ],
    ['a query by GET that any page could send', '/graphql?query={__typename}', {}, 400, 'BAD_REQUEST'],
    ['an unknown address', '/nothing', {}, 404, 'NOT_FOUND'],
    ['an address that is none', '/%ff', {}, 400, 'BAD_REQUEST'],
    ['another method', '/graphql', { method: 'DELETE' }, 404, 'NOT_FOUND'],
  ])('%s', async (_name, address, init, status, code) => {
    expect(await answerOf(await fetch(`${server.url}${address}`, init))).toMatchObject({ status, code });
  });

  test('says 400 for a fault in the query to who asks for GraphQL’s own media type', async () => {
    const headers = { accept: 'application/graphql-response+json' };

    expect(await post('{"query":"{ nothing }"}', headers)).toMatchObject({
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
  });
});

describe('lets nobody keep an answer or take it for another kind of file', () => {
  const json = { 'content-type': 'application/json' };
  const query = '{"query":"{ __typename }"}';

  test.each<[string, RequestInit]>([
    ['that is good', { method: 'POST', headers: json, body: query }],
    ['to a faulty query', { method: 'POST', headers: json, body: '{"query":"{ nothing }"}' }],
    ['to half of JSON', { method: 'POST', headers: json, body: '{"query":' }],
    [
      'to an unknown token',
      { method: 'POST', headers: { ...json, authorization: `Bearer mus_${'x'.repeat(40)}` }, body: query },
    ],
    ['to a form', { method: 'POST', headers: { 'content-type': 'multipart/form-data' }, body: '' }],
    ['to a query by GET', { headers: { 'apollo-require-preflight': '1' } }],
  ])('%s', async (_name, init) => {
    const address = init.method ? '/graphql' : '/graphql?query={__typename}';

    const { headers } = await fetch(`${server.url}${address}`, init);

    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });
});

test.each([
  ['announced', { 'content-length': '50000000' }],
  ['not announced', { 'transfer-encoding': 'chunked' }],
])('refuses 50 MB that were %s without reading them, and hangs up', async (_name, length) => {
  const headers = { 'content-type': 'application/json', ...length };
  const request = http.request(`${server.url}/graphql`, { method: 'POST', headers, agent: false });
  const chunk = Buffer.alloc(64_000, 32);
  let sent = 0;
  const pump = () => {
    let isWanted = true;
    while (isWanted && sent < 50_000_000 && !request.destroyed) {
      isWanted = request.write(chunk);
      sent += chunk.length;
    }
    if (!isWanted) request.once('drain', pump);
  };
  // The server hangs up while we are still sending.
  request.on('error', () => {});
  pump();

  const response = await new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve));
  const chunks = (await response.toArray()) as Buffer[];
  request.destroy();

  expect(response.statusCode).toBe(413);
  expect(response.headers.connection).toBe('close');
  expect(JSON.parse(Buffer.concat(chunks).toString()).errors[0].extensions.code).toBe('PAYLOAD_TOO_LARGE');
  expect(sent).toBeLessThan(40_000_000);
  expect(await ask('{ __typename }')).toMatchObject({ status: 200, code: undefined });
});

test('gives slow and silent connections a bounded time', () => {
  const { headersTimeout, requestTimeout, keepAliveTimeout } = server.app.server.server;

  expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
    headersTimeout: 5_000,
    // Of uploads; all others are cut off by the server itself.
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
  });
});

test('lets the explorer read the whole schema', async () => {
  const query = getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true });

  const answer = await ask(query, {}, { operationName: 'IntrospectionQuery' });

  expect(answer.body.errors).toBeUndefined();
  expect(answer.body.data.__schema.types.length).toBeGreaterThan(20);
});

test('hides the schema where the configuration says so', async () => {
  const closed = await startTestServer({ introspection: false });

  const answer = await send(closed, '{ __schema { types { name } } }');
  await closed.close();

  expect(answer.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
});

test('keeps the cause of a failure for the log', async () => {
  const ana = await givenPerson(server, 'Ana');
  const superuser = new pg.Client(server.databaseUrl('superuser'));
  await superuser.connect();
  await superuser.query('alter table person rename to person_gone');

  const answer = await send(server, '{ viewer { sessions { id } person { id } } }', {}, { ...ana });
  const mutation = await ask(
    'mutation($input: PersonRegisterInput!) { personRegister(input: $input) { person { id } errors { code } } }',
    { input: { name: 'Ben', email: 'ben@example.org', password: 'correct horse battery' } },
  );
  await superuser.query('alter table person_gone rename to person');
  await superuser.end();

  for (const { errors } of [answer, mutation.body]) {
    const { errorId } = errors[0].extensions;
    expect(errors).toEqual([
      {
        message: 'Something went wrong. Report this id.',
        ...(errors[0].path && { path: errors[0].path }),
        extensions: { code: 'INTERNAL', errorId: expect.stringMatching(/^evt_/) },
      },
    ]);
    const line = logged.find((entry) => entry.includes(errorId));
    expect(line).toContain('relation \\"person\\" does not exist');
  }
});

test.each(Object.entries(LIMITS))('has the limit of %s that the documentation tells', (name, value) => {
  const documentation = readFileSync(path.join(packageRoot(), 'docs/limits.md'), 'utf8');

  const row = new RegExp(`^\\| \`${name}\` +\\| ([\\d,]+) `, 'm').exec(documentation);

  expect(row?.[1]).toBe(value.toLocaleString('en'));
});
