import type { Holder } from './community.ts';
import { Connection } from './connection.ts';
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
