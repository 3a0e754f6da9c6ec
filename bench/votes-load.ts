import type { Holder } from './community.ts';
import { Connection } from './connection.ts';
import { load, type Sample } from './samples.ts';

// Run as a process of its own by votes.ts, so that making the load costs the server nothing but a processor.

export const MUTATIONS = [
  'personUpdate',
  'termsAccept',
  'transferCreate',
  'ballotOpen',
  'ballotSecret',
] as const;
export type MutationName = (typeof MUTATIONS)[number];

export interface Target {
  url: string;
  networkId: string;
  /** Who asks; each client is one of them. */
  members: Holder[];
  /** A vote in which ballots are changed again and again. */
  openProposalId: string;
}

export interface Round {
  mutation: MutationName;
  clients: number;
  seconds: number;
  /** Votes in each of which everybody votes once. */
  secretProposalIds: string[];
}

export interface RoundDone {
  sample: Sample;
  /** The first answer that was not as it should be. */
  wrongAnswer: string | null;
}

const INPUT_TYPES: Record<MutationName, [field: string, selection: string]> = {
  personUpdate: ['personUpdate', 'person { id }'],
  termsAccept: ['termsAccept', 'membership { id }'],
  transferCreate: ['transferCreate', 'transfer { id }'],
  ballotOpen: ['ballotCast', 'ballot { receipt }'],
  ballotSecret: ['ballotCast', 'ballot { receipt }'],
};

let target: Target;
let serial = 0;
const connections: Connection[] = [];

async function playRound(round: Round): Promise<RoundDone> {
  const { mutation, clients, seconds } = round;
  while (connections.length < clients) connections.push(new Connection(target.url, ''));
  let wrongAnswer: string | null = null;
  let cast = 0;
  const sample = await load({ clients, seconds }, async (client) => {
    const turn = cast++;
    const member = target.members[mutation === 'ballotSecret' ? turn % target.members.length : client]!;
    const answer = await connections[client]!.ask(bodyOf(round, member, turn), member.token);
    if (answer.startsWith('{"data":{') && answer.includes('"errors":[]}}')) return true;
    wrongAnswer ??= answer;
    return false;
  });
  return { sample, wrongAnswer };
}

function bodyOf(round: Round, member: Holder, turn: number): string {
  const [field, selection] = INPUT_TYPES[round.mutation];
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
  const query = `mutation($input: ${type}) { ${field}(input: $input) { ${selection} errors { code } } }`;
  return JSON.stringify({ query, variables: { input: inputOf(round, member, turn) } });
}

function inputOf({ mutation, secretProposalIds }: Round, member: Holder, turn: number): object {
  const { networkId, members, openProposalId } = target;
  const once = { networkId, idempotencyKey: `${process.pid}-${++serial}` };
  const ballot = { choice: serial % 2 === 0 ? 'YES' : 'NO' };
  if (mutation === 'personUpdate') return { locale: serial % 2 === 0 ? 'es' : 'en' };
  if (mutation === 'termsAccept') return { networkId, version: 1 };
  if (mutation === 'transferCreate') {
    const payee = members[(members.indexOf(member) + 1 + (serial % (members.length - 1))) % members.length]!;
    const accounts = { payerAccountId: member.accountId, payeeAccountId: payee.accountId };
    return { ...once, ...accounts, amount: '0.01', description: 'bench' };
  }
  const proposalId =
    mutation === 'ballotOpen' ? openProposalId : secretProposalIds[Math.floor(turn / members.length)];
  return { ...once, proposalId, ballot };
}

async function play(round: Round): Promise<void> {
  process.send?.(await playRound(round));
}

process.on('message', (message: Target | Round) => {
  if ('url' in message) target = message;
  else void play(message);
});
process.on('disconnect', () => process.exit());
