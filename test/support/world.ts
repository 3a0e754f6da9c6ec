import { ask, givenPerson, mutate, tryMutate, type Caller, type Json } from './api.ts';
import type { TestServer } from './server.ts';

/** A member of a network, ready to call the API. */
export interface Member extends Caller {
  membershipId: string;
  /** The account in the network's first unit that opens accounts for members. */
  accountId: string;
}

export interface TestNetwork {
  id: string;
  slug: string;
  unitId: string;
  founder: Member;
}

export type Template = 'LETS' | 'TIMEBANK' | 'ECOVILLAGE' | 'COOPERATIVE' | 'MUTUAL_AID' | 'UMBRELLA';

let count = 0;

/** A network made through the API by somebody who registers for it. */
export async function givenNetwork(
  server: TestServer,
  { template = 'TIMEBANK', slug = `network-${++count}` }: { template?: Template; slug?: string } = {},
): Promise<TestNetwork> {
  const founder = await givenPerson(server, 'Fay');
  const input = { slug, name: slug, template };
  const { network } = await mutate(server, founder, 'networkCreate', input, 'network { id units { id } }');
  const member = await asMember(server, founder, network.id);
  return { id: network.id, slug, unitId: network.units[0].id, founder: member };
}

const MEMBERSHIP = `query($id: ID!) { network(id: $id) { viewerMembership { id accounts(first: 10) { nodes { id } } } } }`;

/** The membership and account that a caller has in a network. */
export async function asMember(server: TestServer, caller: Caller, networkId: string): Promise<Member> {
  const { network } = await ask(server, caller, MEMBERSHIP, { id: networkId });
  const { id, accounts } = network.viewerMembership;
  return { ...caller, membershipId: id, accountId: accounts.nodes[0]?.id };
}

/** Somebody new who has applied and waits. */
export async function givenApplicant(
  server: TestServer,
  network: TestNetwork,
  name = 'Ben',
): Promise<Member> {
  const caller = await givenPerson(server, name);
  const input = { networkId: network.id, acceptedTermsVersion: 1, application: `${name} would like to join` };
  const { membership } = await mutate(server, caller, 'membershipApply', input, 'membership { id }');
  return { ...caller, membershipId: membership.id, accountId: '' };
}

/** Somebody new who has applied and been admitted. */
export async function givenMember(server: TestServer, network: TestNetwork, name = 'Ben'): Promise<Member> {
  const applicant = await givenApplicant(server, network, name);
  const input = {
    networkId: network.id,
    membershipId: applicant.membershipId,
    reason: 'decided by the assembly',
  };
  await mutate(server, network.founder, 'membershipAdmit', input, 'membership { state }');
  return asMember(server, applicant, network.id);
}

/** A member with a role. */
export async function givenOfficer(
  server: TestServer,
  network: TestNetwork,
  role: 'COORDINATOR' | 'TREASURER' | 'MODERATOR' | 'AUDITOR',
): Promise<Member> {
  const member = await givenMember(server, network, `${role[0]}${role.slice(1).toLowerCase()}`);
  const input = { networkId: network.id, membershipId: member.membershipId, role };
  await mutate(server, network.founder, 'roleAssign', input, 'roleAssignment { id }');
  return member;
}

let keys = 0;

/** Input of a transfer with a fresh idempotency key. */
export function transferInput(network: TestNetwork, payer: Member, payee: Member, amount: string): object {
  return {
    networkId: network.id,
    idempotencyKey: `key-${++keys}`,
    payerAccountId: payer.accountId,
    payeeAccountId: payee.accountId,
    amount,
    description: 'garden work',
  };
}

/** The balance that an account's holder sees. */
export async function balanceOf(server: TestServer, network: TestNetwork, member: Member): Promise<string> {
  const query = `query($n: ID!, $a: ID!) { network(id: $n) { account(id: $a) { balance { value } } } }`;
  const data = await ask(server, member, query, { n: network.id, a: member.accountId });
  return data.network.account.balance.value;
}

const COUNTED = [
  'person',
  'network',
  'membership',
  'invitation',
  'role_assignment',
  'member_group',
  'group_membership',
];
const DECISIONS = [
  'ballot',
  'ballot_version',
  'ballot_seal',
  'ballot_roll',
  'ballot_salt',
  'proposal',
  'proposal_version',
  'elector',
  'stance',
  'objection',
  'comment',
  'delegation',
  'delegation_book',
  'delegated_vote',
  'resolution',
];
const LEDGER = [
  'unit',
  'unit_policy',
  'account_signatory',
  'transfer',
  'transfer_schedule',
  'transfer_occurrence',
  'entry',
  'ledger_link',
  'hold',
  'conversion_rate',
  'conversion',
  'charge_run',
  'demurrage_charge',
  'dues_rule',
  'dues_charge',
  'request_rule',
  'dispute',
  'event',
  'idempotency_key',
  'job',
];

// Rows of which more than their number must stay as it is.
const COMPARED: Record<string, string> = {
  account:
    'id, state, balance_minor, reserved_minor, follows_policy, floor_minor, ceiling_minor, entry_count',
  membership: 'id, state, display_name, member_class',
  network: 'id, slug, name, archived_at, parent_id, requested_parent_id, terms_version, bylaws_version',
  transfer: 'id, state',
  hold: 'id, state, captured_minor',
  transfer_schedule: 'id, state, settled_count, next_due_at',
  dispute: 'id, state, mediator_membership_id',
  signed_action: 'id, state, ended_at',
  ballot_box: 'proposal_id, seal_count, head, pool_hash',
  proposal: 'id, state, version, closes_at, execute_at, facilitator_membership_id',
  stance: 'proposal_id, version, membership_id, stance, reason',
  objection: 'id, state, resolution',
  comment: 'id, text, hidden_at',
  delegation_book: 'network_id, change_count',
};

const SNAPSHOT = `select ${[
  ...[...COUNTED, ...DECISIONS, ...LEDGER].map(
    (table) => `(select count(*) from ${table}) as ${table}_count`,
  ),
  ...Object.entries(COMPARED).map(
    ([table, columns]) =>
      `(select md5(string_agg(row(${columns})::text, ' ' order by row(${columns})::text)) from ${table}) as ${table}_rows`,
  ),
].join(', ')}`;

/** All that a refusal must leave as it is: rows, balances, states. Compare before and after. */
export async function snapshot(server: TestServer): Promise<object> {
  return (await server.app.database.db.row<object>(SNAPSHOT)) ?? {};
}

/** Calls a mutation that must be refused with one code, and looks that nothing has changed; returns the error. */
export async function expectRefusal(
  server: TestServer,
  caller: Caller | null,
  [field, input, code]: [field: string, input: object, code: string],
): Promise<Json> {
  const before = await snapshot(server);
  const { errors } = await tryMutate(server, caller, field, input, '__typename');
  expect(errors).toEqual([expect.objectContaining({ code })]);
  expect(await snapshot(server)).toEqual(before);
  return errors[0];
}
