import { personActor, WITHOUT_LIMIT } from '../../src/commands/with-app.ts';
import { Account } from '../../src/entities/account.ts';
import { Membership } from '../../src/entities/membership.ts';
import { Unit } from '../../src/entities/unit.ts';
import { admitMember, applyForMembership } from '../../src/services/networks/admission.ts';
import { createNetwork } from '../../src/services/networks/create-network.ts';
import { assignRole } from '../../src/services/networks/roles.ts';
import { ask, givenPerson, tryMutate, type Caller, type Json } from './api.ts';
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

/** A network made by somebody who registers for it. */
export async function givenNetwork(
  server: TestServer,
  { template = 'TIMEBANK', slug = `network-${++count}` }: { template?: Template; slug?: string } = {},
): Promise<TestNetwork> {
  const founder = await givenPerson(server, 'Fay');
  const { run, db } = server.app.services;
  const network = await run(personActor(founder.personId), (tx) =>
    createNetwork(tx, { slug, name: slug, template }, WITHOUT_LIMIT),
  );
  const units = await db.all(Unit, { networkId: network.id }, 'order by code');
  const member = await asMember(server, founder, network.id);
  return { id: network.id, slug, unitId: units[0]?.id ?? '', founder: member };
}

/** The membership that a caller has in a network, with its first account. */
export async function asMember(server: TestServer, caller: Caller, networkId: string): Promise<Member> {
  const { db } = server.app.services;
  const membership = await db.one(Membership, { networkId, personId: caller.personId });
  if (!membership) throw new Error(`${caller.name} is no member`);
  const [account] = await db.all(Account, { networkId, membershipId: membership.id }, 'order by id limit 1');
  return { ...caller, membershipId: membership.id, accountId: account?.id ?? '' };
}

/** Somebody new who has applied and waits. */
export async function givenApplicant(
  server: TestServer,
  network: TestNetwork,
  name = 'Ben',
): Promise<Member> {
  const caller = await givenPerson(server, name);
  const application = `${name} would like to join`;
  const { id } = await server.app.services.run(personActor(caller.personId), (tx) =>
    applyForMembership(tx, { networkId: network.id, acceptedTermsVersion: 1, application }),
  );
  return { ...caller, membershipId: id, accountId: '' };
}

/** Somebody new who has applied and been admitted. */
export async function givenMember(server: TestServer, network: TestNetwork, name = 'Ben'): Promise<Member> {
  const applicant = await givenApplicant(server, network, name);
  const { membershipId } = applicant;
  await server.app.services.run(personActor(network.founder.personId), (tx) =>
    admitMember(tx, { networkId: network.id, membershipId, reason: 'decided by the assembly' }),
  );
  return asMember(server, applicant, network.id);
}

/** A member with a role. */
export async function givenOfficer(
  server: TestServer,
  network: TestNetwork,
  role: 'COORDINATOR' | 'TREASURER' | 'MODERATOR' | 'AUDITOR',
): Promise<Member> {
  const member = await givenMember(server, network, `${role[0]}${role.slice(1).toLowerCase()}`);
  const { membershipId } = member;
  await server.app.services.run(personActor(network.founder.personId), (tx) =>
    assignRole(tx, { networkId: network.id, membershipId, role }),
  );
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
  'consent_record',
  'stance',
  'objection',
  'comment',
  'delegation',
  'delegation_book',
  'delegated_vote',
  'resolution',
];
const POOLS = [
  'file',
  'pool_steward',
  'resource_rate',
  'resource_photo',
  'resource_record',
  'maintenance_record',
  'kit_item',
  'booking_series',
  'share_move',
  'stock_move',
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
  pool: 'id, archived_at, rule_version, name',
  resource:
    'id, state, quantity, condition, owner_kind, owner_membership_id, lent_until, custodian_membership_id, use_count, stock_minor',
  resource_share: 'resource_id, membership_id, share_count',
  maintenance_plan: 'id, last_done_at, last_done_uses, ended_at',
  kit: 'id, ended_at',
  booking:
    'id, state, from_at, until_at, late_fee_minor, damage_minor, unpaid_minor, fee_hold_id, reversed_at',
  booking_item: 'booking_id, resource_id, quantity, occupied_from, occupied_until, is_taken, condition_in',
  calendar_feed: 'id, revoked_at',
};

const SNAPSHOT = `select ${[
  ...[...COUNTED, ...DECISIONS, ...POOLS, ...LEDGER].map(
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
