import http from 'node:http';
import { PDF, upload } from '../support/files.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from '../support/world.ts';

const AT_ONCE = 10;

let server: TestServer;
let network: TestNetwork;
let ana: Member;

beforeAll(async () => {
  server = await startTestServer();
  network = await givenNetwork(server);
  ana = await givenMember(server, network, 'Ana');
});
afterAll(() => server.close());

interface Begun {
  request: http.ClientRequest;
  /** The status, once it is answered. */
  status: Promise<number>;
}

/** Begins an upload of which the body is still to come. */
function begin(): Begun {
  const request = http.request(`${server.url}/files?network=${network.id}`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${ana.token}`, 'content-length': PDF.length },
  });
  const status = new Promise<number>((resolve, reject) => {
    request.once('error', reject).once('response', (response) => resolve(response.resume().statusCode ?? 0));
  });
  status.catch(() => undefined);
  request.flushHeaders();
  return { request, status };
}

/** Begins one more than are received at once; gives the one that is answered while all wait, and the others. */
async function beginTooMany(): Promise<{ status: number; others: Begun[] }> {
  const begun = Array.from({ length: AT_ONCE + 1 }, begin);
  const first = await Promise.race(begun.map(async (one, index) => ({ status: await one.status, index })));
  begun[first.index]!.request.destroy();
  return { status: first.status, others: begun.filter((_, index) => index !== first.index) };
}

test('of more uploads than are received at once, the last is refused before its body comes', async () => {
  const { status, others } = await beginTooMany();
  expect(status).toBe(503);
  expect(await upload(server, ana, network.id, PDF)).toMatchObject({ status: 503, code: 'OVERLOADED' });

  for (const { request } of others) request.end(PDF);

  expect(await Promise.all(others.map((one) => one.status))).toEqual(Array(AT_ONCE).fill(201));
  expect((await upload(server, ana, network.id, PDF)).status).toBe(201);
});

test('who breaks off makes room for others', async () => {
  const { others } = await beginTooMany();

  for (const { request } of others) request.destroy();

  const statuses: number[] = [];
  while (statuses.at(-1) !== 201 && statuses.length < 100) {
    statuses.push((await upload(server, ana, network.id, PDF)).status);
  }
  expect(statuses.at(-1)).toBe(201);
});
