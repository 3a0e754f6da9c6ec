import type { FastifyInstance } from 'fastify';
import { Kind, parse, validate, type OperationDefinitionNode } from 'graphql';
import { getVariableValues } from 'graphql/execution/values';
import { buildSchema } from '../../src/server/build-schema.ts';
import { examples } from '../../src/server/examples.ts';
import { renderSteps } from '../../src/server/landing-steps.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let http: FastifyInstance;
beforeAll(async () => {
  server = await startTestServer();
  http = server.app.server;
});
afterAll(() => server.close());

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

test('shows the explorer to a browser that opens /graphql', async () => {
  const response = await http.inject({ url: '/graphql', headers: BROWSER });

  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(response.headers['content-security-policy']).toContain("script-src 'self';");
  expect(response.headers['x-content-type-options']).toBe('nosniff');
  expect(response.body).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|https?:\/\//);
});

test.each([
  'application/json',
  'application/graphql-response+json, application/json;q=0.9',
  '*/*',
  undefined,
])('leaves a query by GET with Accept %s to GraphQL', async (accept) => {
  const headers = { 'apollo-require-preflight': '1', ...(accept && { accept }) };

  const response = await http.inject({ url: '/graphql?query={__typename}', headers });

  expect(response.json()).toEqual({ data: { __typename: 'Query' } });
  expect(response.headers.vary).toContain('Accept');
});

test.each(['/', '/graphql'])('serves every file that %s links, to be kept for ever', async (url) => {
  const page = await http.inject({ url, headers: BROWSER });
  const links = [...page.body.matchAll(/(?:href|src|data-examples)="(\/[^"]*\?v=[^"]*)"/g)];

  const responses = await Promise.all(
    links.map(([, link = '']) => http.inject({ url: link, headers: { 'accept-encoding': 'gzip' } })),
  );

  expect(links.length).toBeGreaterThan(1);
  for (const response of responses) {
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'x-content-type-options': 'nosniff',
    });
  }
});

test('answers 304 for a file that the browser has', async () => {
  const first = await http.inject('/site.css');

  const headers = { 'if-none-match': String(first.headers.etag) };
  const second = await http.inject({ url: '/site.css', headers });

  expect(first.headers['cache-control']).toBe('no-cache');
  expect([second.statusCode, second.body]).toEqual([304, '']);
});

test('shows the first three examples as steps, without script', async () => {
  const response = await http.inject('/');

  expect(response.body.match(/<li class="step">/g)).toHaveLength(3);
  expect(response.body).toContain(examples[0]?.title);
  expect(response.body).not.toContain('<script');
});

test('writes an example as text, whatever it holds', () => {
  const html = renderSteps([{ title: 'Say <b>&', query: '{ a(b: "c") }', variables: { d: '</code>' } }]);

  expect(html).toContain('<h3>Say &lt;b&gt;&amp;</h3>');
  expect(html).toContain('{ a(b: &quot;c&quot;) }');
  expect(html).toContain('&lt;/code&gt;');
});

test('serves the examples as JSON', async () => {
  const response = await http.inject('/explorer/examples.json');

  expect(response.json()).toEqual(examples);
});

test.each(examples)('offers an example that the schema allows: $title', ({ query, variables = {} }) => {
  const schema = buildSchema();
  const document = parse(query);
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );

  const problems = [
    ...validate(schema, document),
    ...operations.flatMap(
      ({ variableDefinitions = [] }) =>
        getVariableValues(schema, variableDefinitions, variables).errors ?? [],
    ),
  ];

  expect(operations).toHaveLength(1);
  expect(problems).toEqual([]);
});
