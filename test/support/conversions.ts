import { ask, mutate, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import { givenMember, type Member, type TestNetwork } from './world.ts';

/** A network with hours and credit, an account of its own in each, and members with accounts in both. */
export interface Exchange {
  server: TestServer;
  network: TestNetwork;
  creditId: string;
  /** The network's accounts. */
  hoursId: string;
  creditsId: string;
}

export async function givenExchange(server: TestServer, network: TestNetwork): Promise<Exchange> {
  const { founder } = network;
  const input = {
    networkId: network.id,
    // Behind the hours, which stay the first unit of each member.
    code: 'TALENT',
    name: [{ locale: 'en', text: 'Credit' }],
    symbol: 'c',
    kind: 'CREDIT',
    scale: 1,
    defaultFloor: '-50.0',
    defaultCeiling: '100.0',
    opensMemberAccounts: true,
  };
  const { unit } = await mutate(server, founder, 'unitCreate', input, 'unit { id }');
  const open = async (unitId: string, name: string): Promise<string> => {
    const account = { networkId: network.id, unitId, name };
    return (await mutate(server, founder, 'accountOpen', account, 'account { id }')).account.id;
  };
  const [hoursId, creditsId] = [await open(network.unitId, 'Hours desk'), await open(unit.id, 'Credit desk')];
  return { server, network, creditId: unit.id, hoursId, creditsId };
}

export interface Converter extends Member {
  /** Their account in credit. */
  creditAccountId: string;
}

export async function givenConverter(exchange: Exchange, name: string): Promise<Converter> {
  const { server, network, creditId } = exchange;
  const member = await givenMember(server, network, name);
  return { ...member, creditAccountId: await accountIn(exchange, member, creditId) };
}

/** The account that a member has in a unit. */
export async function accountIn(
  { server, network }: Exchange,
  member: Member,
  unitId: string,
): Promise<string> {
  const query = `query($n: ID!, $m: ID!, $u: ID!) { network(id: $n) {
    accounts(filter: { membershipId: $m, unitId: $u }) { nodes { id } } } }`;
  const data = await ask(server, member, query, { n: network.id, m: member.membershipId, u: unitId });
  return data.network.accounts.nodes[0].id;
}

/** Input of a rate of credit for hours. */
export function rateInput(exchange: Exchange, change: object = {}): object {
  return {
    networkId: exchange.network.id,
    fromUnitId: exchange.network.unitId,
    toUnitId: exchange.creditId,
    numerator: 10,
    denominator: 3,
    fromAccountId: exchange.hoursId,
    toAccountId: exchange.creditsId,
    ...change,
  };
}

/** The same the other way round: hours for credit. */
export function backInput(exchange: Exchange, change: object = {}): object {
  return rateInput(exchange, {
    fromUnitId: exchange.creditId,
    toUnitId: exchange.network.unitId,
    numerator: 3,
    denominator: 10,
    fromAccountId: exchange.creditsId,
    toAccountId: exchange.hoursId,
    ...change,
  });
}

export async function setRate(exchange: Exchange, input: object): Promise<Json> {
  const { server, network } = exchange;
  const selection = 'conversionRate { id version isInForce }';
  return (await mutate(server, network.founder, 'conversionRateSet', input, selection)).conversionRate;
}
