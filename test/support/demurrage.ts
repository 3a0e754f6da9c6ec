import { ask, mutate, type Caller, type Json } from './api.ts';
import { givenCommons, givenPolicy, tryPay } from './policies.ts';
import type { TestServer } from './server.ts';
import { givenMember, givenNetwork, type Member, type TestNetwork } from './world.ts';

export const DEMURRAGE_RUN = `run { period chargedCount total { value } finishedAt leftOutCount leftOut { id } unit { id } }`;

let serial = 0;

export const runInput = ({ id, unitId }: TestNetwork, period: string) => ({
  networkId: id,
  unitId,
  period,
  idempotencyKey: `run-${++serial}`,
});

/** Runs demurrage for a period, as the founder if nobody is named. */
export async function runDemurrage(
  server: TestServer,
  network: TestNetwork,
  { period, caller = network.founder }: { period: string; caller?: Caller },
): Promise<Json> {
  return (await mutate(server, caller, 'demurrageRun', runInput(network, period), DEMURRAGE_RUN)).run;
}

export interface DemurrageCommunity {
  network: TestNetwork;
  commons: Member;
  rich: Member;
  poor: Member;
}

/** Two members, of whom one holds 100.00, under a rule that begins at this moment. */
export async function givenRule(server: TestServer, rule: object = {}): Promise<DemurrageCommunity> {
  const network = await givenNetwork(server, { template: 'LETS' });
  const commons = await givenCommons(server, network);
  const [rich, poor] = [
    await givenMember(server, network, 'Rich'),
    await givenMember(server, network, 'Poor'),
  ];
  const demurrage = { rate: '0.02', exempt: '0', period: 'MONTH', accountId: commons.accountId, ...rule };
  await givenPolicy(server, network, { limits: { kind: 'NONE' }, demurrage });
  await tryPay(server, network, [poor, rich, '100.00']);
  return { network, commons, rich, poor };
}

export const DEMURRAGE_PREVIEW = `query($id: ID!, $period: String!, $after: String) { network(id: $id) { units { demurragePreview(period: $period) {
  period count total { value } quotes(first: 2, after: $after) { nodes { account { id } amount { value } isLeftOut }
  pageInfo { hasNextPage endCursor } } } } } }`;

export async function previewDemurrage(
  server: TestServer,
  network: TestNetwork,
  { period, caller = network.founder }: { period: string; caller?: Caller },
): Promise<Json> {
  const data = await ask(server, caller, DEMURRAGE_PREVIEW, { id: network.id, period });
  return data.network.units[0].demurragePreview;
}
