import { Membership, type ProfileVisibility } from '../../entities/membership.ts';
import type { Network } from '../../entities/network.ts';
import { PersonNetwork } from '../../entities/person-network.ts';
import { Person } from '../../entities/person.ts';
import { Sponsorship } from '../../entities/sponsorship.ts';
import type { ActionKind } from '../../governance/actions.ts';
import type { Db } from '../../kernel/database.ts';
import { assert, NotFound } from '../../kernel/errors.ts';
import { newId, requireId } from '../../kernel/ids.ts';
import {
  afterKey,
  CURSOR_INSTANT,
  CURSOR_TEXT,
  pageOf,
  type Page,
  type PageRequest,
} from '../../kernel/page.ts';
import type { Tx } from '../../kernel/unit-of-work.ts';
import { authorizeDecision } from '../access/decisions.ts';
import { authorize } from '../access/may.ts';
import type { Permission } from '../access/permissions.ts';
import { standingIn, type NetworkHold } from '../access/standing.ts';
import { TermsNotAccepted } from './errors.ts';
import { requireTransition, type MembershipStep } from './membership-states.ts';
import { sortNameOf, textIn } from './translations.ts';

export const REASON_BOUNDS = { max: 1_000 };

// By the directory of a person's networks, so that no other network is searched.
const OF_PERSON =
  'network_id in (select network_id from person_network where person_id = $1) and person_id = $1';

const DEFAULT_VISIBILITY: ProfileVisibility = {
  displayName: 'NETWORK',
  about: 'NETWORK',
  skills: 'NETWORK',
  phone: 'NOBODY',
  email: 'NOBODY',
  place: 'NETWORK',
};

/** @throws TermsNotAccepted */
export function requireTerms(network: Network, acceptedVersion: number | null): void {
  if (network.termsVersion > 0 && acceptedVersion !== network.termsVersion) {
    throw new TermsNotAccepted(network.termsVersion);
  }
}

/** A new membership in the state of an applicant, or the old one of somebody who comes back. */
export async function joinOrRejoin(
  tx: Tx,
  network: Network,
  personId: string,
  application: string | null,
): Promise<Membership> {
  // Locking the person lets two applications at once take turns.
  const person = await tx.db.lock(Person, { id: personId });
  assert(person, 'a signed-in person exists');
  const former = await tx.db.lock(Membership, { networkId: network.id, personId });
  if (!former) return insertMembership(tx, network, person, { state: 'APPLIED', application });
  requireTransition(former, 'apply');
  await forgetSponsors(tx, former);
  return changeMembership(tx, former, {
    state: 'APPLIED',
    application,
    appliedAt: tx.now,
    stateReason: null,
    stateChangedAt: tx.now,
    acceptedTermsVersion: network.termsVersion,
    acceptedTermsAt: tx.now,
  });
}

/** Who vouched for an earlier application did not vouch for this one. */
async function forgetSponsors(tx: Tx, { networkId, id }: Membership): Promise<void> {
  await tx.db.delete(Sponsorship, { networkId, membershipId: id });
}

/** Inserts a membership with an empty profile. */
export async function insertMembership(
  tx: Tx,
  network: Network,
  person: Person,
  { state, application }: { state: 'APPLIED' | 'ACTIVE'; application: string | null },
): Promise<Membership> {
  const [firstClass] = network.memberClasses;
  assert(firstClass, 'a network has at least one member class');
  const membership: Membership = {
    networkId: network.id,
    id: newId('membership'),
    personId: person.id,
    state,
    memberClass: firstClass.code,
    displayName: person.name,
    sortName: sortNameOf(person.name),
    about: {},
    skills: [],
    phone: null,
    placeName: null,
    latitude: null,
    longitude: null,
    placePrecision: 'HIDDEN',
    visibility: DEFAULT_VISIBILITY,
    application,
    appliedAt: tx.now,
    admittedAt: state === 'ACTIVE' ? tx.now : null,
    stateReason: null,
    stateChangedAt: tx.now,
    acceptedTermsVersion: network.termsVersion,
    acceptedTermsAt: tx.now,
    needsReadmission: false,
  };
  await tx.db.insert(Membership, membership);
  await tx.db.insert(PersonNetwork, { personId: person.id, networkId: network.id });
  if (state === 'ACTIVE') {
    tx.emit({ networkId: network.id, kind: 'MembershipActivated', subjectId: membership.id });
  }
  return membership;
}

