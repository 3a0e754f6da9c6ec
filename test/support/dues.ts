import { DAY_MS } from '../../src/kernel/clock.ts';
import { ask, mutate, type Caller, type Json } from './api.ts';
import { givenCommons, tryPay } from './policies.ts';
import type { TestServer } from './server.ts';
import { travel } from './time.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from './world.ts';

let serial = 0;

export const DUES_RUN = `run { period chargedCount total { value } unpaidCount unpaid { displayName } finishedAt }`;
export const DUES_RULE = `duesRule { id memberClass period graceDays startsOn endsOn setAt amount { value } account { id } }`;

export const runInput = ({ id, unitId }: TestNetwork, period = '2026-03') => ({
  networkId: id,
  unitId,
  period,
  idempotencyKey: `run-${++serial}`,
});

export const payInput = ({ id }: TestNetwork, chargeId: string) => ({
  networkId: id,
  chargeId,
  idempotencyKey: `pay-${++serial}`,
});

/** Runs the dues of a period, as the founder if nobody is named. */
export async function runDues(
  server: TestServer,
  network: TestNetwork,
  { period, caller = network.founder }: { period?: string; caller?: Caller } = {},
): Promise<Json> {
  return (await mutate(server, caller, 'duesRun', runInput(network, period), DUES_RUN)).run;
}

export interface DuesCommunity {
  network: TestNetwork;
  commons: Member;
  ana: Member;
  ben: Member;
}

export async function givenCommunity(server: TestServer): Promise<DuesCommunity> {
  const network = await givenNetwork(server);
  const commons = await givenCommons(server, network);
  const [ana, ben] = [await givenMember(server, network, 'Ana'), await givenMember(server, network, 'Ben')];
  return { network, commons, ana, ben };
}

/** Dues of 1.50 a month with two weeks of grace, or what differs from that. */
export function duesInput({ network, commons }: DuesCommunity, change: object = {}) {
  const { id: networkId, unitId } = network;
  const { accountId } = commons;
  return { networkId, unitId, accountId, amount: '1.50', period: 'MONTH', graceDays: 14, ...change };
}

export async function setDues(
  server: TestServer,
  community: DuesCommunity,
  change: object = {},
): Promise<Json> {
  const input = duesInput(community, change);
  return (await mutate(server, community.network.founder, 'duesSet', input, DUES_RULE)).duesRule;
}

/** A community in which Ana has spent nearly all that she can, so that she has no room for her dues. */
export async function givenBroke(server: TestServer, change: object = {}): Promise<DuesCommunity> {
  const community = await givenCommunity(server);
  const { network, ana, ben } = community;
  await setDues(server, community, change);
  await tryPay(server, network, [ana, ben, '19.00']);
  return community;
}

const ARREARS = `arrears { isInArrears since totals { value unit { code } } charges { id period state amount { value } membership { displayName } } }`;

/** What a member owes, as somebody sees it; the member if nobody is named. */
export async function arrearsOf(
  server: TestServer,
  { id }: TestNetwork,
  { member, viewer = member }: { member: Member; viewer?: Caller },
): Promise<Json> {
  const query = `query($n: ID!, $m: ID!) { network(id: $n) { membership(id: $m) { ${ARREARS} } } }`;
  const data = await ask(server, viewer, query, { n: id, m: member.membershipId });
  return data.network.membership.arrears;
}

/** The oldest of what a member owes. */
export async function chargeOf(server: TestServer, network: TestNetwork, member: Member): Promise<string> {
  return (await arrearsOf(server, network, { member })).charges[0].id;
}

/** The daily job, as it comes round the next day. */
export async function nextDay(server: TestServer): Promise<void> {
  await server.app.jobs.schedule();
  await travel(server, DAY_MS);
  await server.app.jobs.runDue();
}
