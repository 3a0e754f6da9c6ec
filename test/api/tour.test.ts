import { send, type Json } from '../support/api.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { readTour } from '../support/tour.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const kept = new Map<string, string>();

function filledIn(text: string): Json {
  return JSON.parse(text.replaceAll(/[A-Z]+(?:_[A-Z]+)+/g, (name) => kept.get(name) ?? name));
}

function valueAt(data: Json, place: string): string {
  const value = place.split('.').reduce((part, key) => part?.[key], data);
  expect(typeof value).toBe('string');
  return value;
}

const steps = readTour();

test('the README has a tour', () => {
  expect(steps.map((step) => step.title.split('.', 1)[0])).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
  ]);
});

test.each(steps)('$title', async ({ query, variables, headers, keeps, expectedCode }) => {
  const { data, errors } = await send(server, query, filledIn(variables), { headers: filledIn(headers) });

  expect(errors).toBeUndefined();
  const refusals = Object.values<Json>(data).flatMap((payload: Json) => payload?.errors ?? []);
  expect(refusals.map((error: Json) => error.code)).toEqual(expectedCode ? [expectedCode] : []);
  for (const [name, place] of keeps) kept.set(name, valueAt(data, place));
});

test('the statement shows the hour and a half', async () => {
  const step = steps.find(({ query }) => query.includes('Statement'));

  const answer = await send(server, step?.query ?? '', filledIn(step?.variables ?? ''), {
    headers: filledIn(step?.headers ?? ''),
  });

  const { account } = answer.data.network;
  expect(account.balance.value).toBe('1.50');
  expect(account.entries.nodes).toEqual([
    {
      number: 1,
      amount: { value: '1.50' },
      balanceAfter: { value: '1.50' },
      transfer: { description: 'New chain and brakes' },
      counterparty: { holder: { displayName: 'Ana' } },
    },
  ]);
});