/** Makes an applicant a member: the network's accounts open with it, and a letter says so. */
export async function activate(
  tx: Tx,
  network: Network,
  membership: Membership,
  set: Partial<Membership> = {},
): Promise<Membership> {
  const active = await changeMembership(tx, membership, {
    ...set,
    state: 'ACTIVE',
    needsReadmission: false,
    admittedAt: tx.now,
    stateChangedAt: tx.now,
  });
  tx.emit({ networkId: network.id, kind: 'MembershipActivated', subjectId: membership.id });
  const person = await tx.db.one(Person, { id: membership.personId });
  assert(person, 'a member is a person');
  const name = textIn(network.name, person.locale, network.defaultLocale) ?? network.slug;
  tx.enqueue({
    kind: 'letter',
    payload: {
      letter: 'MEMBERSHIP_ADMITTED',
      to: person.email,
      locale: person.locale,
      values: { name: person.name, network: name },
    },
  });
  return active;
}

/** Updates a locked membership and returns it as it is now. */
export async function changeMembership(
  tx: Tx,
  membership: Membership,
  set: Partial<Membership>,
): Promise<Membership> {
  await tx.db.update(Membership, { networkId: membership.networkId, id: membership.id }, set);
  return { ...membership, ...set };
}

/** @throws NotFound, InvalidInput INVALID_ID */
export async function lockMembership(
  tx: Tx,
  networkId: string,
  membershipId: string,
  path = 'membershipId',
): Promise<Membership> {
  const id = requireId('membership', membershipId, path);
  const membership = await tx.db.lock(Membership, { networkId, id });
  if (!membership) throw new NotFound('Membership');
  return membership;
}

/**
 * The member on whom somebody decides: locked, with the permission checked and in a state from which the step leads on.
 *
 * @param decision.kind what bylaws may leave to others
 * @throws Forbidden, DecisionRequired, NetworkArchived, NotFound, MembershipStateConflict
 */
export async function memberForDecision(
  tx: Tx,
  command: { networkId: string; membershipId: string },
  decision: { permission: Permission; kind?: ActionKind; step: MembershipStep; hold?: NetworkHold },
): Promise<{ network: Network; member: Membership }> {
  const { network, ...standing } = await standingIn(tx, command.networkId, decision.hold ?? 'shared');
  const { permission, kind } = decision;
  if (kind) authorizeDecision({ network, ...standing }, permission, { kind, amount: null });
  else authorize({ network, ...standing }, permission);
  const member = await lockMembership(tx, network.id, command.membershipId);
  requireTransition(member, decision.step);
  return { network, member };
}

/** The networks in which a person is an active member. */
export async function activeNetworksOf(db: Db, personId: string): Promise<string[]> {
  const rows = await db.rows<{ networkId: string }>(
    `select network_id from membership where ${OF_PERSON} and state = 'ACTIVE'`,
    [personId],
  );
  return rows.map((row) => row.networkId);
}

/** The memberships of a person in all networks, former ones too, in the order in which they began. */
export async function listMembershipsOf(
  db: Db,
  personId: string,
  request: PageRequest,
): Promise<Page<Membership>> {
  const [at, id] = afterKey(request, [CURSOR_INSTANT, CURSOR_TEXT]);
  const rows = await db.select(
    Membership,
    `where ${OF_PERSON} and ($2::timestamptz is null or (applied_at, id) > ($2, $3::text))
      order by applied_at, id limit $4`,
    [personId, at, id, request.first + 1],
  );
  return pageOf(rows, request, (row) => [row.appliedAt, row.id]);
}
