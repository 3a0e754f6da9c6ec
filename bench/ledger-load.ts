import net from 'node:net';
import type { Holder } from './community.ts';
import { load, type Sample } from './samples.ts';

// Run as a process of its own by ledger-http.ts, so that making the load costs the server nothing but a processor.

export interface Target {
  url: string;
  networkId: string;
  /** One who pays for each client. */
  payers: Holder[];
  payeeIds: string[];
  hotAccountId: string;
}

export interface Round {
  clients: number;
  seconds: number;
  isHot: boolean;
}

export interface RoundDone {
  sample: Sample;
  /** The first answer that was not a transfer without errors. */
  wrongAnswer: string | null;
}

const QUERY =
  'mutation Pay($input: TransferCreateInput!) { transferCreate(input: $input) { transfer { id } errors { code } } }';

/** A connection that is kept open and has one request under way; it does as little as HTTP allows. */
class Connection {
  private readonly socket: net.Socket;
  private readonly head: string;
  private received = '';
  private settle: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined;

  constructor(url: string, token: string) {
    const { hostname, port } = new URL(url);
    this.head =
      `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${token}\r\n` +
      'content-type: application/json\r\ncontent-length: ';
    this.socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk) => this.receive(String(chunk)));
    this.socket.on('error', (error) => this.settle?.reject(error));
    this.socket.on('close', () => this.settle?.reject(new Error('The server closed the connection')));
  }

  ask(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(`${this.head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  private receive(chunk: string): void {
    this.received += chunk;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(this.received.slice(0, end));
    if (!length) return this.settle?.reject(new Error('The answer does not say how long it is'));
    const whole = end + 4 + Number(length[1]);
    if (this.received.length < whole) return;
    const body = this.received.slice(end + 4, whole);
    this.received = this.received.slice(whole);
    this.settle?.resolve(body);
  }
}

let target: Target;
const connections: Connection[] = [];
let count = 0;

async function playRound({ clients, seconds, isHot }: Round): Promise<RoundDone> {
  while (connections.length < clients) {
    connections.push(new Connection(target.url, target.payers[connections.length]!.token));
  }
  let wrongAnswer: string | null = null;
  const sample = await load({ clients, seconds }, async (client) => {
    const answer = await connections[client]!.ask(requestOf(target.payers[client]!.accountId, isHot));
    const isRight = answer.startsWith('{"data":{"transferCreate":{"transfer":{"id":"trf_');
    if (isRight && answer.includes('"errors":[]}}')) return true;
    wrongAnswer ??= answer;
    return false;
  });
  return { sample, wrongAnswer };
}

function requestOf(payerAccountId: string, isHot: boolean): string {
  const { networkId, payeeIds, hotAccountId } = target;
  let payeeAccountId = hotAccountId;
  if (!isHot || Math.random() < 0.5) {
    do payeeAccountId = payeeIds[Math.floor(Math.random() * payeeIds.length)]!;
    while (payeeAccountId === payerAccountId);
  }
  const idempotencyKey = `${process.pid}-${++count}`;
  const input = {
    networkId,
    idempotencyKey,
    payerAccountId,
    payeeAccountId,
    amount: '0.01',
    description: 'bench',
  };
  return JSON.stringify({ query: QUERY, variables: { input } });
}

async function play(round: Round): Promise<void> {
  process.send?.(await playRound(round));
}

process.on('message', (message: Target | Round) => {
  if ('url' in message) target = message;
  else void play(message);
});
process.on('disconnect', () => process.exit());
