import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { cutSlowBodies } from '../../src/server/slow-bodies.ts';

let server: FastifyInstance;
let port: number;

beforeAll(async () => {
  server = Fastify();
  cutSlowBodies(server, { milliseconds: 100, slowRoutes: ['/slow'] });
  server.post('/', async () => 'done');
  server.post('/slow', async () => 'done');
  await server.listen({ host: '127.0.0.1', port: 0 });
  port = (server.server.address() as AddressInfo).port;
});

afterAll(() => server.close());

/** Begins a request of four bytes and sends half of them. */
async function sendHalf(path: string): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\nab`);
  return socket;
}

async function allFrom(socket: net.Socket): Promise<string> {
  const parts: string[] = [];
  socket.on('data', (data) => parts.push(data.toString())).on('error', () => {});
  await once(socket, 'close');
  return parts.join('');
}

test('cuts off who does not send the rest', async () => {
  const socket = await sendHalf('/');

  expect(await allFrom(socket)).toBe('');
});

test('waits longer where that is said', async () => {
  const slow = await sendHalf('/slow');
  // Begun later, and cut off before the other sends on.
  expect(await allFrom(await sendHalf('/'))).toBe('');

  slow.end('cd');

  expect(await allFrom(slow)).toContain('200 OK');
});

test('answers who sends all of it', async () => {
  const socket = await sendHalf('/');
  socket.end('cd');

  expect(await allFrom(socket)).toContain('200 OK');
});
