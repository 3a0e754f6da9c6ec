import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import {
  CloseCode,
  handleProtocols,
  makeServer,
  type Server,
  type WebSocket as ProtocolSocket,
} from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { SECOND_MS } from '../kernel/clock.ts';
import type { Config } from '../kernel/config.ts';
import { DomainError, Unauthenticated } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { AppServices } from '../resolvers/context.ts';
import { makeRowLoaders, type RowLoaders } from '../resolvers/loaders/loaders.ts';
import type { Presented } from '../services/people/authenticate.ts';
import { actingForIn, bearerToken, sessionCookieIn } from './context.ts';
import { LIMITS } from './limits.ts';
import { errorFormatter } from './format-error.ts';
import { Gate } from './gate.ts';
import { Subscriber, type SubscriberParts } from './subscriber.ts';

/** One client. */
interface Client {
  socket: WebSocket;
  request: IncomingMessage;
  subscriber: Subscriber;
  /** Whether it has shown a sign of life since it was last asked for one. */
  isAlive: boolean;
  closed: Promise<void>;
}

const PATH = '/graphql';
const LOOK_EVERY_MS = SECOND_MS;
const PING_EVERY_MS = 15 * SECOND_MS;
const INIT_MS = 5 * SECOND_MS;
const GOODBYE_MS = SECOND_MS;
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const TRY_AGAIN_LATER = 1013;

/**
 * Serves subscriptions over WebSocket, by the protocol `graphql-transport-ws`. A socket goes round everything that guards
 * requests over HTTP, so each of those guards is set up here again.
 */
export class SubscriptionServer {
  private readonly clients = new Set<Client>();
  private readonly protocol: Server<Client>;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offered) => handleProtocols(offered),
    maxPayload: LIMITS.messageBytes,
    // Packed messages could unpack to far more than they are allowed.
    perMessageDeflate: false,
  });
  private timers: NodeJS.Timeout[] = [];
  private isClosing = false;

  private readonly parts: SubscriberParts;

  constructor(given: Omit<SubscriberParts, 'format' | 'gate' | 'rows'>) {
    const { app } = given;
    const gate = new Gate(Math.max(1, Math.floor(app.config.database.poolSize / 2)));
    this.parts = { ...given, gate, format: errorFormatter(app.log), rows: sharedRows(app) };
    this.protocol = makeServer<Record<string, unknown>, Client>({
      connectionInitWaitTimeout: INIT_MS,
      onConnect: ({ connectionParams, extra }) => this.signIn(extra, connectionParams ?? {}),
      onSubscribe: ({ extra }, _id, payload) => extra.subscriber.subscribe(payload),
      // It is under way already.
      subscribe: ({ contextValue }) => contextValue as never,
      onNext: ({ extra }, _id, _payload, _args, { errors, ...result }) => ({
        ...result,
        ...(errors && { errors: errors.map((error) => extra.subscriber.format(error)) }),
      }),
      onError: ({ extra }, _id, _payload, errors) => errors.map((error) => extra.subscriber.format(error)),
    });
  }

  /** Takes WebSockets on the address of the GraphQL endpoint, until the server closes. */
  attachTo(server: FastifyInstance): void {
    server.server.on('upgrade', (request, stream, head) => this.upgrade(request, stream, head));
    this.timers = [
      setInterval(() => this.lookAtCredentials(), LOOK_EVERY_MS).unref(),
      setInterval(() => this.ping(), PING_EVERY_MS).unref(),
    ];
    // Before the server waits for its connections to end: these do not end by themselves.
    server.addHook('preClose', () => this.close());
  }

  private upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const status = this.refusalOf(request);
    if (status === null) {
      this.sockets.handleUpgrade(request, stream, head, (socket) => this.open(socket, request));
      return;
    }
    // A client that is gone already need not be told.
    stream.on('error', () => stream.destroy());
    stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  private refusalOf({ url, headers }: IncomingMessage): string | null {
    if (url?.split('?', 1)[0] !== PATH) return '404 Not Found';
    if (this.isClosing) return '503 Service Unavailable';
    return isAllowedOrigin(this.parts.app.config, headers.origin) ? null : '403 Forbidden';
  }

  private open(socket: WebSocket, request: IncomingMessage): void {
    const { log } = this.parts.app;
    const edge = { requestId: newId('event'), userAgent: request.headers['user-agent'] ?? null };
    const subscriber = new Subscriber(this.parts, edge, (error) => turnAway(socket, error));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const client: Client = { socket, request, subscriber, isAlive: true, closed };
    this.clients.add(client);
    this.parts.metrics.countSockets(1);
    // Faults of the client, such as a message that is too long: `ws` closes the socket and says why.
    socket.on('error', ({ message }) => log.debug({ ...edge, message }, 'a WebSocket broke'));
    socket.on('pong', () => (client.isAlive = true));
    const onClosed = this.protocol.opened(
      transportOf(client, (error) => this.fail(client, error)),
      client,
    );
    socket.once('close', (code, reason) => {
      this.clients.delete(client);
      this.parts.metrics.countSockets(-1);
      const ending = Promise.all([onClosed(code, String(reason)), subscriber.end()]);
      ending.catch((error: unknown) => log.error({ ...edge, err: error }, 'closing a WebSocket failed'));
    });
  }

  private async signIn(
    { socket, request, subscriber }: Client,
    params: Record<string, unknown>,
  ): Promise<boolean> {
    try {
      await subscriber.signIn(presentedBy(request, params));
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      turnAway(socket, error);
      return false;
    }
  }

  /** Something unexpected: the client may come again, and learns no more. */
  private fail({ socket }: Client, error: unknown): void {
    if (!(error instanceof Unauthenticated)) this.parts.app.log.error({ err: error }, 'a WebSocket failed');
    socket.close(TRY_AGAIN_LATER, 'Try again later');
  }

  private lookAtCredentials(): void {
    for (const { subscriber, socket } of this.clients) {
      if (socket.bufferedAmount > LIMITS.bufferedBytes) socket.terminate();
      // Whoever is signed out is turned away by it; while the database is away nobody is.
      else if (subscriber.isDue) subscriber.authenticate().catch(() => {});
    }
  }

  /** Finds out who is gone without a goodbye, and keeps proxies from closing what is quiet. */
  private ping(): void {
    for (const client of this.clients) {
      if (!client.isAlive) client.socket.terminate();
      client.isAlive = false;
      if (client.socket.readyState === client.socket.OPEN) client.socket.ping();
    }
  }

  /** Sends everybody away, and cuts off who does not answer. */
  private async close(): Promise<void> {
    this.isClosing = true;
    for (const timer of this.timers) clearInterval(timer);
    const clients = [...this.clients];
    for (const { socket } of clients) socket.close(GOING_AWAY, 'The server stops');
    if (clients.length === 0) return;
    const patience = new AbortController();
    const allClosed = Promise.all(clients.map((client) => client.closed)).then(() => patience.abort());
    await sleep(GOODBYE_MS, undefined, { signal: patience.signal }).catch(() => {});
    for (const { socket } of clients) socket.terminate();
    await allClosed;
  }
}

