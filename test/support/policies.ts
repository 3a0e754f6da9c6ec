import { ask, mutate, tryMutate, type Caller, type Json } from './api.ts';
import type { TestServer } from './server.ts';
import { transferInput, type Member, type TestNetwork } from './world.ts';

const POLICY = `version mode requestDays
  limits { kind floor { value } ceiling { value } turnoverRate turnoverDays hardFloor { value } }
  levies { payerRate payeeRate account { id } } demurrage { rate exempt { value } period account { id } }
  payments { most { value } day { amount { value } count } week { amount { value } count } month { amount { value } count } }
  closing { takesSurplus coversDeficit account { id } } setBy { displayName } setAt`;

/** The policy in force of the network's first unit, as somebody sees it. */
export async function policyOf(
  server: TestServer,
  network: TestNetwork,
  caller: Caller | null = network.founder,
): Promise<Json> {
  const query = `query($id: ID!) { network(id: $id) { units { id policy { ${POLICY} } } } }`;
  const data = await ask(server, caller, query, { id: network.id });
  return data.network.units.find(({ id }: { id: string }) => id === network.unitId).policy;
}

/** What changes the policy in force of the network's first unit. */
export async function policyInput(
  server: TestServer,
  network: TestNetwork,
  change: object,
): Promise<Record<string, unknown>> {
  const { version } = await policyOf(server, network);
  return { networkId: network.id, unitId: network.unitId, version, ...change };
}

/** Changes the policy as the founder, who coordinates, and returns what is in force then. */
export async function givenPolicy(server: TestServer, network: TestNetwork, change: object): Promise<Json> {
  const input = await policyInput(server, network, change);
  const { unit } = await mutate(
    server,
    network.founder,
    'unitPolicySet',
    input,
    `unit { policy { ${POLICY} } }`,
  );
  return unit.policy;
}

/** An account of the network itself in its first unit. */
export async function givenCommons(
  server: TestServer,
  network: TestNetwork,
  name = 'Commons',
): Promise<Member> {
  const input = { networkId: network.id, unitId: network.unitId, name };
  const { account } = await mutate(server, network.founder, 'accountOpen', input, 'account { id }');
  return { ...network.founder, accountId: account.id };
}

/** Pays, and says `POSTED` or the code with what would have been possible. */
export async function tryPay(
  server: TestServer,
  network: TestNetwork,
  [payer, payee, amount]: [payer: Member, payee: Member, amount: string],
): Promise<string> {
  const answer = await tryMutate(
    server,
    payer,
    'transferCreate',
    transferInput(network, payer, payee, amount),
    'transfer { state } errors { ... on InsufficientCredit { available } ... on CeilingExceeded { earnable } }',
  );
  const [error] = answer.errors;
  if (!error) return answer.transfer.state;
  const details = error.details ? JSON.parse(error.details) : {};
  return [error.code, details.period, details.remaining ?? error.available ?? error.earnable]
    .filter(Boolean)
    .join(' ');
}
