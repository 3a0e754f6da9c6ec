import { createClient, type Client, type SubscribePayload } from 'graphql-ws';
import WebSocket from 'ws';
import type { Json } from './api.ts';
import type { TestServer } from './server.ts';

export const METRICS_TOKEN = 'a token for the operator';

export interface Connection {
  client: Client;
  /** The code with which the socket was closed, and the reason; null while it is open. */
  closed: { code: number; reason: string } | null;
  subscribe(query: string, variables?: Record<string, unknown>): Feed;
  /** What the connection or the operation was refused with. */
  refusal(query: string, variables?: Record<string, unknown>): Promise<Json>;
}

/** What has come for one subscription so far. */
export interface Feed {
  results: Json[];
  error: Json;
  isOver: boolean;
  stop(): void;
}

export interface ConnectOptions {
  headers?: Record<string, string>;
  /** What the first message says beside or in place of the token. */
  params?: Record<string, unknown>;
}

/** A client that people use, over a real socket; it does not come again by itself. */
export function connect(
  server: TestServer,
  token: string | null,
  { headers = {}, params = {} }: ConnectOptions = {},
): Connection {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers });
    }
  }
  const client = createClient({
    url: addressOf(server),
    webSocketImpl: Socket,
    retryAttempts: 0,
    connectionParams: { ...(token && { authorization: `Bearer ${token}` }), ...params },
    on: {
      closed: (event) => {
        const { code, reason } = event as { code: number; reason: string };
        connection.closed = { code, reason };
      },
    },
  });
  const connection: Connection = {
    client,
    closed: null,
    subscribe(query, variables = {}) {
      const feed: Feed = { results: [], error: null, isOver: false, stop: () => {} };
      const payload: SubscribePayload = { query, variables };
      feed.stop = client.subscribe(payload, {
        next: (result) => void feed.results.push(result),
        error: (error) => Object.assign(feed, { error, isOver: true }),
        complete: () => void (feed.isOver = true),
      });
      return feed;
    },
    refusal: (query, variables = {}) =>
      new Promise((resolve, reject) => {
        client.subscribe(
          { query, variables },
          {
            next: (result) => reject(new Error(`It was answered: ${JSON.stringify(result)}`)),
            error: (error) => resolve(Array.isArray(error) ? error.map((one) => one.extensions.code) : error),
            complete: () => reject(new Error('It was done')),
          },
        );
      }),
  };
  return connection;
}

export function addressOf(server: TestServer): string {
  return `${server.url.replace('http', 'ws')}/graphql`;
}

/** How many subscriptions run, or sockets are open, as operators see it. The server needs the token for metrics. */
export async function gauge(
  server: TestServer,
  name: 'subscriptions' | 'websocket_connections',
): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const text = await (await fetch(`${server.url}/metrics`, { headers })).text();
  return Number(new RegExp(`^mutuality_${name} (\\d+)$`, 'm').exec(text)?.[1]);
}