/** Tells by the code of closing what kind of refusal it is, and by the reason which. */
function turnAway(socket: WebSocket, error: DomainError): void {
  const code = error instanceof Unauthenticated ? CloseCode.Unauthorized : CloseCode.BadRequest;
  socket.close(code, String(error.fields['reason'] ?? error.code));
}

/** Rows that deliveries share until there are newer events: what has changed since was told by none. */
function sharedRows({ db, changes }: AppServices): () => RowLoaders {
  let revision = -1;
  let rows: RowLoaders;
  return () => {
    if (changes.revision !== revision) rows = makeRowLoaders(db);
    ({ revision } = changes);
    return rows;
  };
}

/** A browser names the page that connects, and a foreign one could use its visitor's cookie. Other programs name none. */
function isAllowedOrigin({ publicUrl, corsOrigins }: Config, origin: string | undefined): boolean {
  return origin === undefined || origin === new URL(publicUrl).origin || corsOrigins.includes(origin);
}

/** What the first message says, and in its place the cookie with which a browser has connected. */
function presentedBy(request: IncomingMessage, params: Record<string, unknown>): Presented {
  const { authorization, actingFor } = params;
  return {
    token:
      typeof authorization === 'string'
        ? bearerToken(authorization)
        : sessionCookieIn(request.headers.cookie),
    address: request.socket.remoteAddress ?? '',
    actingForMembershipId: actingForIn(actingFor ?? undefined, 'actingFor'),
  };
}

/** How the protocol sends and hears. A message is sent when it has left for the network: slow clients are waited for. */
function transportOf({ socket }: Client, fail: (error: unknown) => void): ProtocolSocket {
  return {
    protocol: socket.protocol,
    send: (data) =>
      new Promise((resolve) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        // If it fails the socket closes, which ends all that is sent over it.
        socket.send(data, () => resolve());
      }),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (take) =>
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) socket.close(UNSUPPORTED_DATA, 'Messages are text');
        else take(data.toString()).catch(fail);
      }),
  };
}
